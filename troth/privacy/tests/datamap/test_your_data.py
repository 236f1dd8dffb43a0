"""The page "Your data" says of everything what, why, where, how long and who, and how much there is."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from tests import bodies
from tests.cast import House
from tests.deliver import deliver
from troth.audit.record import Actor, record
from troth.base.registry import REGISTRY, Keep
from troth.privacy.datamap import counts as counting
from troth.privacy.datamap.counts import counts
from troth.privacy.datamap.words import KEEPS, KINDS
from troth.ui import slots
from troth.ui.slots import PrivacyLink, register_privacy_link
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("A0.3", "A1.2")


@pytest.fixture
def links() -> Iterator[None]:
    """Leave the named pages as they were."""
    before = dict(slots._privacy)
    yield
    slots._privacy.clear()
    slots._privacy.update(before)


def write(house: House, number: int) -> None:
    messages = [
        bodies.text(f"Line {n}", id=f"wamid.{n}", at=1_780_000_000 + n, phone="60123456789") for n in range(number)
    ]
    value = bodies.value(house.number_id, contacts=[bodies.contact(name="Mei", phone="60123456789")], messages=messages)
    deliver(house, bodies.envelope(value, account=house.account_id))


def page(client: Client, house: House, path: str = "") -> str:
    answer = client.get(f"/w/{house.handle}/privacy/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_kind_of_data_stands_on_the_page_for_every_member(house: House, at_browser: dict[str, Client]) -> None:
    for who in ("Alice", "Vera"):
        shown = page(at_browser[who], house)
        for label in ("contacts.Contact", "inbox.Message", "audit.Entry", "channels.Channel", "workspaces.Invitation"):
            assert str(KINDS[label].title) in shown, label
        assert "AES" not in shown, "no jargon"


def test_the_page_is_made_of_the_registry_alone(
    house: House, at_browser: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = REGISTRY["inbox.Message"]
    monkeypatch.setitem(REGISTRY, "inbox.Message", replace(said, keep=Keep.MINUTES))
    assert str(KEEPS[Keep.MINUTES]) in page(at_browser["Alice"], house)


def test_it_counts_what_is_there(house: House, at_browser: dict[str, Client]) -> None:
    write(house, 7)
    with scope(house.id):
        found = counts(["inbox.Message", "contacts.Contact", "accounts.User", "auth.Group", "workspaces.Workspace"])
    assert found["inbox.Message"].rows == 7
    assert found["inbox.Message"].since is not None
    assert "accounts.User" not in found
    assert '<span class="kind-count nums">7<' in page(at_browser["Alice"], house)


def test_a_count_stops_where_it_would_cost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    write(house, 7)
    monkeypatch.setattr(counting, "MANY", 5)
    monkeypatch.setattr(counting, "_PART", counting._PART.replace("10001", "6"))
    with scope(house.id):
        found = counts(["inbox.Message"])["inbox.Message"]
    assert (found.rows, found.is_many, found.shown) == (6, True, 5)


def test_it_leads_to_pages_that_are_there_and_that_one_may_open(
    house: House, at_browser: dict[str, Client], links: None
) -> None:
    more: dict[str, Any] = {"label": "Elsewhere", "words": "There.", "icon": "info", "position": 5}
    register_privacy_link(PrivacyLink(key="none", path="privacy/nowhere/", **more))
    register_privacy_link(PrivacyLink(key="teams", path="settings/teams/new/", **more))
    for who, sees in (("Alice", True), ("Vera", False)):
        shown = page(at_browser[who], house)
        assert f"/w/{house.handle}/privacy/numbers/" in shown
        assert "privacy/nowhere/" not in shown
        assert (f"/w/{house.handle}/settings/teams/new/" in shown) == sees


def test_only_owners_and_admins_are_offered_the_record(house: House, at_browser: dict[str, Client]) -> None:
    assert "record.pdf" in page(at_browser["Alice"], house)
    assert "record.pdf" not in page(at_browser["Bob"], house)


def test_where_data_goes_names_meta_once_a_number_is_connected(house: House, at_browser: dict[str, Client]) -> None:
    shown = page(at_browser["Vera"], house, "destinations/")
    assert "Meta Platforms" in shown
    assert "Resend" not in shown, "not chosen here"


def test_what_was_taken_out_is_named_with_day_and_person(house: House, at_browser: dict[str, Client]) -> None:
    with scope(house.id):
        record("export.made", by=Actor.member(house.members["Bob"]))
        record("contact.erased", by=Actor.member(house.members["Bob"]))
    assert "An export was made" in page(at_browser["Alice"], house, "destinations/")
    assert "Bob" in page(at_browser["Alice"], house, "destinations/")
    assert "An export was made" not in page(at_browser["Bob"], house, "destinations/"), (
        "the log is for owners and admins"
    )


def test_a_person_sees_what_is_kept_of_them(house: House, at_browser: dict[str, Client]) -> None:
    shown = at_browser["Bob"].get("/account/data/").content.decode()
    for label in ("accounts.User", "accounts.Session", "mfa.Authenticator", "workspaces.Membership"):
        assert str(KINDS[label].title) in shown, label
    assert "You are a member of 1 workspace." in shown
    assert str(KINDS["inbox.Message"].title) not in shown.partition("Signing in")[2]
