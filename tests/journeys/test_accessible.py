"""Everybody can use it: all pages by axe in light, dark and from right to left, wide and narrow; the keyboard; zoom."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser import Person, at_a_browser
from tests.journeys.conftest import begun
from tests.journeys.crawl import kind_of, walk
from tests.live import LiveHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
# What fades from one colour to another is looked at when it has arrived.
RUN = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const one of document.getAnimations()) one.finish();
  return axe.run(document, {resultTypes: ["violations"]}).then((found) => found.violations.flatMap((one) =>
  one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary.split("\\n").slice(1, 3).join(" ")}`)));
}"""
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "from left to right": {"locale": "en-US"},
    "from right to left": {"locale": "ar"},
}
PUBLIC = ["/account/login/", "/account/signup/", "/account/password/reset/", "/account/terms/", "/account/inactive/"]
OTHER = ["/account/password/reset/done/", "/join/", "/nowhere/"]


@pytest.mark.parametrize("looks", LOOKS)
@pytest.mark.parametrize("who", ["", "Alice"])
def test_no_page_has_anything_that_axe_objects_to(
    who: str, looks: str, inhabited: LiveHouse, chromium: Browser
) -> None:
    found: list[str] = []
    with _at(chromium, inhabited, who=who, **LOOKS[looks]) as person:
        starts = [f"/w/{inhabited.handle}/inbox/", begun(inhabited), "/nowhere/"] if who else [*PUBLIC, *OTHER]
        for answer in walk(person.page, *starts):
            where = kind_of(answer.url.removeprefix(inhabited.live.url))
            assert person.page.locator("html").get_attribute("dir") == ("ltr" if looks == "from left to right" else "rtl")
            found += [f"{where} {one}" for one in _objections(person.page)]
    assert found == []


def _objections(page: Page) -> list[str]:
    """Return what axe finds wrong with the open page, light and wide, then dark and narrow."""
    found = []
    for scheme, size in (("light", WIDE), ("dark", NARROW), ("dark", WIDE), ("light", NARROW)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words
        page.set_viewport_size(size)  # type: ignore[arg-type]  # a width and a height
        found += [f"({scheme}, {size['width']}) {one}" for one in page.evaluate(RUN)]
    return found


def _at(browser: Browser, house: LiveHouse, *, who: str, **looks: Any) -> Any:
    from contextlib import contextmanager

    @contextmanager
    def opened() -> Iterator[Person]:
        with at_a_browser(browser, house.live, reduced_motion="reduce", **looks) as person:
            person.context.add_init_script(AXE)
            yield person.signed_in(house, who) if who else person

    return opened()
