"""A real browser for tests: one Chromium a test process, one fresh profile a person, and nothing may go wrong unseen."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config.checks.browser import chromium
from tests.live import Live, LiveHouse

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",  # a microphone that beeps
    "--use-fake-ui-for-media-stream",
)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run Chromium: the machine's own, or Playwright's where there is none."""
    path = os.environ.get("TROTH_CHROMIUM") or chromium() or None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()


class Person:
    """Somebody at a browser. `troubles` collects script errors, blocked content and requests to other hosts."""

    def __init__(self, browser: Browser, live: Live, **looks: Any) -> None:
        self.live = live
        self.context: BrowserContext = browser.new_context(base_url=live.url, **looks)
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        self.page.on("console", lambda line: self._console(line.type, line.text))
        self.page.on("request", lambda request: self._request(request.url))

    def signed_in(self, house: LiveHouse, who: str) -> "Person":
        """Give the browser a member's session."""
        self.context.add_cookies([{"name": "session", "value": house.cookies[who], "url": self.live.url}])
        # Messages leave at once; the seconds in which they can be taken back have a test of their own.
        self.context.add_cookies([{"name": "troth_hold", "value": "off", "url": self.live.url}])
        return self

    def close(self) -> None:
        self.context.close()

    def _console(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:
            self.troubles.append(f"console: {text}")

    def _request(self, url: str) -> None:
        if not url.startswith((self.live.url, "blob:", "data:")):
            self.troubles.append(f"foreign: {url}")


@contextmanager
def at_a_browser(browser: Browser, live: Live, **looks: Any) -> Iterator[Person]:
    """Open a browser for one person; afterwards nothing may have gone wrong in it."""
    person = Person(browser, live, **looks)
    try:
        yield person
        assert person.troubles == []
    except BaseException:
        if folder := os.environ.get("TROTH_TEST_LOGS"):
            person.page.screenshot(path=f"{folder}/last-failure.png")
        raise
    finally:
        person.close()
