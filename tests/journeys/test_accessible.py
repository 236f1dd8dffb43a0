"""Everybody can use it: all pages by axe in light, dark and from right to left, wide and narrow; the keyboard; zoom."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser import Person, at_a_browser
from tests.journeys.conftest import begun, behind_the_staffs_door, threads_of
from tests.journeys.crawl import kind_of, walk
from tests.journeys.layout import cut_off
from tests.live import LiveHouse

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
# What fades from one colour to another is looked at when it has arrived.
RUN = """async () => {
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  for (const one of document.getAnimations()) if (one.effect.getComputedTiming().endTime < Infinity) one.finish();
  return axe.run(document, {resultTypes: ["violations"]}).then((found) => found.violations.flatMap((one) =>
  one.nodes.map((node) => `${one.id}: ${node.target} ${node.failureSummary.split("\\n").slice(1, 3).join(" ")}`)));
}"""
Looks = tuple[tuple[Literal["light", "dark"], ViewportSize], ...]
WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
# Together with the directions: every look at every width, every width and every look in every direction.
PAIRS: dict[str, Looks] = {"ltr": (("light", WIDE), ("dark", NARROW)), "rtl": (("light", NARROW),)}
LOCALES = {"ltr": "en-US", "rtl": "ar"}
PUBLIC = ["/account/login/", "/account/signup/", "/account/password/reset/", "/account/terms/", "/account/inactive/"]
PUBLIC += ["/cookies/", "/report/child/"]
OTHER = ["/account/password/reset/done/", "/join/", "/nowhere/"]

# Every element that takes the focus by Tab, and the ones of those that had it.
FOCUSABLE = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({visibilityProperty: true})
    && !(one.closest("[popover]") && !one.closest("[popover]").matches(":popover-open"))
    && !(one.type === "radio" && !one.checked))"""
HERE = """() => {
  const one = document.activeElement;
  (window.visited ??= new Set()).add(one);
  if (one === document.body) return "";
  const rings = [one, one.parentElement, one.parentElement.parentElement].map((part) => getComputedStyle(part));
  const ring = rings.some((look) => (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2) || look.boxShadow !== "none");
  const box = one.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, innerHeight - box.y) / 2);
  const seen = box.width > 0 && top && (one.contains(top) || top.contains(one));
  return (ring ? "" : "no ring ") + (seen ? "" : "hidden ") + one.outerHTML.slice(0, 120);
}"""


@pytest.mark.parametrize("direction", LOCALES)
@pytest.mark.parametrize("who", ["", "Alice"])
def test_no_page_has_anything_that_axe_objects_to(
    who: str, direction: str, inhabited: LiveHouse, chromium: Browser
) -> None:
    found: list[str] = []
    with _at(chromium, inhabited, who=who, locale=LOCALES[direction]) as person:
        starts = [*threads_of(inhabited), begun(inhabited), "/nowhere/"] if who else [*PUBLIC, *OTHER]
        for answer in walk(person.page, *starts):
            where = kind_of(answer.url.removeprefix(inhabited.live.url))
            assert person.page.locator("html").get_attribute("dir") == direction
            found += [f"{where} {one}" for one in _objections(person.page, PAIRS[direction])]
    assert not found, "\n".join(found)


def test_nor_has_a_page_behind_the_staffs_door(inhabited: LiveHouse, chromium: Browser) -> None:
    found, seen = [], set()
    with _at(chromium, inhabited, who="") as person:
        session = behind_the_staffs_door(inhabited.live)
        person.context.add_cookies([{"name": "session", "value": session, "url": inhabited.live.url}])
        for answer in walk(person.page, "/staff/"):
            where = kind_of(answer.url.removeprefix(inhabited.live.url))
            seen.add(where)
            found += [f"{where} {one}" for one in [*_objections(person.page), *cut_off(person.page)]]
    assert found == []
    registers = {f"/staff/{one}/" for one in ("break-glass", "disclosures", "breaches", "senders")}
    assert seen >= {"/staff/", "/staff/requests/*/", *registers}


def _menu_of_the_account(page: Page) -> None:
    page.get_by_role("button", name="You and your workspaces").click()
    expect(page.locator("#account-menu")).to_be_visible()


def _menu_of_the_thread(page: Page) -> None:
    page.get_by_role("button", name="More").click()
    expect(page.locator("#thread-menu")).to_be_visible()


def _menu_for_assigning(page: Page) -> None:
    page.locator("[popovertarget=assign-menu]").click()
    expect(page.locator("#assign-menu")).to_be_visible()


def _shortcuts(page: Page) -> None:
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def _a_toast(page: Page) -> None:
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Mark unread").click()
    expect(page.locator(".toast")).to_be_visible()


OPENED: dict[str, Callable[[Page], None]] = {
    "the menu of the account": _menu_of_the_account,
    "the menu of the thread": _menu_of_the_thread,
    "the menu for assigning": _menu_for_assigning,
    "the shortcuts": _shortcuts,
    "a toast": _a_toast,
}


@pytest.mark.parametrize("what", OPENED)
def test_nor_has_what_opens_on_a_page(what: str, inhabited: LiveHouse, chromium: Browser) -> None:
    with _at(chromium, inhabited, who="Alice", viewport=WIDE) as person:
        person.page.goto(threads_of(inhabited)[0])
        expect(person.page.locator("#connection")).to_have_attribute("data-state", "live")
        OPENED[what](person.page)
        for scheme in ("light", "dark"):
            person.page.emulate_media(color_scheme=scheme)
            assert person.page.evaluate(RUN) == [], scheme


def test_nor_has_a_form_that_was_refused(inhabited: LiveHouse, chromium: Browser) -> None:
    with _at(chromium, inhabited, who="") as person:
        person.page.goto("/account/login/")
        person.page.get_by_label("E-mail").fill("nobody@example.test")
        person.page.get_by_label("Password", exact=True).fill("not a password of anybody")
        person.page.get_by_role("button", name="Log in", exact=True).click()
        expect(person.page.locator("[role=alert], .errorlist, .field-error").first).to_be_visible()
        assert _objections(person.page) == []


def test_axe_would_object(inhabited: LiveHouse, chromium: Browser) -> None:
    """The tests above find nothing: this one shows that they look."""
    with _at(chromium, inhabited, who="") as person:
        person.page.goto("/account/login/")
        person.page.evaluate("document.documentElement.removeAttribute('lang')")
        assert len(_objections(person.page)) == 2


@pytest.mark.parametrize("direction", LOCALES)
def test_every_control_of_the_inbox_is_reached_by_tab_and_shows_it(
    direction: str, inhabited: LiveHouse, chromium: Browser
) -> None:
    with _at(chromium, inhabited, who="Alice", locale=LOCALES[direction], viewport=WIDE) as person:
        page = person.page
        page.goto(threads_of(inhabited)[0])
        expect(page.locator("#connection")).to_have_attribute("data-state", "live")
        page.evaluate(f"document.activeElement.blur(); window.wanted = ({FOCUSABLE})()")
        stops = []
        for _ in range(page.evaluate(f"({FOCUSABLE})().length") + 10):
            page.keyboard.press("Tab")
            stops.append(page.evaluate(HERE))
        assert [stop for stop in stops if stop.startswith(("no ring", "hidden"))] == []
        missed = "window.wanted.filter((one) => !window.visited.has(one)).map((one) => one.outerHTML.slice(0, 120))"
        assert page.evaluate(missed) == []


@pytest.mark.parametrize("opener", ["[popovertarget=account-menu]", "[popovertarget=thread-menu]", "[data-key='?']"])
def test_escape_closes_what_was_opened_and_gives_the_focus_back(
    opener: str, inhabited: LiveHouse, chromium: Browser
) -> None:
    with _at(chromium, inhabited, who="Alice", viewport=WIDE) as person:
        page = person.page
        page.goto(threads_of(inhabited)[0])
        expect(page.locator("#connection")).to_have_attribute("data-state", "live")
        page.locator(opener).focus()
        page.keyboard.press("Enter")
        opened = page.locator("[popover]:popover-open, dialog[open]")
        expect(opened).to_be_visible()
        page.wait_for_function(  # the focus goes in once the browser has told the page that it is open
            "document.querySelector('[popover]:popover-open, dialog[open]').contains(document.activeElement)"
        )
        page.keyboard.press("Escape")
        expect(opened).to_have_count(0)
        expect(page.locator(opener)).to_be_focused()


SMALL: dict[str, dict[str, Any]] = {
    "320 pixels": {"viewport": {"width": 320, "height": 640}},
    "enlarged to 200 %": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
    "enlarged to 400 %": {"viewport": {"width": 320, "height": 225}, "device_scale_factor": 4},
}


@pytest.mark.parametrize("size", SMALL)
@pytest.mark.parametrize("direction", LOCALES)
def test_nothing_is_cut_off_on_a_small_or_enlarged_page(
    size: str, direction: str, inhabited: LiveHouse, chromium: Browser
) -> None:
    here = f"/w/{inhabited.handle}"
    pages = [f"{here}/{part}/" for part in ("inbox", "settings", "settings/members", "settings/teams", "channels")]
    with _at(chromium, inhabited, who="Alice", locale=LOCALES[direction], **SMALL[size]) as person:
        for path in [
            *pages,
            threads_of(inhabited)[0],
            begun(inhabited),
            f"{here}/channels/connect/",
            "/account/security/",
        ]:
            person.page.goto(path)
            assert cut_off(person.page) == [], path
    with _at(chromium, inhabited, who="", locale=LOCALES[direction], **SMALL[size]) as person:
        for path in PUBLIC:
            person.page.goto(path)
            assert cut_off(person.page) == [], path


def test_text_may_be_twice_as_large(inhabited: LiveHouse, chromium: Browser) -> None:
    with _at(chromium, inhabited, who="Alice", viewport=WIDE) as person:
        client = person.context.new_cdp_session(person.page)
        client.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
        for path in (f"/w/{inhabited.handle}/inbox/", threads_of(inhabited)[0], f"/w/{inhabited.handle}/settings/"):
            person.page.goto(path)
            assert person.page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
            assert cut_off(person.page) == [], path


def _objections(page: Page, looks: Looks = PAIRS["ltr"]) -> list[str]:
    """Return what axe finds wrong with the open page in these looks."""
    found = []
    for scheme, size in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        found += [f"({scheme}, {size['width']}) {one}" for one in page.evaluate(RUN)]
    return found


@contextmanager
def _at(browser: Browser, house: LiveHouse, *, who: str, **looks: Any) -> Iterator[Person]:
    """Open a browser in which axe is at hand, for a member or for nobody."""
    with at_a_browser(browser, house.live, reduced_motion="reduce", **looks) as person:
        person.context.add_init_script(AXE)
        yield person.signed_in(house, who) if who else person
