"""Products are chosen from the catalogue where the token may read it, and can be typed where it may not."""

import json
import re
from collections.abc import Iterator

import pytest

from tests.live import Live, LiveHouse, wait_until

pytestmark = pytest.mark.slow

SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management", "business_management", "catalog_management")


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("products") as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    made = live.house("Kopi & Co", Alice="owner", Bob="agent", Vera="viewer")
    link(made, f"88{made.account_id[-12:]}")
    return made


@pytest.fixture(scope="module")
def thread(live: Live, house: LiveHouse) -> str:
    live.sandbox.say("What do you have?", to=house.number_id, from_="60123456789")
    found = wait_until(lambda: re.search(r'href="/w/[^/]+/(inbox/[0-9a-f-]{36}/)', house.page("inbox/", who="Bob")[1]))
    return str(found[1])


def link(house: LiveHouse, catalog_id: str) -> None:
    assert house.post(f"channels/{house.channel}/catalog/", {"catalog_id": catalog_id}, who="Alice")[0] == 302


def listed(page: str) -> list[str]:
    return re.findall(r'data-product="([^"]+)"', page)


def test_products_are_listed_by_name_and_found_by_words(house: LiveHouse, thread: str) -> None:
    page = house.page(f"{thread}products/", who="Bob")[1]
    assert listed(page)[:2] == ["cup-20", "cup-30"]
    assert (len(listed(page)), "the first 50" in page, page.count("Sold out")) == (50, True, 1)
    found = house.page(f"{thread}products/?q=beans", who="Bob")[1]
    assert (listed(found), "the first 50" in found) == (["beans-dark", "beans-light"], False)
    assert "RM 38.00" in found
    assert "No product has these words" in house.page(f"{thread}products/?q=nothing%20such", who="Bob")[1]


def test_a_catalogue_is_read_by_agents_only(live: Live, house: LiveHouse, thread: str) -> None:
    assert house.page(f"{thread}products/", who="Vera")[0] == 403
    stranger = live.house("Stranger", Olga="owner")
    assert stranger.page(f"{thread}products/", who="Olga")[0] == 404


def test_a_token_that_may_not_read_it_is_told_so_and_ids_can_be_typed(
    live: Live, house: LiveHouse, thread: str
) -> None:
    token = {"waba_id": house.account_id}
    live.sandbox.control("POST", "/tokens", {**token, "scopes": SCOPES[:3]})
    try:
        page = house.page(f"{thread}products/", who="Bob")[1]
        assert (listed(page), "catalog_management" in page, "type the product" in page) == ([], True, True)
        said = json.dumps({"type": "product", "product": "cup-20"})
        assert house.post(f"{thread}messages/", {"content": said}, who="Bob")[0] == 201
    finally:
        live.sandbox.control("POST", "/tokens", {**token, "scopes": SCOPES})
    sent = wait_until(lambda: next(iter(live.sandbox.sent(house.number_id)), None))["body"]
    assert sent["interactive"]["action"]["product_retailer_id"] == "cup-20"


def test_without_a_catalogue_there_is_nothing_to_ask(house: LiveHouse, thread: str) -> None:
    link(house, "")
    try:
        assert house.page(f"{thread}products/", who="Bob")[0] == 404
    finally:
        link(house, f"88{house.account_id[-12:]}")
