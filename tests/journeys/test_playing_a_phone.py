"""The sandbox's page, by keyboard alone: a phone scans, talks, and ends what is linked to it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from sandbox.testing import RunningSandbox
from sandbox.tests.linked import LinkedDevice

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


@pytest.fixture
def page(chromium: Browser, sandbox: RunningSandbox) -> Iterator[Page]:
    context = chromium.new_context(base_url=sandbox.url, viewport={"width": 1280, "height": 900})
    troubles: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.goto("/")
    yield page
    context.close()
    assert troubles == []


def press(page: Page, name: str) -> None:
    """Go to a button and press it."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def test_a_phone_is_played_by_keyboard(page: Page, sandbox: RunningSandbox) -> None:
    device = LinkedDevice(sandbox)
    state = page.locator("#web-state")
    expect(page.get_by_text("Test waits")).to_be_visible()
    page.locator("#web-phones").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="+60115550731")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name="Farah Aziz")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Scan")).to_be_focused()
    page.keyboard.press("Enter")
    expect(state).to_have_text("Test: ready")
    expect(page.locator("#web-phones")).to_be_focused()  # the button that was pressed is gone

    page.get_by_role("button", name="Farah Aziz").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_placeholder("Message").last).to_be_focused()
    page.keyboard.type("Are the tulips in?")
    page.keyboard.press("Enter")
    expect(page.locator("#web-lines")).to_contain_text("Farah Aziz: Are the tulips in?")
    device.until_told("message")
    assert device.told("message")[0]["message"]["body"] == "Are the tulips in?"

    device.do("send", id="1", chat="Farah Aziz", text="They are!")
    expect(page.locator("#web-lines")).to_contain_text("Mei Tan: They are!")
    expect(page.locator("#web-lines")).to_contain_text("✓✓ read")

    press(page, "Offline")
    expect(state).to_have_text("Test: no connection")
    press(page, "Offline")
    expect(state).to_have_text("Test: ready")
    press(page, "Unlink")
    expect(state).to_have_text("No device is linked.")
    device.until_told("ended", why="unlinked")
    press(page, "Ban")
    expect(page.locator("#trouble")).to_have_text("No device is linked to Mei Tan's phone.")


def test_a_code_is_typed_and_a_passkey_asked_for(page: Page, sandbox: RunningSandbox) -> None:
    device = LinkedDevice(sandbox)
    code = device.do("pair_code", phone="+60115550661")[1]["code"]
    expect(page.get_by_text(f"Test waits: {code}")).to_be_visible()
    press(page, "Ask for a passkey")
    expect(page.get_by_role("button", name="Ask for a passkey")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("A code typed on the phone").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    device.until_told("passkey_request")
    press(page, "Ask for a passkey")
    expect(page.get_by_role("button", name="Ask for a passkey")).to_have_attribute("aria-pressed", "false")
