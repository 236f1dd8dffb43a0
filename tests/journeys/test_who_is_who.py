"""Who is who, in a real browser and through the real door: fifty first messages of one person, merging and separating,
blocking, and a changed security code."""

import hashlib
import hmac
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bodies import encode, envelope, text, value
from tests.browser import at_a_browser
from tests.live import Live, LiveHouse, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.clause("L14")]
BSUID = "BR.13491208655302741918"
NAMES = [
    ("5511987654321", None),
    ("551187654321", None),
    (None, BSUID),
    ("5511987654321", BSUID),
    ("551187654321", BSUID),
]


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("who_is_who") as running:
        first = running.processes.pop("worker")
        running.start("worker")  # two digest: batches of one workspace meet
        running.processes["other worker"] = first
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi & Co", Alice="owner", Bob="agent", Vera="viewer")


def first_message(live: Live, house: LiveHouse, number: int) -> int:
    """Let the person write once, under one of their names."""
    phone, bsuid = NAMES[number % len(NAMES)]
    said = text(f"Message {number}", id=f"wamid.first.{number}", at=int(time.time()) - 60, phone=phone, bsuid=bsuid)
    body = encode(envelope(value(house.number_id, messages=[said]), account=house.account_id))
    digest = hmac.new(house.secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}
    return live.ask("POST", f"/hooks/cloud/{house.channel}", body=body, headers=headers)[0]


def test_fifty_first_messages_at_once_are_one_person(live: Live) -> None:
    house = live.house("Fifty at once", Fay="owner", Gil="agent")
    with ThreadPoolExecutor(25) as threads:
        assert set(threads.map(lambda number: first_message(live, house, number), range(50))) == {200}
    here = [house.id]
    with live.database() as database:

        def count(what: str, where: str = "") -> int:
            row = database.execute(f"SELECT {what} WHERE workspace_id = %s {where}", here).fetchone()
            return int(row[0]) if row else 0

        wait_until(lambda: count("count(*) FROM inbox_message") == 50, within_s=30)
        assert count("count(*) FROM contacts_contact", "AND merged_into_id IS NULL") == 1
        shown = "AND folded_into_id IS NULL AND closed_at IS NULL"
        assert count("count(*) FROM inbox_conversation", shown) == 1
        assert count("sum(unread) FROM inbox_conversation", shown) == 50
    assert house.page("inbox/", who="Gil")[1].count("data-row") == 1


def open_talk(page: Page, house: LiveHouse, name: str) -> None:
    page.goto(f"/w/{house.handle}/inbox/")
    page.locator("[data-row]", has_text=name).get_by_role("link").click()
    expect(page.locator("#thread-name")).to_contain_text(name)


def test_two_are_merged_after_a_look_and_separated_again(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("From my own number", to=house.number_id, from_="60123456789", name="Mei Ling")
    live.sandbox.say("From the shop", to=house.number_id, from_="60198765432", name="Meiling Tan")
    with at_a_browser(chromium, live) as bob:
        page = bob.signed_in(house, "Bob").page
        open_talk(page, house, "Mei Ling")
        page.get_by_role("link", name="Merge with another contact").click()
        page.get_by_label("Name, or whole number").fill("meiling")
        page.get_by_role("button", name="Find").click()
        page.get_by_role("link", name="Meiling Tan").click()
        expect(page.locator(".side")).to_have_count(2)
        page.get_by_role("button", name="Merge them").click()
        expect(page.locator("#messages")).to_contain_text("From my own number")
        expect(page.locator("#messages")).to_contain_text("From the shop")
        expect(page.locator("[data-row]", has_text="Meiling Tan")).to_have_count(0)
        live.sandbox.say("Once more from the shop", to=house.number_id, from_="60198765432", name="Meiling Tan")
        expect(page.locator("#messages")).to_contain_text("Once more from the shop")
        page.get_by_label("Message", exact=True).fill("Which one is better?")
        page.keyboard.press("Enter")
        expect(page.locator(".message-out .tick-read, .message-out .tick-delivered").first).to_be_visible(
            timeout=10_000
        )
        sent = [one["body"]["to"] for one in live.sandbox.sent(house.number_id)]
        assert sent[-1] == "+60198765432"
        page.get_by_role("link", name="Merged contacts").click()
        page.get_by_role("button", name="Separate").click()
        expect(page.locator("#messages")).to_contain_text("From my own number")
        expect(page.locator("#messages")).not_to_contain_text("From the shop")
        open_talk(page, house, "Meiling Tan")
        expect(page.locator("#messages")).to_contain_text("Which one is better?")


def test_a_blocked_person_gets_nothing_until_unblocked(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("Buy my coins", to=house.number_id, from_="447700900999", name="Spam Sam")
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        open_talk(page, house, "Spam Sam")
        page.get_by_text("Block in WhatsApp").click()
        page.get_by_role("button", name="Block", exact=True).click()
        expect(page.locator("#composer-blocked")).to_be_visible()
        page.goto(f"/w/{house.handle}/channels/{house.channel}/blocks/")
        expect(page.get_by_role("link", name="Spam Sam")).to_be_visible()
        page.get_by_role("button", name="Read it from WhatsApp").click()
        expect(page.get_by_role("link", name="Spam Sam")).to_be_visible()
        page.get_by_role("link", name="Spam Sam").click()
        page.get_by_text("Blocked in WhatsApp", exact=True).first.click()
        page.get_by_role("button", name="Unblock").click()
        expect(page.get_by_label("Message", exact=True)).to_be_visible()


def test_after_a_changed_code_somebody_makes_sure_first(live: Live, house: LiveHouse, chromium: Browser) -> None:
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        page.goto(f"/w/{house.handle}/channels/{house.channel}/blocks/")
        page.get_by_role("button", name="Turn on").click()
        expect(page.get_by_role("button", name="Turn off")).to_be_visible()
        live.sandbox.say("My balance, please", to=house.number_id, from_="34600111222", name="Lucía")
        open_talk(page, house, "Lucía")
        expect(page.get_by_label("Message", exact=True)).to_be_visible()
        live.sandbox.say(kind="change_phone", to=house.number_id, from_="34600111222", name="Lucía")
        expect(page.locator("#composer-unconfirmed")).to_be_visible()
        page.get_by_role("button", name="I made sure it is them").click()
        page.get_by_label("Message", exact=True).fill("It is 40")
        page.keyboard.press("Enter")
        expect(page.locator(".message-out .tick-read, .message-out .tick-delivered").first).to_be_visible(
            timeout=10_000
        )
        assert live.sandbox.sent(house.number_id)[-1]["body"]["recipient_identity_key_hash"]
