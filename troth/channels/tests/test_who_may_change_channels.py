"""Owners and admins connect and change channels; others look at most; strangers find nothing."""

import pytest
from django.test import Client

from tests.cast import House
from troth.base.clock import now
from troth.channels import registry
from troth.channels.models import Channel
from troth.channels.tests.conftest import Browser
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

READ = ("", "{id}/", "{id}/templates/")
CHANGE = (
    ("GET", "connect/"), ("POST", "connect/"), ("GET", "{id}/connect/"), ("POST", "{id}/connect/"),
    ("POST", "{id}/checks/"), ("POST", "{id}/checks/token/"), ("GET", "{id}/arrival/"), ("POST", "{id}/name/"),
    ("POST", "{id}/sight/"), ("POST", "{id}/token/"), ("POST", "{id}/secret/"), ("POST", "{id}/secret/previous/"),
    ("POST", "{id}/removal/"), ("POST", "{id}/templates/sync/"), ("GET", "{id}/templates/new/"),
    ("POST", "{id}/templates/new/"),
)  # fmt: skip
EVERYTHING = (*[("GET", path) for path in READ], *CHANGE)


@pytest.fixture(autouse=True)
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may not change a channel must not make us ask Meta either."""

    def asked(*_question: object, **_options: object) -> None:
        raise AssertionError("Meta was asked")

    monkeypatch.setattr(registry, "ask", asked)
    monkeypatch.setattr(registry, "leave", asked)


def visit(client: Client, house: House, method: str, path: str) -> int:
    url = f"/w/{house.handle}/channels/{path.format(id=house.channel)}"
    return client.generic(method, url).status_code


def as_it_stands(house: House) -> list[dict[str, object]]:
    with scope(house.id):
        return [{**row, "app_secret_hash": None} for row in Channel.objects.values()]


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_charlie_finds_nothing(house: House, browser_of: Browser, method: str, path: str) -> None:
    before = as_it_stands(house)
    assert visit(browser_of("Charlie"), house, method, path) == 404
    assert as_it_stands(house) == before


@pytest.mark.parametrize(("method", "path"), EVERYTHING)
def test_whoever_is_not_signed_in_is_asked_to(house: House, method: str, path: str) -> None:
    assert visit(Client(), house, method, path) == 302


@pytest.mark.parametrize("who", ["Bob", "Vera"])
@pytest.mark.parametrize(("method", "path"), CHANGE)
def test_agents_and_viewers_change_nothing(house: House, browser_of: Browser, method: str, path: str, who: str) -> None:
    before = as_it_stands(house)
    assert visit(browser_of(who), house, method, path) == 403
    assert as_it_stands(house) == before


@pytest.mark.parametrize("who", ["Bob", "Vera"])
def test_agents_and_viewers_read_of_a_channel_what_is_no_key(house: House, browser_of: Browser, who: str) -> None:
    page = browser_of(who).get(f"/w/{house.handle}/channels/{house.channel}/").content.decode()
    assert "Main number" in page
    assert "+60 3-1234 5678" in page
    for key in ("verify me", str(house.channel) + "/token", house.number_id, "/hooks/cloud/"):
        assert key not in page


def test_an_admin_may_do_what_an_owner_may(house: House, browser_of: Browser) -> None:
    with scope(house.id):
        Membership.objects.filter(pk=house.members["Bob"]).update(role=Role.ADMIN)
    answer = browser_of("Bob").post(f"/w/{house.handle}/channels/{house.channel}/name/", {"name": "Front desk"})
    assert answer.status_code == 302
    assert b"Front desk" in browser_of("Bob").get(f"/w/{house.handle}/channels/").content


def test_whoever_was_removed_while_meta_was_asked_gets_no_answer(
    house: House, browser_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def removed_meanwhile(*_question: object, **_options: object) -> registry.Check:
        with scope(house.id):
            Membership.objects.filter(pk=house.members["Alice"]).update(removed_at=now())
        return registry.Check(ok=True, facts={"app_id": "1"})

    monkeypatch.setattr(registry, "ask", removed_meanwhile)
    browser = browser_of("Alice")
    before = as_it_stands(house)
    assert visit(browser, house, "POST", "{id}/checks/token/") == 404
    assert as_it_stands(house) == before


def test_a_forged_form_changes_nothing(house: House) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.users["Alice"])
    before = as_it_stands(house)
    for method, path in CHANGE:
        if method == "POST":
            assert visit(client, house, method, path) == 403
    assert as_it_stands(house) == before
