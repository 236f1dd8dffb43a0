"""Sending files in a real browser: chosen, seen before they go, taken back, recorded, dropped."""

import io
import re
from datetime import timedelta
from typing import Any

import av
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, expect

from sandbox.customers import media_made
from tests.browser import at_a_browser
from tests.live import Live, LiveHouse, wait_until
from troth.base.clock import now

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
        voice.get_by_role("button", name="Play or pause").click()
        voice.get_by_role("slider").fill("0.7")
        page.reload()
        expect(voice.get_by_role("slider")).to_have_value("0.7")
        expect(voice.get_by_role("button", name="Speed")).to_have_text("1.5×")
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


def chosen(page: Page, *files: FilePayload) -> None:
    page.get_by_role("button", name="Attach").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Photos, videos, sound").click()
    chooser.value.set_files(list(files))


def test_a_file_is_taken_back_into_the_tray_and_sent_later(live: Live, house: LiveHouse, chromium: Browser) -> None:
    live.sandbox.say("Hello", to=house.number_id, from_="60128888888", name="Ana")
    with at_a_browser(chromium, live, timezone_id="America/Sao_Paulo") as alice:
        page = alice.signed_in(house, "Alice").page
        alice.context.clear_cookies(name="troth_hold")
        opened(page, house, "Ana")
        chosen(page, {"name": "one.jpg", "mimeType": "image/jpeg", "buffer": photo("teal")})
        tray, text = page.locator(".tray-item"), page.get_by_label("Message", exact=True)
        expect(tray).to_contain_text("Photo")
        text.fill("Our table")
        text.press("Enter")
        sent = page.locator("#messages .message-out", has_text="Our table")
        sent.get_by_role("button", name="Undo").click()
        expect(sent).to_have_count(0)
        expect(tray).to_contain_text("one.jpg")
        expect(tray).to_contain_text("Photo")
        expect(text).to_have_value("Our table")

        page.get_by_role("button", name="Send something else").click()
        page.get_by_role("menuitem", name="Send later").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Day and time").fill(f"{now() + timedelta(days=3):%Y-%m-%d}T09:00")
        expect(dialog.locator(".later-both")).to_have_text(
            re.compile("9:00 AM for Ana in Malaysia, .* 10:00 PM for you")
        )
        dialog.get_by_role("button", name="Schedule").click()
        waits = page.locator("[data-scheduled]")
        expect(waits).to_contain_text("Our table")
        expect(waits.locator("img")).to_be_visible()
        expect(tray).to_have_count(0)
        expect(text).to_have_value("")
        waits.get_by_role("button", name="Edit").click()
        expect(tray).to_contain_text("one.jpg")
        expect(text).to_have_value("Our table")
        expect(waits).to_have_count(0)
    assert [one for one in live.sandbox.sent(house.number_id) if one["body"]["to"] == "+60128888888"] == []


def film(seconds: int) -> bytes:
    """Return a film that browsers play which have no licence for more."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        stream: Any = file.add_stream("libvpx-vp9", rate=5)
        frame: Any = av.VideoFrame
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(5 * seconds):
            picture = Image.new("RGB", (160, 120), (20, number % 200, 120))
            file.mux(stream.encode(frame.from_image(picture)))
        file.mux(stream.encode(None))
    return out.getvalue()


def test_what_plays_keeps_its_place_and_plays_alone(live: Live, house: LiveHouse, chromium: Browser) -> None:
    for phone, name in (("60126666661", "Noor"), ("60126666662", "Omar")):
        live.sandbox.say("Hello", to=house.number_id, from_=phone, name=name)
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        opened(page, house, "Noor")
        chosen(
            page,
            {"name": "bell.ogg", "mimeType": "audio/ogg", "buffer": media_made.voice(20)},
            {"name": "shop.mp4", "mimeType": "video/mp4", "buffer": film(20)},
        )
        expect(page.locator(".tray-item", has_text="Video")).to_be_visible()
        page.keyboard.press("Enter")
        sound, movie = page.locator("audio.sound"), page.locator("video.film")
        expect(movie).to_be_visible(timeout=10_000)
        page.locator(".film-speed").click()
        expect(page.locator(".film-speed")).to_have_text("1.5×")
        expect(page.locator(".sound-box [data-speed]")).to_have_text("1.5×")
        sound.evaluate("one => one.play()")
        movie.evaluate("one => one.play()")
        wait_until(lambda: sound.evaluate("one => one.paused"))
        assert movie.evaluate("one => one.playbackRate") == 1.5
        movie.evaluate("one => { one.pause(); one.currentTime = 12 }")
        sound.evaluate("one => { one.currentTime = 7 }")
        wait_until(lambda: "12" in page.evaluate("sessionStorage['troth:places'] ?? ''"))

        opened(page, house, "Omar")
        page.locator("[data-row]", has_text="Noor").get_by_role("link").click()
        wait_until(lambda: movie.evaluate("one => one.currentTime") == 12)
        page.reload()
        wait_until(lambda: movie.evaluate("one => one.currentTime") == 12)
        expect(page.locator(".film-speed")).to_have_text("1.5×")
        sound.evaluate("one => one.play()")
        wait_until(lambda: sound.evaluate("one => one.currentTime") >= 7)
        assert movie.evaluate("one => one.playbackRate") == 1.5
