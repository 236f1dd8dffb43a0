"""Forms (Flows) are chosen from the account's published ones, with what they begin with, and opened so."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live import Live, LiveHouse, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("forms") as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi & Co", Alice="owner", Bob="agent", Vera="viewer")


@pytest.fixture(scope="module")
def thread(live: Live, house: LiveHouse) -> str:
    live.sandbox.say("A table please", to=house.number_id, from_="60123456789")
    found = wait_until(lambda: re.search(r'href="/w/[^/]+/(inbox/[0-9a-f-]{36}/)', house.page("inbox/", who="Bob")[1]))
    return str(found[1])


def forms(house: LiveHouse, thread: str) -> dict[str, str]:
    page = house.page(f"{thread}flows/", who="Bob")[1]
    return {name: id for id, name in re.findall(r'<option value="([0-9]+)"[^>]*>([^<]+)<', page)}


def test_only_published_forms_are_offered_and_to_agents_only(live: Live, house: LiveHouse, thread: str) -> None:
    assert set(forms(house, thread)) == {"Book a table", "Ask for a price", "Track a parcel"}
    assert house.page(f"{thread}flows/", who="Vera")[0] == 403
    stranger = live.house("Stranger", Olga="owner")
    assert stranger.page(f"{thread}flows/", who="Olga")[0] == 404
    assert house.page(f"{thread}flows/me/", who="Bob")[0] == 404


def test_a_form_is_opened_with_what_was_filled_in(live: Live, house: LiveHouse, thread: str) -> None:
    id = forms(house, thread)["Book a table"]
    page = house.page(f"{thread}flows/{id}/", who="Bob")[1]
    assert "When would you like to come?" in page
    assert re.findall(r'name="name" value="([a-z_]+)"', page) == ["first_name", "seats", "outside"]
    assert "lists or pictures" in page
    values = [
        {"name": "first_name", "kind": "string", "value": "Mei"},
        {"name": "seats", "kind": "number", "value": "4"},
        {"name": "outside", "kind": "boolean", "value": "true"},
        {"name": "empty", "kind": "string", "value": ""},
    ]
    said: dict[str, Any] = {"type": "flow", "text": "Book", "label": "Open", "flow_id": id, "screen": "WHEN"}
    bad = json.dumps({**said, "values": [{"name": "seats", "kind": "number", "value": "four"}]})
    assert "has to be a number" in house.post(f"{thread}messages/", {"content": bad}, who="Bob")[1]
    good = json.dumps({**said, "values": values})
    assert house.post(f"{thread}messages/", {"content": good}, who="Bob")[0] == 201
    sent = wait_until(lambda: next(iter(live.sandbox.sent(house.number_id)), None))["body"]
    parameters = sent["interactive"]["action"]["parameters"]
    assert parameters["flow_action"] == "navigate"
    data = {"first_name": "Mei", "seats": 4, "outside": True}
    assert parameters["flow_action_payload"] == {"screen": "WHEN", "data": data}


def test_a_form_of_somebody_elses_account_is_not_there(house: LiveHouse, thread: str) -> None:
    assert house.page(f"{thread}flows/1234567890/", who="Bob")[0] == 404
