"""The main job, in a real browser: a customer writes, an agent sees it without reload and answers, ticks go to read."""

import re
import time

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import at_a_browser
from tests.live import Live, LiveHouse, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LEFT_S = 15


@pytest.fixture(scope="module")
def live(product: Live) -> Live:
    return product


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi & Co", Alice="owner", Bob="agent", Vera="viewer")


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    return chromium


def test_an_agent_sees_a_customer_write_and_answers_until_it_was_read(
    live: Live, house: LiveHouse, browser: Browser
) -> None:
    with at_a_browser(browser, live) as bob:
        page = bob.signed_in(house, "Bob").page
        page.goto(f"/w/{house.handle}/inbox/")
        expect(page.locator("#connection")).to_have_attribute("data-state", "live")
        live.sandbox.say("Is the café open?", to=house.number_id, from_="60123456789", name="Mei Ling")
        row = page.locator("[data-row]", has_text="Mei Ling")
        expect(row).to_contain_text("Is the café open?")
        row.get_by_role("link").click()
        expect(page.locator("#messages")).to_contain_text("Is the café open?")
        page.get_by_label("Message", exact=True).fill("Yes, until *six*.")
        page.keyboard.press("Enter")
        bubble = page.locator(".message-out", has_text="Yes, until six.")
        expect(bubble).to_be_visible()
        expect(bubble.locator(".tick-read")).to_be_visible(timeout=10_000)
    sent = [one["body"]["text"]["body"] for one in live.sandbox.sent(house.number_id)]
    assert sent.count("Yes, until *six*.") == 1


def test_what_is_written_offline_waits_and_leaves_once_when_the_network_is_back(
    live: Live, house: LiveHouse, browser: Browser
) -> None:
    live.sandbox.say("Hola", to=house.number_id, from_="34600111222", name="Lucía")
    with at_a_browser(browser, live) as bob:
        page = bob.signed_in(house, "Bob").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="Lucía").get_by_role("link").click()
        expect(page.locator("#messages")).to_contain_text("Hola")
        bob.context.set_offline(True)
        page.get_by_label("Message", exact=True).fill("¡Buenos días!")
        page.keyboard.press("Enter")
        expect(page.locator("#pending")).to_contain_text("¡Buenos días!")
        bob.context.set_offline(False)
        bubble = page.locator("#messages .message-out", has_text="¡Buenos días!")
        expect(bubble.locator(".tick-read")).to_be_visible(timeout=20_000)
        bob.troubles = [one for one in bob.troubles if "ERR_INTERNET_DISCONNECTED" not in one]
    sent = [one["body"]["text"]["body"] for one in live.sandbox.sent(house.number_id)]
    assert sent.count("¡Buenos días!") == 1


def test_a_viewer_reads_and_cannot_write(live: Live, house: LiveHouse, browser: Browser) -> None:
    live.sandbox.say("For the viewer", to=house.number_id, from_="60111111111", name="Vi")
    with at_a_browser(browser, live) as vera:
        page = vera.signed_in(house, "Vera").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="For the viewer").get_by_role("link").click()
        expect(page.locator("#composer-shut")).to_be_visible()


def test_a_member_of_another_workspace_sees_none_of_it(live: Live, house: LiveHouse, browser: Browser) -> None:
    rival = live.house("Rival", Charlie="owner")
    live.sandbox.say("Only for Kopi", to=house.number_id, from_="60122222222", name="Mei")
    with at_a_browser(browser, live) as charlie:
        page = charlie.signed_in(rival, "Charlie").page
        page.goto(f"/w/{rival.handle}/inbox/")
        expect(page.locator("#connection")).to_have_attribute("data-state", "live")
        assert "Only for Kopi" not in page.content()
        answer = page.goto(f"/w/{house.handle}/inbox/")
        assert answer is not None
        assert answer.status == 404


def test_a_conversation_is_assigned_closed_reopened_and_marked_unread_by_keys(
    live: Live, house: LiveHouse, browser: Browser
) -> None:
    live.sandbox.say("Keys, please", to=house.number_id, from_="60133333333", name="Kay")
    with at_a_browser(browser, live) as bob:
        page = bob.signed_in(house, "Bob").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="Kay").get_by_role("link").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#thread-name")).to_have_text("Kay")
        page.keyboard.press("i")
        expect(page.locator(".thread-actions")).to_contain_text("Bob")
        page.keyboard.press("e")
        expect(page.locator("#thread-head")).to_contain_text("Reopen")
        page.keyboard.press("e")
        expect(page.locator("#thread-head")).not_to_contain_text("Reopen")
        expect(page.locator("#messages")).to_contain_text("Bob reopened this")


def test_the_window_ends_in_the_middle_of_a_sentence_and_opens_again(
    live: Live, house: LiveHouse, browser: Browser
) -> None:
    """The composer turns into a choice of templates, the words stay with whoever writes them, and can be sent as soon as the
    customer writes."""
    _approved(live, house, "we_are_here", "Good morning, we are here for you again.")
    almost_a_day_ago = int(time.time()) - 24 * 3600 + LEFT_S
    live.sandbox.say("Hello", to=house.number_id, from_="60144444444", name="Nur", at=almost_a_day_ago)
    with at_a_browser(browser, live) as alice:
        page = alice.signed_in(house, "Alice").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="Nur").get_by_role("link").click()
        field, closed = page.get_by_label("Message", exact=True), page.locator("#composer-closed")
        field.type("I was just about to")
        expect(page.locator("#composer-window")).to_contain_text("Window closes in 0:")
        expect(closed).to_be_visible(timeout=30_000)
        expect(page.locator("#window-told")).to_contain_text("The 24-hour window has closed. Your draft is kept.")
        expect(field).to_be_focused()
        page.keyboard.type(" eat")  # "e" and "a" would close and assign where nobody writes
        expect(field).to_have_value("I was just about to eat")
        expect(page.get_by_role("button", name="Send", exact=True)).to_be_hidden()
        template = closed.get_by_role("link", name="we_are_here")
        expect(template).to_be_visible()
        page.keyboard.press("Enter")
        search = closed.get_by_label("Search the templates")
        expect(search).to_be_focused()
        search.fill("nothing like it")
        expect(template).to_have_count(0)
        page.reload()
        expect(field).to_have_value("I was just about to eat")
        expect(template).to_be_visible()
        template.click()
        expect(page.get_by_role("dialog")).to_contain_text("we are here for you again")
        page.keyboard.press("Escape")
        search.focus()
        live.sandbox.say("Are you there?", to=house.number_id, from_="60144444444", name="Nur")
        expect(page.locator("#messages")).to_contain_text("Are you there?")
        expect(closed).to_be_hidden()
        expect(field).to_be_focused()  # what had the focus is gone
        expect(field).to_have_value("I was just about to eat")
        expect(page.locator("#window-told")).to_contain_text("you can write freely again")
        expect(page.locator("#composer-window")).to_contain_text(re.compile("2[34] h"))
        page.keyboard.press("Enter")
        expect(page.locator(".message-out", has_text="I was just about to eat")).to_be_visible()


def test_the_end_of_the_window_takes_nobodys_focus(live: Live, house: LiveHouse, browser: Browser) -> None:
    almost_a_day_ago = int(time.time()) - 24 * 3600 + LEFT_S
    live.sandbox.say("Hello", to=house.number_id, from_="60155555555", name="Jo", at=almost_a_day_ago)
    with at_a_browser(browser, live) as alice:
        page = alice.signed_in(house, "Alice").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="Jo").get_by_role("link").click()
        page.get_by_label("Message", exact=True).fill("Half a sentence")
        elsewhere = page.locator("#log")
        elsewhere.focus()
        expect(page.locator("#composer-closed")).to_be_visible(timeout=30_000)
        expect(elsewhere).to_be_focused()
        live.sandbox.say("Still there?", to=house.number_id, from_="60155555555", name="Jo")
        expect(page.locator("#composer-closed")).to_be_hidden()
        expect(elsewhere).to_be_focused()


def _approved(live: Live, house: LiveHouse, name: str, text: str) -> None:
    """Let there be an approved template."""
    house.subscribe_app()
    form = {"name": name, "language": "en", "category": "UTILITY", "kind": "standard", "body": text, "act": "submit"}
    path = f"channels/{house.channel}/templates/"
    assert house.post(f"{path}new/", form, who="Alice")[0] == 302
    wait_until(lambda: "Approved" in house.page(path, who="Alice")[1])
