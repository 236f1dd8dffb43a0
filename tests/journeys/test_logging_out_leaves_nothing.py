"""After logging out, whoever sits down at the same browser finds nothing: not by going back, nor in what it has kept."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import at_a_browser
from tests.live import Live, LiveHouse, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.clause("A3.2", "X24")]

KEPT = """async () => ({
  local: Object.entries(localStorage).flat().join(" "),
  tab: Object.entries(sessionStorage).flat().join(" "),
  caches: (await caches.keys()).length,
  databases: (await indexedDB.databases()).length,
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("leaving") as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    house = live.house("Kopi & Co", Alice="owner")
    live.sandbox.say("A secret between us", to=house.number_id, from_="60123456789", name="Mei Ling")
    wait_until(lambda: "Mei Ling" in house.page("inbox/", who="Alice")[1])
    return house


def test_nothing_of_the_work_is_left_in_the_browser(live: Live, house: LiveHouse, chromium: Browser) -> None:
    with at_a_browser(chromium, live) as alice:
        page = alice.signed_in(house, "Alice").page
        page.goto(f"/w/{house.handle}/inbox/")
        page.locator("[data-row]").get_by_role("link").click()
        thread = page.url if "/inbox/" in page.url else ""
        expect(page.locator("#messages")).to_contain_text("A secret between us")
        page.get_by_label("Message", exact=True).fill("Half an answer")
        wait_until(
            lambda: "Half an answer" in page.evaluate(KEPT)["local"]
        )  # so the search below looks where it is kept
        page.evaluate("sessionStorage.setItem('troth:places', '{\"file-1\":7}')")
        _log_out(page)
        kept = page.evaluate(KEPT)
        assert "troth:" not in kept["tab"]
        assert "/w/" not in kept.pop("tab")  # the library notes the address of the page that is open
        assert kept == {"local": "", "caches": 0, "databases": 0, "workers": 0}
        for _ in range(3):
            page.go_back()
            assert "A secret" not in page.content()
            assert "Mei Ling" not in page.content()
        page.goto(thread)
        expect(page.get_by_role("button", name="Log in", exact=True)).to_be_visible()
        cookies = {one["name"]: one["value"] for one in alice.context.cookies()}
        assert cookies.get("session", "") != house.cookies["Alice"]


def _log_out(page: Page) -> None:
    page.get_by_role("button", name="You and your workspaces").click()
    with page.expect_response(lambda answer: "/account/logout/" in answer.url) as left:
        page.get_by_role("menuitem", name="Log out").click()
    assert left.value.all_headers()["clear-site-data"] == '"cache", "storage"'
    expect(page.get_by_role("button", name="Log in", exact=True)).to_be_visible()
