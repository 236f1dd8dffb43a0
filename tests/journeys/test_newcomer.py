"""A newcomer's first minutes in a real browser: sign up, prove the address, connect a number, answer a customer."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import at_a_browser
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("newcomer") as running:
        yield running


@pytest.fixture(scope="module")
def browser(chromium: Browser) -> Browser:
    return chromium


def test_from_signing_up_to_a_message_that_was_read(live: Live, browser: Browser) -> None:
    account = live.sandbox.create_account(name="Dina Bakes")
    number = account["numbers"][0]["phone_number_id"]
    with at_a_browser(browser, live) as dina:
        page = dina.page
        sign_up(page, name="Dina", email="dina@example.test", company="Dina Bakes")
        prove_address(page)
        expect(page).to_have_url(re.compile(r"/w/[a-z0-9]+/inbox/$"))
        workspace = page.url.partition("/inbox/")[0]
        page.goto(f"{workspace}/channels/connect/")
        page.locator("[name=number_id]").fill(number)
        page.locator("[name=account_id]").fill(account["waba_id"])
        page.locator("[name=token]").fill(account["token"])
        page.locator("[name=app_secret]").fill(account["app_secret"])
        page.locator("form", has=page.locator("[name=number_id]")).get_by_role("button", name="Check").click()
        expect(page.locator("#outcome")).to_contain_text("Connected", timeout=20_000)
        expect(page.locator("#checks .step-bad")).to_have_count(0)
        assert account["token"] not in page.content()
        assert account["app_secret"] not in page.content()
        live.sandbox.say("Do you have sourdough?", to=number, from_="60123456789", name="Mei Ling")
        expect(page.locator("#checks .step-ok")).to_have_count(6, timeout=20_000)
        page.goto(f"{workspace}/inbox/")
        page.locator("[data-row]", has_text="Mei Ling").get_by_role("link").click()
        page.get_by_label("Message", exact=True).fill("Fresh at eight.")
        page.keyboard.press("Enter")
        bubble = page.locator("#messages .message-out", has_text="Fresh at eight.")
        expect(bubble.locator(".tick-read")).to_be_visible(timeout=10_000)


def sign_up(page: Page, *, name: str, email: str, company: str) -> None:
    """Fill in the sign-up form and send it."""
    page.goto("/account/signup/")
    for field, value in (("name", name), ("email", email), ("company", company), ("birth_year", "1990")):
        page.locator(f"[name={field}]").fill(value)
    page.locator("[name=password1]").fill("a long and fine password")
    page.locator("[name=terms]").check()
    page.locator("form", has=page.locator("[name=company]")).locator("button:not([type=button])").click()


def prove_address(page: Page) -> None:
    """Read the code in the outbox of development and type it in."""
    expect(page.locator("[name=code]")).to_be_visible()
    outbox = page.context.new_page()
    code = None
    for _ in range(40):
        outbox.goto("/dev/mail/")
        code = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", outbox.inner_text("body"))
        if code:
            break
        outbox.wait_for_timeout(250)
    outbox.close()
    assert code is not None
    page.locator("[name=code]").fill(code.group(0))
    page.locator("form", has=page.locator("[name=code]")).get_by_role("button", name="Go on").click()
