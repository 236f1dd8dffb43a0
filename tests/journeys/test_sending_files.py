"""Sending files in a real browser: chosen, seen before they go, taken back, recorded, dropped."""

import io

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser import at_a_browser
from tests.live import Live, LiveHouse, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def live(product: Live) -> Live:
    return product


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi & Co", Alice="owner", Bob="agent")


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1600, 1000), colour).save(out, "JPEG")
    return out.getvalue()


def opened(page: Page, house: LiveHouse, name: str) -> None:
    page.goto(f"/w/{house.handle}/inbox/")
    page.locator("[data-row]", has_text=name).get_by_role("link").click()
    expect(page.locator("#messages")).to_contain_text("Hello")


def test_files_are_seen_taken_back_and_sent_with_words(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("Hello", to=house.number_id, from_="60123456789", name="Mei Ling")
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        opened(page, house, "Mei Ling")
        files: list[FilePayload] = [
            {"name": "one.jpg", "mimeType": "image/jpeg", "buffer": photo("teal")},
            {"name": "two.jpg", "mimeType": "image/jpeg", "buffer": photo("coral")},
            {"name": "menu.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 " + b"x" * 2_500_000},
            {"name": "run.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ" + b"\0" * 900},
        ]
        page.get_by_role("button", name="Attach").click()
        with page.expect_file_chooser() as chooser:
            page.get_by_role("menuitem", name="Photos, videos, sound").click()
        chooser.value.set_files(files)
        tray = page.locator(".tray-item")
        expect(tray).to_have_count(4)
        expect(tray.nth(2)).to_contain_text("Document · 2.5 MB")
        expect(tray.nth(3)).to_contain_text("does not take this kind of file")
        tray.nth(3).get_by_role("button", name="Remove").click()
        tray.nth(1).get_by_role("button", name="Remove").click()
        expect(tray).to_have_count(2)
        page.get_by_label("Message", exact=True).fill("Here they are")
        page.keyboard.press("Enter")
        expect(tray).to_have_count(0)
        expect(page.locator(".message-out .picture img")).to_be_visible()
        expect(page.locator(".message-out", has_text="menu.pdf").locator(".tick-read")).to_be_visible(timeout=10_000)
        page.locator(".message-out .picture").click()
        expect(page.get_by_role("dialog")).to_be_visible()
    sent = [one["body"] for one in live.sandbox.sent(house.number_id) if one["body"]["to"] == "+60123456789"]
    assert [one["type"] for one in sent] == ["image", "document"]
    assert sent[0]["image"]["caption"] == "Here they are"


def test_a_voice_message_is_recorded_and_played(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("Hello", to=house.number_id, from_="60129999999", name="Raj")
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        opened(page, house, "Raj")
        page.get_by_role("button", name="Record a voice message").click()
        expect(page.get_by_role("timer")).to_have_text("0:02")
        page.get_by_role("button", name="Stop and listen").click()
        expect(page.locator(".tray-item")).to_contain_text("kB")
        page.get_by_role("button", name="Remove").click()
        page.get_by_role("button", name="Record a voice message").click()
        expect(page.get_by_role("timer")).to_have_text("0:01")
        page.locator("#recorder").get_by_role("button", name="Send").click()
        voice = page.locator(".message-out .voice")
        expect(voice).to_be_visible(timeout=10_000)
        voice.get_by_role("button", name="Speed").click()
        expect(voice.get_by_role("button", name="Speed")).to_have_text("1.5×")
        voice.get_by_role("button", name="Play or pause").click()
        expect(voice).to_have_attribute("data-playing", "")
    notes = wait_until(
        lambda: [one["body"] for one in live.sandbox.sent(house.number_id) if one["body"]["to"] == "+60129999999"]
    )
    assert [one["type"] for one in notes] == ["audio"]


def test_files_are_dropped_and_pasted(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("Hello", to=house.number_id, from_="60127777777", name="Siti")
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        opened(page, house, "Siti")
        carry = page.evaluate_handle(
            """() => { const it = new DataTransfer();
               it.items.add(new File(["Price list"], "prices.txt", { type: "text/plain" })); return it; }"""
        )
        page.dispatch_event("#log", "dragenter", {"dataTransfer": carry})
        expect(page.get_by_text("Drop files here to send them")).to_be_visible()
        page.dispatch_event("#log", "drop", {"dataTransfer": carry})
        expect(page.get_by_text("Drop files here to send them")).to_be_hidden()
        expect(page.locator(".tray-item")).to_contain_text("prices.txt")
        page.evaluate(
            """(it) => document.getElementById("composer-text")
               .dispatchEvent(new ClipboardEvent("paste", { clipboardData: it, bubbles: true, cancelable: true }))""",
            carry,
        )
        expect(page.locator(".tray-item")).to_have_count(2)
