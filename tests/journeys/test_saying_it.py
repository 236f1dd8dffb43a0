"""More than plain text, in a real browser: reply, react, buttons, taking back, later."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import Person, at_a_browser
from tests.live import Live, LiveHouse, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def live(product: Live) -> Live:
    return product


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi & Co", Alice="owner", Bob="agent", Vera="viewer")


def opened(person: Person, house: LiveHouse, who: str, name: str) -> Page:
    page = person.signed_in(house, who).page
    page.goto(f"/w/{house.handle}/inbox/")
    page.locator("[data-row]", has_text=name).get_by_role("link").click()
    expect(page.locator("#messages .message").first).to_be_visible()
    return page


def test_an_agent_replies_reacts_offers_buttons_and_takes_back(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("Is the café open?", to=house.number_id, from_="60123456789", name="Mei Ling")
    with at_a_browser(chromium, live) as bob:
        page = opened(bob, house, "Bob", "Mei Ling")
        asked, text = page.locator(".message-in").first, page.get_by_label("Message", exact=True)

        asked.locator(".bubble-acts").focus()
        page.keyboard.press("Enter")
        page.get_by_role("menuitem", name="👍").click()
        expect(asked.locator(".reaction-mine")).to_have_text("👍")

        asked.hover()
        asked.locator(".bubble-acts").click()
        page.get_by_role("menuitem", name="Reply").click()
        expect(page.locator("#composer-quote")).to_contain_text("Is the café open?")
        page.keyboard.press("Escape")
        expect(page.locator("#composer-quote")).to_be_hidden()
        asked.hover()
        asked.locator(".bubble-acts").click()
        page.get_by_role("menuitem", name="Reply").click()
        text.fill("Until *six*")
        expect(page.locator("#composer-preview strong")).to_have_text("six")
        text.press("Enter")
        expect(page.locator(".message-out .quote")).to_contain_text("Is the café open?")

        page.get_by_role("button", name="Send something else").click()
        page.get_by_role("menuitem", name="Reply buttons").click()
        dialog = page.get_by_role("dialog", name="Reply buttons")
        dialog.get_by_label("Text", exact=True).fill("Tea or coffee?")
        dialog.get_by_label("Words on the button").fill("Tea")
        expect(dialog.locator("[data-drawn] .choice")).to_have_text("Tea")
        dialog.get_by_role("button", name="Add a button").click()
        dialog.get_by_label("Words on the button").nth(1).fill("Tea")
        dialog.get_by_role("button", name="Send").click()
        expect(dialog.get_by_role("alert")).to_contain_text("the same")
        dialog.get_by_label("Words on the button").nth(1).fill("Coffee")
        dialog.get_by_role("button", name="Send").click()
        expect(page.locator("#messages .choice")).to_have_text(["Tea", "Coffee"])

        bob.context.clear_cookies(name="troth_hold")
        text.fill("Oops")
        text.press("Enter")
        page.locator("#messages .message", has_text="Oops").get_by_role("button", name="Undo").click()
        expect(text).to_have_value("Oops")
        expect(page.locator("#messages .message", has_text="Oops")).to_have_count(0)

        page.get_by_role("button", name="Send something else").click()
        page.get_by_role("menuitem", name="Send later").click()
        expect(page.get_by_role("dialog").get_by_role("combobox")).to_have_value("Asia/Kuching")
        page.get_by_role("dialog").get_by_label("Day and time").fill("2999-01-01T09:00")
        page.get_by_role("button", name="Schedule").click()
        expect(page.get_by_role("alert").filter(has_text=re.compile("90 days"))).to_be_visible()
        page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    sent = [one["body"] for one in live.sandbox.sent(house.number_id)]
    assert [one["type"] for one in sent] == ["reaction", "text", "interactive"]
    assert sent[1]["context"]["message_id"] == sent[0]["reaction"]["message_id"]


def test_a_viewer_can_copy_and_nothing_else(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("For the viewer", to=house.number_id, from_="60111111111", name="Vi")
    with at_a_browser(chromium, live) as vera:
        page = opened(vera, house, "Vera", "Vi")
        page.locator(".message-in").first.hover()
        page.locator(".bubble-acts").first.click()
        expect(page.get_by_role("menuitem")).to_have_text(["Copy text"])


def test_a_customer_is_told_that_we_read_and_write_once_the_number_says_so(
    live: Live, house: LiveHouse, chromium: Browser
) -> None:
    assert house.post(f"channels/{house.channel}/receipts/", {"read_receipts": "opened"}, who="Alice")[0] == 302
    live.sandbox.reset_meters()
    live.sandbox.say("Anybody there?", to=house.number_id, from_="60133333333", name="Kay")
    with at_a_browser(chromium, live) as bob:
        page = opened(bob, house, "Bob", "Kay")
        wait_until(lambda: "marked_read" in str(live.sandbox.meters()))
        page.get_by_label("Message", exact=True).fill("Yes, one mo")
        wait_until(lambda: re.search(r"'marked_read': [2-9]", str(live.sandbox.meters())))
