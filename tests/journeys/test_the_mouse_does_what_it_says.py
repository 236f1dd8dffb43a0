"""The same acts by hand as by keys: what a menu offers is done, and a button says what it does now."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import at_a_browser
from tests.live import Live, LiveHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LINES = 24


@pytest.fixture(scope="module")
def live(product: Live) -> Live:
    return product


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


def test_a_number_is_copied_by_its_button(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("Hello", to=house.number_id, from_="60155555555", name="Nor")
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="Nor").get_by_role("link").click()
        expect(page.locator("#thread-name")).to_have_text("Nor")
        button = page.locator("[data-copy]").first
        button.click()
        expect(page.get_by_text("Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == button.get_attribute("data-copy")


def test_a_picture_opens_over_the_window_and_closes_again(live: Live, house: LiveHouse, chromium: Browser) -> None:
    for colour in range(2):
        live.sandbox.say("", kind="image", to=house.number_id, from_="60166666666", name="Sue", seed=colour)
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="Sue").get_by_role("link").click()
        expect(page.locator("#thread-name")).to_have_text("Sue")
        pictures = page.locator("[data-enlarges]")
        expect(pictures).to_have_count(2, timeout=15_000)
        pictures.first.click()
        shown = page.locator("dialog.lightbox img")
        expect(shown).to_have_js_property("complete", True)
        assert shown.evaluate("image => image.naturalWidth") > 0
        before = shown.get_attribute("src")
        page.keyboard.press("ArrowRight")
        assert shown.get_attribute("src") not in (None, before)
        page.keyboard.press("Escape")
        expect(shown).to_have_count(0)
        expect(pictures.last).to_be_focused()
