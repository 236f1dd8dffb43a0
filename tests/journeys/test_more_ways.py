"""More ways to be connected, in a real browser: Meta's page, the phone app, and a number's picture."""

import io
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser import Person, at_a_browser
from tests.live import OWN_APP_ID, Live, LiveHouse, with_own_app

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with with_own_app(Live("ways")) as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi & Co", Alice="owner", Bob="agent")


def at_meta(person: Person, *, choose: str, end: str = "Continue") -> None:
    """Do what somebody does on Meta's page. It is another host, and meant to be."""
    page = person.page
    expect(page.get_by_role("heading", name="Connect")).to_be_visible()
    if choose:
        page.get_by_label(choose).check()
    page.get_by_role("button", name=end, exact=True).click()
    expect(page.get_by_role("link", name="Skip to content")).to_be_attached()
    there = f"foreign: {person.live.sandbox.url}/"
    person.troubles[:] = [one for one in person.troubles if not one.startswith(there)]


def go(page: Page, house: LiveHouse, way: str) -> None:
    page.goto(f"/w/{house.handle}/channels/connect/")
    page.get_by_role("link", name=re.compile(rf"Go on to Meta ?: {re.escape(way)}")).click()


def test_a_number_is_connected_on_metas_page(live: Live, house: LiveHouse, chromium: Browser) -> None:
    account = live.sandbox.create_account(name="Batik Studio", app_id=OWN_APP_ID, numbers=2)
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        go(page, house, "A number for this inbox")
        at_meta(alice, choose="", end="Cancel")
        expect(page.get_by_text("You stopped at Meta, so nothing was connected.")).to_be_visible()
        go(page, house, "A number for this inbox")
        at_meta(alice, choose="Batik Studio")
        expect(page.get_by_role("heading", name="Which numbers?")).to_be_visible()
        page.get_by_label(account["numbers"][1]["display_phone_number"]).check()
        page.get_by_role("button", name="Connect", exact=True).click()
        expect(page.locator("#outcome")).to_contain_text("Connected", timeout=20_000)
        expect(page.locator("#checks .step-bad")).to_have_count(0)
        live.sandbox.say("Still open?", to=account["numbers"][1]["phone_number_id"], from_="60123456789", name="Mei")
        expect(page.locator("#checks .step-ok")).to_have_count(6, timeout=20_000)


def test_the_phone_app_is_kept(live: Live, house: LiveHouse, chromium: Browser) -> None:
    account = live.sandbox.create_account(name="Phone Shop", app_id=OWN_APP_ID)
    number, at = account["numbers"][0]["phone_number_id"], int(time.time())
    old = [["60123456789", False, "An old question", at - 86_400], ["60123456789", True, "An old answer", at - 86_000]]
    contacts = [["60123456789", "Mei Ling"]]
    live.sandbox.control("POST", "/phone", {"to": number, "contacts": contacts, "history": old})
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        go(page, house, "Keep the WhatsApp Business app")
        at_meta(alice, choose="Phone Shop")
        expect(page.locator("#outcome")).to_contain_text("Connected", timeout=20_000)
        page.get_by_role("link", name="Who may see it").click()
        expect(page.locator("#phone")).to_contain_text("2 old messages came.", timeout=30_000)
        expect(page.locator("#phone")).to_contain_text("Complete")
        live.sandbox.control("POST", "/phone/say", {"to_number": number, "from": "60123456789", "text": "On my way"})
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]", has_text="On my way").get_by_role("link").click()
        expect(page.locator("#messages .message-out", has_text="On my way")).to_contain_text("Phone app")
        expect(page.locator("#composer-closed")).to_be_visible()


def test_a_picture_is_seen_before_it_goes(live: Live, house: LiveHouse, chromium: Browser, tmp_path: Path) -> None:
    sizes = {"fine.jpg": (900, 500), "small.jpg": (100, 100)}
    for name, size in sizes.items():
        out = io.BytesIO()
        Image.new("RGB", size, "teal").save(out, "JPEG")
        (tmp_path / name).write_bytes(out.getvalue())
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        page.goto(f"/w/{house.handle}/channels/{house.channel}/whatsapp/")
        block = page.locator("#picture")
        block.get_by_label("Picture").set_input_files(tmp_path / "small.jpg")
        expect(block).to_contain_text("too small")
        expect(block.get_by_role("button", name="Save the picture")).to_be_disabled()
        block.get_by_label("Picture").set_input_files(tmp_path / "fine.jpg")
        expect(block.get_by_role("img", name="What the picture will look like")).to_be_visible()
        block.get_by_role("button", name="Save the picture").click()
        expect(page.locator("#picture")).to_contain_text("WhatsApp shows a picture of this number")
