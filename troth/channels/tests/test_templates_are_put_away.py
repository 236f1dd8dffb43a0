"""Templates are put away here and taken out again; WhatsApp's own archive takes them and gives them back."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live import Live, LiveHouse, wait_until
from troth.channels.tests.test_templates_are_looked_after import at_meta, listed, read_again

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("put_away") as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    made = live.house("Kopi & Co", Alice="owner", Bob="agent")
    made.subscribe_app()
    return made


def made(house: LiveHouse, name: str) -> str:
    """Make a template at Meta, and return the address of its page once it is approved and known here."""
    body = {"type": "BODY", "text": f"Good news from {name}, dear guest."}
    at_meta(house, "POST", name=name, language="en", category="UTILITY", components=[body])
    wait_until(lambda: node(house, name)["status"] == "APPROVED")
    read_again(house)
    found = wait_until(lambda: re.search(r'"/w/[^/]+/(channels/[^"]+/templates/[0-9a-f-]+/)"', _row(house, name)))
    return str(found[1])


def _row(house: LiveHouse, name: str, query: str = "") -> str:
    return next((one for one in listed(house, query).split('class="named-one"') if name in one), "")


def node(house: LiveHouse, name: str) -> dict[str, Any]:
    [found] = at_meta(house, "GET", path=f"?name={name}")["data"]
    return dict(found)


def picker(house: LiveHouse) -> str:
    thread = re.search(r'href="/w/[^/]+/(inbox/[0-9a-f-]{36}/)', house.page("inbox/", who="Bob")[1])
    assert thread is not None
    return house.page(f"{thread[1]}templates/", who="Bob")[1]


def test_what_is_put_away_is_offered_to_nobody_until_it_is_taken_out(live: Live, house: LiveHouse) -> None:
    live.sandbox.say("Hello", to=house.number_id, from_="60123456789")
    wait_until(
        lambda: (
            "/inbox/" in house.page("inbox/", who="Bob")[1]
            and re.search(r"inbox/[0-9a-f-]{36}/", house.page("inbox/", who="Bob")[1])
        )
    )
    page = made(house, "seldom_said")
    wait_until(lambda: "seldom_said" in picker(house))
    assert house.post(f"{page}away/", {}, who="Bob")[0] == 403
    assert house.post(f"{page}away/", {}, who="Alice")[0] == 302
    assert "seldom_said" not in listed(house)
    assert "seldom_said" in _row(house, "seldom_said", "?status=archived")
    assert "seldom_said" not in picker(house)
    read_again(house)
    assert "seldom_said" not in listed(house)  # what Meta tells of it does not bring it back
    assert node(house, "seldom_said")["status"] == "APPROVED"
    assert house.post(f"{page}away/", {"out": "yes"}, who="Alice")[0] == 302
    assert "seldom_said" in listed(house)
    assert "seldom_said" in picker(house)


def test_whatsapps_archive_takes_a_template_and_gives_it_back(house: LiveHouse) -> None:
    page = made(house, "kept_for_later")
    assert house.post(f"{page}archive/", {}, who="Bob")[0] == 403
    assert house.post(f"{page}archive/", {}, who="Alice")[0] == 302
    assert node(house, "kept_for_later")["status"] == "ARCHIVED"
    assert "archive, and Meta deletes it 28 days after" in house.page(page, who="Alice")[1]
    assert house.post(f"{page}archive/", {}, who="Alice")[0] == 302
    assert "only templates that are approved or rejected" in house.page(page, who="Alice")[1]
    assert house.post(f"{page}archive/", {"out": "yes"}, who="Alice")[0] == 302
    assert node(house, "kept_for_later")["status"] == "APPROVED"
    wait_until(lambda: ">Approved<" in house.page(page, who="Alice")[1])


def test_what_meta_refuses_is_told_in_its_words(house: LiveHouse) -> None:
    page = made(house, "gone_meanwhile")
    at_meta(house, "DELETE", path="?name=gone_meanwhile")
    house.post(f"{page}archive/", {}, who="Alice")
    assert "Only approved or rejected templates can be archived" in house.page(page, who="Alice")[1]
