"""More than plain text, in a real browser: reply, react, buttons, taking back, later, files above buttons, cards, products."""

import io
import re
import time
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, Route, expect

from tests.browser import Person, at_a_browser
from tests.live import Live, LiveHouse, wait_until
from troth.base.clock import now

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

        menu = page.get_by_role("button", name="Send something else")
        menu.click()
        page.get_by_role("menuitem", name="Reply buttons").click()
        dialog.get_by_label("Text", exact=True).fill("Once more?")
        dialog.get_by_label("Words on the button").fill("Yes")
        dialog.get_by_role("button", name="Send", exact=True).click()
        page.locator("#messages .message", has_text="Once more?").get_by_role("button", name="Undo").click()
        expect(dialog.get_by_label("Words on the button")).to_have_value("Yes")
        expect(dialog.get_by_label("Text", exact=True)).to_have_value("Once more?")
        dialog.locator("summary", has_text="Send later").click()
        dialog.get_by_label("Day and time").fill(f"{now() + timedelta(days=40):%Y-%m-%d}T09:00")
        expect(dialog.locator(".later-both")).to_contain_text("9:00 AM for Mei Ling in Malaysia")
        expect(dialog.locator("[data-late]")).to_be_visible()
        dialog.get_by_role("button", name="Schedule").click()
        waits = page.locator("[data-scheduled]", has_text="Once more?")
        expect(waits).to_contain_text("09:00 for Mei Ling in Malaysia")
        expect(waits).to_contain_text("closed by then")
        waits.get_by_role("button", name="Change the time").click()
        another = page.get_by_role("dialog", name="Change the time")
        expect(another.get_by_label("Day and time")).to_have_value(re.compile(r"T09:00$"))
        another.get_by_label("Day and time").fill(f"{now() + timedelta(days=41):%Y-%m-%d}T10:30")
        another.get_by_role("button", name="Schedule").click()
        expect(waits).to_contain_text("10:30 for Mei Ling in Malaysia")
        waits.get_by_role("button", name="Cancel").click()
        expect(waits).to_have_count(0)

        menu.click()
        page.get_by_role("menuitem", name="Send later").click()
        expect(page.get_by_role("dialog").get_by_role("combobox")).to_have_value("Asia/Kuching")
        page.get_by_role("dialog").get_by_label("Day and time").fill("2999-01-01T09:00")
        page.get_by_role("button", name="Schedule").click()
        expect(page.get_by_role("alert").filter(has_text=re.compile("90 days"))).to_be_visible()
        page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    sent = sent_to(live, house, "+60123456789")
    assert [one["type"] for one in sent] == ["reaction", "text", "interactive"]
    assert sent[1]["context"]["message_id"] == sent[0]["reaction"]["message_id"]


def dialog_of(page: Page, name: str) -> Locator:
    page.get_by_role("button", name="Send something else").click()
    page.get_by_role("menuitem", name=name, exact=True).click()
    return page.get_by_role("dialog", name=name)


def sent_to(live: Live, house: LiveHouse, phone: str) -> list[dict[str, Any]]:
    return [one["body"] for one in live.sandbox.sent(house.number_id) if one["body"]["to"] == phone]


def test_a_picture_stands_above_buttons_in_place_of_a_heading(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("Which cake?", to=house.number_id, from_="60123000001", name="Ana")
    picture = io.BytesIO()
    Image.new("RGB", (800, 500), "teal").save(picture, "JPEG")
    with at_a_browser(chromium, live) as bob:
        page = opened(bob, house, "Bob", "Ana")
        dialog = dialog_of(page, "Reply buttons")
        dialog.get_by_label("Text", exact=True).fill("This one?")
        dialog.get_by_label("Words on the button").fill("Yes")
        dialog.get_by_text("Picture or heading, small print").click()
        dialog.get_by_label("Heading").fill("Ours")
        for name, kind, data in (
            ("run.exe", "application/x-msdownload", b"MZ"),
            ("cake.jpg", "image/jpeg", picture.getvalue()),
        ):
            with page.expect_file_chooser() as chooser:
                dialog.get_by_role("button", name="Choose a file").click()
            chooser.value.set_files(FilePayload(name=name, mimeType=kind, buffer=data))
            if name == "run.exe":
                expect(dialog.locator("[data-state]")).to_contain_text("WhatsApp takes no such file here")
        expect(dialog.locator("[data-drawn] .picture img")).to_be_visible()
        expect(dialog.get_by_label("Heading")).to_be_hidden()
        dialog.get_by_role("button", name="Send").click()
        expect(page.locator(".message-out .picture img")).to_be_visible()
        expect(page.locator(".message-out .tick-read")).to_be_visible(timeout=10_000)
    (body,) = sent_to(live, house, "+60123000001")
    assert set(body["interactive"]["header"]) == {"type", "image"}


def test_several_contact_cards_go_in_one_message(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("Whom do I call?", to=house.number_id, from_="60123000002", name="Lim")
    live.sandbox.say("Hello", to=house.number_id, from_="60123000003", name="Tan")
    with at_a_browser(chromium, live) as bob:
        page = opened(bob, house, "Bob", "Lim")
        dialog = dialog_of(page, "Contact card")
        cards = dialog.locator('[data-rows="cards"] > [data-row]')
        cards.first.get_by_label("Name").fill("Front desk")
        cards.first.get_by_label("Number", exact=True).fill("+60 3-2000 0001")
        cards.first.get_by_role("button", name="Add a phone number").click()
        cards.first.get_by_label("Number", exact=True).nth(1).fill("+60 3-2000 0002")
        cards.first.get_by_label("Phone number").nth(1).select_option("WORK")
        cards.first.get_by_role("button", name="Add an e-mail address").click()
        expect(cards.first.get_by_label("E-mail address")).to_have_count(2)
        cards.first.locator('[data-rows="emails"]').get_by_role("button", name="Remove").first.click()
        expect(cards.first.get_by_label("E-mail address")).to_have_count(1)
        dialog.get_by_text("Choose somebody you talk with").click()
        dialog.get_by_role("button", name="Tan").click()
        expect(cards).to_have_count(2)
        expect(cards.nth(1).get_by_label("Name")).to_have_value("Tan")
        expect(dialog.locator("[data-drawn] .piece-name")).to_have_text(["Front desk", "Tan"])
        dialog.get_by_role("button", name="Send").click()
        expect(page.locator("#messages .message-out .piece-name")).to_have_text(["Front desk", "Tan"])
        wait_until(lambda: sent_to(live, house, "+60123000002"))
    (body,) = sent_to(live, house, "+60123000002")
    desk, tan = body["contacts"]
    assert [phone["type"] for phone in desk["phones"]] == ["CELL", "WORK"]
    assert [phone["wa_id"] for phone in tan["phones"]] == ["60123000003"]


def test_products_are_chosen_by_name_and_stand_in_groups(live: Live, house: LiveHouse, chromium: Browser) -> None:
    catalog = {"catalog_id": f"88{house.account_id[-12:]}"}
    assert house.post(f"channels/{house.channel}/catalog/", catalog, who="Alice")[0] == 302
    live.sandbox.say("What do you have?", to=house.number_id, from_="60123000004", name="Wei")
    with at_a_browser(chromium, live) as bob:
        page = opened(bob, house, "Bob", "Wei")
        dialog = dialog_of(page, "Several products")
        dialog.get_by_label("Heading", exact=True).fill("Ours")
        dialog.get_by_label("Text", exact=True).fill("Have a look")
        dialog.get_by_role("button", name="Cup of clay, 20 cl").click()
        dialog.get_by_label("Search for a product").fill("beans")
        expect(dialog.locator("[data-product]")).to_have_count(2)
        dialog.get_by_role("button", name="Dark beans").click()
        expect(dialog.get_by_label("Product ID")).to_have_count(2)
        expect(dialog.get_by_label("Product ID").nth(1)).to_have_value("beans-dark")
        for at, group in enumerate(("Cups", "Coffee")):
            dialog.get_by_label("Group heading").nth(at).fill(group)
        expect(dialog.locator("[data-drawn] .choices-title")).to_have_text(["Cups", "Coffee"])
        dialog.get_by_role("button", name="Send").click()
        page.locator("#messages .message-out summary").click()
        expect(page.locator("#messages .choices-list li")).to_have_text(["Cup of clay, 20 cl", "Dark beans, 500 g"])
        wait_until(lambda: sent_to(live, house, "+60123000004"))
    (body,) = sent_to(live, house, "+60123000004")
    sections = body["interactive"]["action"]["sections"]
    assert [one["title"] for one in sections] == ["Cups", "Coffee"]
    assert sections[1]["product_items"] == [{"product_retailer_id": "beans-dark"}]


def undone(page: Page, words: str) -> None:
    page.locator("#messages .message", has_text=words).get_by_role("button", name="Undo").click()


def after_a_moment(route: Route) -> None:
    time.sleep(1)
    route.continue_()


def test_what_is_taken_back_stands_there_again_whole(live: Live, house: LiveHouse, chromium: Browser) -> None:
    catalog = {"catalog_id": f"88{house.account_id[-12:]}"}
    assert house.post(f"channels/{house.channel}/catalog/", catalog, who="Alice")[0] == 302
    for phone, name in (("60123000005", "Xenia"), ("60123000006", "Yusof")):
        live.sandbox.say("Hello?", to=house.number_id, from_=phone, name=name)
    with at_a_browser(chromium, live) as bob:
        page = opened(bob, house, "Bob", "Xenia")
        bob.context.clear_cookies(name="troth_hold")
        text = page.get_by_label("Message", exact=True)

        # A text comes back with what it quoted.
        page.locator(".message-in").first.hover()
        page.locator(".message-in .bubble-acts").first.click()
        page.get_by_role("menuitem", name="Reply").click()
        text.fill("Hello yourself")
        text.press("Enter")
        expect(page.locator("#composer-quote")).to_be_hidden()
        undone(page, "Hello yourself")
        expect(text).to_have_value("Hello yourself")
        expect(page.locator("#composer-quote")).to_be_visible()
        expect(page.locator("#composer-quote")).to_contain_text("Hello?")
        text.fill("")
        page.keyboard.press("Escape")

        # A form comes back with what it knows when it opens, on a page that was loaded anew too.
        dialog = dialog_of(page, "Form (Flow)")
        dialog.get_by_label("Text", exact=True).fill("Come and sit")
        dialog.get_by_label("Words on the button").fill("Book")
        dialog.get_by_role("combobox", name="Form").select_option(label="Book a table")
        dialog.get_by_label("seats").fill("7")
        dialog.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("#messages .message", has_text="Come and sit")).to_be_visible()
        page.reload()
        undone(page, "Come and sit")
        expect(dialog.get_by_label("Words on the button")).to_have_value("Book")
        expect(dialog.get_by_role("combobox", name="Form")).to_have_text(re.compile("Book a table"))
        expect(dialog.get_by_label("seats")).to_have_value("7")
        dialog.get_by_role("button", name="Cancel").click()

        # Products come back with their names.
        dialog = dialog_of(page, "Several products")
        dialog.get_by_label("Heading", exact=True).fill("Ours")
        dialog.get_by_label("Text", exact=True).fill("Have a look")
        dialog.get_by_role("button", name="Cup of clay, 20 cl").click()
        dialog.get_by_role("button", name="Send", exact=True).click()
        undone(page, "Have a look")
        expect(dialog.get_by_label("Product ID")).not_to_have_value("")
        expect(dialog.locator("[data-drawn]")).to_contain_text("Cup of clay, 20 cl")
        dialog.get_by_role("button", name="Cancel").click()

        # Whoever has gone on to somebody else finds the text where it was written, and nowhere else.
        text.fill("For Xenia only")
        text.press("Enter")
        held = page.locator("#messages .message", has_text="For Xenia only").get_by_role("button", name="Undo")
        expect(held).to_be_visible()
        page.route("**/undoing/", after_a_moment)
        held.click()
        page.locator("[data-row]", has_text="Yusof").get_by_role("link").click()
        expect(page.locator("#thread-name")).to_have_text("Yusof")
        page.wait_for_timeout(2_000)
        expect(text).to_have_value("")
        page.locator("[data-row]", has_text="Xenia").get_by_role("link").click()
        expect(page.locator("#thread-name")).to_have_text("Xenia")
        expect(text).to_have_value("For Xenia only")
    assert sent_to(live, house, "+60123000005") == []
    assert sent_to(live, house, "+60123000006") == []


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
