"""A browser that walks through everything finds in itself what is declared and nothing else, kept as is promised."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import threads_of
from tests.journeys.crawl import walk
from tests.live import Live, LiveHouse, wait_until
from tests.tls import https_before, server_context
from troth.base.clock import now
from troth.base.cookies import Cookie, Place, Until, cookies

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PUBLIC = [
    "/account/login/",
    "/account/signup/",
    "/account/password/reset/",
    "/account/terms/",
    "/cookies/",
    "/report/child/",
]
STORED = """async () => ({
  local: Object.keys(localStorage), session: Object.keys(sessionStorage), databases: await indexedDB.databases(),
  caches: (await globalThis.caches?.keys()) ?? [], workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
})"""
# The library tries once whether it may store at all, and takes the trial back.
SLACK_S = 120


@dataclass
class Found:
    """What lay in a browser on any of the pages."""

    cookies: dict[str, Any] = field(default_factory=dict)
    local: set[str] = field(default_factory=set)
    session: set[str] = field(default_factory=set)
    pages: int = 0

    def look(self, page: Page) -> None:
        self.pages += 1
        self.cookies |= {str(one.get("name")): one for one in page.context.cookies()}
        stored = page.evaluate(STORED)
        self.local |= set(stored["local"])
        self.session |= set(stored["session"])
        assert (stored["databases"], stored["caches"], stored["workers"]) == ([], [], 0)


def declared(place: Place, name: str, *, secure: bool) -> Cookie | None:
    prefix = "__Host-" if secure and place is Place.COOKIE else ""
    for one in cookies():
        wanted = prefix + one.name
        if one.place is place and (name == wanted or (wanted.endswith("*") and name.startswith(wanted[:-1]))):
            return one
    return None


def check(found: Found, *, secure: bool) -> None:
    """Everything found is declared, essential, and has the attributes that the declaration promises."""
    for name, cookie in found.cookies.items():
        one = declared(Place.COOKIE, name, secure=secure)
        assert one is not None, name
        assert one.essential, name
        assert cookie["httpOnly"] != one.scripts, name
        assert (cookie["secure"], cookie["sameSite"], cookie["path"]) == (secure, "Lax", "/"), name
        assert not cookie["domain"].startswith("."), name
        assert not isinstance(one.life, Until)
        assert cookie["expires"] <= now().timestamp() + one.life.total_seconds() + SLACK_S, name
    for place, names in ((Place.LOCAL, found.local), (Place.SESSION, found.session)):
        assert [name for name in names if declared(place, name, secure=secure) is None] == []


@pytest.mark.clause("B8.1", "B8.2")
def test_a_visitor_who_clicks_nothing_carries_what_pages_need_and_no_more(
    inhabited: LiveHouse, chromium: Browser
) -> None:
    with _fresh(chromium, inhabited.live.url) as context:
        page, found = context.new_page(), Found()
        for _ in walk(page, *PUBLIC, "/nowhere/"):
            found.look(page)
        check(found, secure=False)
        assert found.pages >= len(PUBLIC)
        assert set(found.cookies) <= {"csrf", "session"}
        assert found.local == set()


@pytest.mark.clause("B8.1", "B8.2")
def test_a_member_at_work_carries_what_is_declared(inhabited: LiveHouse, chromium: Browser) -> None:
    with _fresh(chromium, inhabited.live.url) as context:
        context.add_cookies(
            [
                {
                    "name": "session",
                    "value": inhabited.cookies["Alice"],
                    "url": inhabited.live.url,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
            ]
        )
        page, found = context.new_page(), Found()
        for _ in walk(page, f"/w/{inhabited.handle}/inbox/", *threads_of(inhabited)):
            found.look(page)
        _work(page, threads_of(inhabited)[0], found)
        check(found, secure=False)
        assert {"troth_theme", "troth_density", "troth_zone", "troth_details"} <= set(found.cookies)
        assert any(name.startswith("troth:draft:") for name in found.local)


def _work(page: Page, thread: str, found: Found) -> None:
    """Do by hand what leaves something in the browser."""
    page.goto(thread)
    page.get_by_label("Message", exact=True).fill("Half an answer")
    wait_until(lambda: page.evaluate("Object.keys(localStorage).length"))
    found.look(page)
    page.get_by_role("button", name="You and your workspaces").click()
    page.locator("[data-theme-choice=dark]").first.click()
    page.locator("[data-density-choice=compact]").first.click()
    page.keyboard.press("Escape")
    page.locator("[data-fold] > summary").locator("visible=true").first.click()
    page.locator("[data-details-toggle]").locator("visible=true").first.click()
    found.look(page)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Live, str]]:
    """Return the product as people reach it by https, and that address."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"https://127.0.0.1:{listening.getsockname()[1]}"
    context = server_context(Path(tmp_path_factory.mktemp("tls")), "127.0.0.1")
    with (
        Live("padlock", environment={"TROTH_BASE_URL": url}) as live,
        https_before(live.port, context, listening=listening),
    ):
        yield live, url


@pytest.mark.clause("B8.1", "B5.1")
def test_over_https_every_cookie_is_secure_and_bound_to_the_host(secured: tuple[Live, str], chromium: Browser) -> None:
    live, url = secured
    house = live.run(_MAKE_ALICE)
    with _fresh(chromium, url, ignore_https_errors=True) as context:
        page, found = context.new_page(), Found()
        for _ in walk(page, *PUBLIC):
            found.look(page)
        page.goto("/account/signup/")
        session = {"name": "__Host-session", "value": house["cookie"], "url": url, "httpOnly": True}
        context.add_cookies([{**session, "secure": True, "sameSite": "Lax"}])  # type: ignore[typeddict-item]
        page.goto(f"/w/{house['handle']}/inbox/")
        expect(page.locator("#connection")).to_have_attribute("data-state", "live")
        page.get_by_role("button", name="You and your workspaces").click()
        page.locator("[data-theme-choice=dark]").first.click()
        page.goto("/account/preferences/")
        assert page.locator("html").get_attribute("data-theme") == "dark"
        found.look(page)
        check(found, secure=True)
        assert {"__Host-csrf", "__Host-session", "__Host-troth_theme", "__Host-troth_zone"} <= set(found.cookies)
        assert page.evaluate("document.cookie").count("session") == 0


_MAKE_ALICE = """
import json
from tests import cast
from tests.house.two_houses import signed_in
from troth.workspaces.models import Role
house = cast.house("Kopi & Co", people={"Alice": Role.OWNER}, number_id="100000000000009", account_id="200000000000009")
print(json.dumps({"handle": house.handle, "cookie": signed_in(house.users["Alice"])}))
"""


def _fresh(browser: Browser, url: str, **more: Any) -> BrowserContext:
    """Return a browser that has never been anywhere."""
    return browser.new_context(base_url=url, **more)
