"""A press of a switch is saved at once, and Undo takes it back; without script the same button works."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import at_a_browser
from tests.live import LiveHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.clause("B2.2", "L3")]

KIND = "Conversations given to you"


def test_a_switch_is_saved_at_once_and_can_be_taken_back(inhabited: LiveHouse, chromium: Browser) -> None:
    with at_a_browser(chromium, inhabited.live) as person:
        page = person.signed_in(inhabited, "Bob").page
        page.goto("/account/notifications/")
        switch = page.get_by_role("switch", name=KIND)
        expect(switch).not_to_be_checked()
        switch.click()
        expect(switch).to_be_checked()
        page.get_by_role("button", name="Undo").click()
        expect(switch).not_to_be_checked()
        switch.click()
        expect(switch).to_be_checked()
        page.reload()
        expect(switch).to_be_checked()


def test_it_works_without_script(inhabited: LiveHouse, chromium: Browser) -> None:
    with at_a_browser(chromium, inhabited.live, java_script_enabled=False) as person:
        page = person.signed_in(inhabited, "Vera").page
        page.goto("/account/notifications/")
        page.get_by_role("switch", name=KIND).click()
        expect(page.get_by_role("switch", name=KIND)).to_be_checked()
        expect(page.locator(".toast")).to_contain_text("is on")
