"""The same acts by hand as by keys: what a menu offers is done, and a button says what it does now."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import at_a_browser
from tests.live import Live, LiveHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LINES = 24


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("by_mouse") as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi & Co", Alice="owner", Bob="agent")


def test_a_conversation_is_assigned_from_the_menu_and_the_button_turns_into_reopen(
    live: Live, house: LiveHouse, chromium: Browser
) -> None:
    live.sandbox.say("Mouse, please", to=house.number_id, from_="60133333333", name="Kay")
    with at_a_browser(chromium, live) as bob:
        page = bob.signed_in(house, "Bob").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="Kay").get_by_role("link").click()
        expect(page.locator("#thread-name")).to_have_text("Kay")
        head = page.locator(".thread-actions")
        head.locator("[popovertarget=assign-menu]").click()
        page.get_by_role("menuitem", name="Assign to me").click()
        expect(head).to_contain_text("Bob")
        head.get_by_role("button", name="Close").click()
        expect(head.get_by_role("button", name="Reopen")).to_be_visible()
        expect(head.get_by_role("button", name="Close")).to_have_count(0)


def test_the_head_of_a_long_conversation_stays_in_sight_when_it_opens_at_what_is_new(
    live: Live, house: LiveHouse, chromium: Browser
) -> None:
    for line in range(LINES):
        live.sandbox.say(f"Line {line}", to=house.number_id, from_="60144444444", name="Lin")
    with at_a_browser(chromium, live, viewport={"width": 390, "height": 844}) as bob:
        page = bob.signed_in(house, "Bob").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="Lin").get_by_role("link").click()
        expect(page.locator("#messages")).to_contain_text(f"Line {LINES - 1}")
        expect(page.locator("#thread-name")).to_be_in_viewport()
        assert page.evaluate("document.getElementById('main').scrollTop") == 0
