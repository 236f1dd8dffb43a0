"""Templates in a real browser: one is written with its preview beside it, and sent from the composer and past the window."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import at_a_browser
from tests.live import Live, LiveHouse, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def live(product: Live) -> Live:
    return product


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    made = live.house("Kopi & Co", Alice="owner", Bob="agent")
    made.subscribe_app()
    return made


def test_a_template_is_written_approved_and_sent(live: Live, house: LiveHouse, chromium: Browser) -> None:
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        page.goto(f"/w/{house.handle}/channels/{house.channel}/templates/new/")
        page.get_by_label("Name", exact=True).fill("order_here")
        page.get_by_label("Text", exact=True).fill("Hello {{1}}, your order {{2}} is *here*.")
        page.get_by_label("Example for 1").fill("Ana")
        page.get_by_label("Example for 2").fill("17")
        expect(page.locator(".phone")).to_contain_text("Hello Ana, your order 17 is here.")
        page.get_by_role("button", name="Button", exact=True).click()
        page.get_by_label("What it does").select_option("URL")
        page.get_by_label("Words", exact=True).fill("Follow it")
        page.get_by_label("Address", exact=True).fill("https://example.org/t/{{1}}")
        page.get_by_label("Example of the whole address").fill("https://example.org/t/17")
        expect(page.locator(".editor-fine")).to_be_visible()
        page.get_by_role("button", name="Hand in for review").click()
        expect(page.get_by_role("heading", name="order_here")).to_be_visible()

    templates = f"channels/{house.channel}/templates/"
    wait_until(lambda: "Approved" in house.page(templates, who="Alice")[1], within_s=30)
    live.sandbox.say("Is it here yet?", to=house.number_id, from_="60123456789", name="Mei Ling")
    with at_a_browser(chromium, live) as bob:
        page = bob.signed_in(house, "Bob").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="Mei Ling").get_by_role("link").click()
        page.get_by_label("Message", exact=True).fill("half a sent")
        page.get_by_role("link", name="Send a template").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Search").fill("order")
        dialog.get_by_role("link", name="order_here").click()
        expect(dialog.get_by_label("Text 1")).to_have_value("Mei")
        dialog.get_by_label("Text 2").fill("42")
        dialog.get_by_label("End of the link").fill("42")
        expect(dialog.locator("#template-look")).to_contain_text("Hello Mei, your order 42 is here.")
        dialog.get_by_role("button", name="Send", exact=True).click()
        expect(dialog).to_be_hidden()
        bubble = page.locator(".message-out", has_text="Hello Mei, your order 42 is here.")
        expect(bubble.locator(".tick-read")).to_be_visible(timeout=10_000)
        expect(bubble).to_contain_text("Follow it")
        expect(page.get_by_label("Message", exact=True)).to_have_value("half a sent")

        with live.database() as database:
            database.execute("UPDATE inbox_conversation SET window_expires_at = now() - interval '1 hour'")
        page.reload()
        closed = page.locator("#composer-closed")
        expect(closed).to_contain_text("The 24-hour window is closed.")
        closed.get_by_role("link", name="order_here").click()
        page.get_by_role("dialog").get_by_label("Text 2").fill("43")
        page.get_by_role("dialog").get_by_label("End of the link").fill("43")
        page.keyboard.press("Enter")
        expect(page.locator(".message-out", has_text="your order 43")).to_be_visible()

        bob.context.clear_cookies(name="troth_hold")
        closed.get_by_role("link", name="order_here").click()
        dialog.get_by_label("Text 2").fill("44")
        dialog.get_by_label("End of the link").fill("44")
        dialog.get_by_role("button", name="Send", exact=True).click()
        page.locator(".message-out", has_text="your order 44").get_by_role("button", name="Undo").click()
        expect(dialog.get_by_label("Text 2")).to_have_value("44")
        expect(page.locator(".message-out", has_text="your order 44")).to_have_count(0)
        dialog.locator("summary", has_text="Send later").click()
        expect(dialog.get_by_role("combobox", name="On whose clock")).to_have_value("Asia/Kuching")
        expect(dialog.get_by_label("Day and time")).to_have_value(re.compile(r"T(09|1\d|20):00$"))
        expect(dialog.locator(".later-both")).to_contain_text("for Mei Ling")
        dialog.get_by_role("button", name="Schedule").click()
        waits = page.locator("[data-scheduled]", has_text="your order 44")
        expect(waits).to_contain_text("for Mei Ling")
        expect(waits).not_to_contain_text("closed by then")
    sent = [one["body"] for one in live.sandbox.sent(house.number_id) if one["body"]["type"] == "template"]
    sent = [one for one in sent if one["template"]["name"] == "order_here"]
    assert [one["template"]["components"][1]["parameters"][0]["text"] for one in sent] == ["42", "43"]


def test_buttons_change_places_by_keyboard_and_the_focus_goes_along(
    live: Live, house: LiveHouse, chromium: Browser
) -> None:
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        page.goto(f"/w/{house.handle}/channels/{house.channel}/templates/new/")
        page.get_by_label("Text", exact=True).fill("Hello there, dear friend.")
        words = page.get_by_label("Words", exact=True)
        for number, word in enumerate(("Yes", "No", "Later")):
            page.get_by_role("button", name="Button", exact=True).click()
            words.nth(number).fill(word)
        page.get_by_role("button", name="Move button 3 up").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Move button 2 up")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Move button 1 down")).to_be_focused()
        assert [one.input_value() for one in words.all()] == ["Later", "Yes", "No"]
        page.get_by_role("button", name="Move button 3 up").click()
        expect(words.nth(1)).to_have_value("No")
        expect(page.locator(".look-button").first).to_contain_text("Later")


def test_somebody_is_written_to_first(live: Live, house: LiveHouse, chromium: Browser) -> None:
    form = {"name": "your_order", "language": "en", "category": "UTILITY", "kind": "standard", "act": "submit"}
    form |= {"body": "Hello {{1}}, your order {{2}} is *here*.", "example-body:1": "Ana", "example-body:2": "17"}
    templates = f"channels/{house.channel}/templates/"
    assert house.post(f"{templates}new/", form, who="Alice")[0] == 302
    wait_until(lambda: "Approved</span>" in house.page(f"{templates}?q=your_order", who="Alice")[1])
    with at_a_browser(chromium, live) as bob:
        page = bob.signed_in(house, "Bob").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.get_by_role("link", name="New conversation").click()
        page.get_by_label("To whom").fill("+60 11-2345 0007")
        page.get_by_label("What to call them").fill("Siti Aminah")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("To Siti Aminah, from")).to_be_visible()
        page.get_by_label("Search").fill("nothing like that")
        expect(page.get_by_text("No approved template has these words.")).to_be_visible()
        page.get_by_label("Search").fill("your order")
        page.get_by_role("link", name="your_order").click()
        expect(page.get_by_label("Text 1")).to_have_value("Siti")
        page.get_by_label("Text 2").fill("42")
        expect(page.locator("#template-look")).to_contain_text("Hello Siti, your order 42 is here.")
        page.get_by_role("button", name="Send", exact=True).click()
        bubble = page.locator(".message-out", has_text="Hello Siti, your order 42 is here.")
        expect(bubble.locator(".tick-read")).to_be_visible(timeout=10_000)
        expect(page.locator("[data-row]", has_text="Siti Aminah")).to_be_visible()
