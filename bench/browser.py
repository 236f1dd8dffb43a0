"""A real browser on the stage: the machine's own Chromium, or the one that Playwright brought."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.stage import House, Product
from config.checks.browser import chromium

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SCREEN = {"width": 1366, "height": 768}


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Run Chromium without a window."""
    path = os.environ.get("TROTH_CHROMIUM") or chromium() or None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


def agent_at(browser: Browser, product: Product, house: House, *, member: int = 1) -> BrowserContext:
    """Give a fresh profile with a member's session, at a laptop's screen."""
    url = f"http://127.0.0.1:{product.port}"
    context = browser.new_context(base_url=url, viewport={"width": SCREEN["width"], "height": SCREEN["height"]})
    context.add_cookies([{"name": "session", "value": house.cookies[member], "url": url}])
    return context
