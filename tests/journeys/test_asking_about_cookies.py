"""Where something may be refused, refusing is as easy as accepting, and until then nothing of it lies in the browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import at_a_browser
from tests.journeys.crawl import walk
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.clause("B8.2", "B8.3", "L3")]

# What makes one button louder than another.
LOOKS = """(button) => {
  const look = getComputedStyle(button), box = button.getBoundingClientRect();
  return {color: look.color, ground: look.backgroundColor, size: look.fontSize, weight: look.fontWeight, line: look.border,
    round: look.borderRadius, shade: look.boxShadow, top: Math.round(box.top), height: Math.round(box.height),
    width: Math.round(box.width)};
}"""
PAGES = ["/account/login/", "/account/signup/", "/account/terms/", "/report/child/", "/nowhere/"]


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("asking", environment={"DJANGO_SETTINGS_MODULE": "tests.optional.settings"}) as running:
        yield running


def has_tally(page: Page) -> bool:
    return any(one.get("name") == "tally" for one in page.context.cookies())


def test_without_a_click_nothing_optional_comes(live: Live, chromium: Browser) -> None:
    with at_a_browser(chromium, live) as person:
        for _ in walk(person.page, *PAGES):
            assert not has_tally(person.page)


@pytest.mark.parametrize("size", [(1366, 900), (390, 844), (320, 640)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accept_and_reject_look_the_same(live: Live, chromium: Browser, size: tuple[int, int], scheme: str) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with at_a_browser(chromium, live, viewport=viewport, color_scheme=scheme) as person:
        person.page.goto("/account/login/")
        accept, reject = (person.page.get_by_role("button", name=name) for name in ("Accept", "Reject"))
        assert accept.evaluate(LOOKS) == reject.evaluate(LOOKS)
        assert person.page.get_by_role("button", name="Accept").count() == 1


@pytest.mark.parametrize(("answer", "left"), [("Accept", True), ("Reject", False)])
def test_either_takes_one_click(live: Live, chromium: Browser, answer: str, left: bool) -> None:
    with at_a_browser(chromium, live) as person:
        page = person.page
        page.goto("/account/terms/")
        page.get_by_role("button", name=answer).click()
        expect(page).to_have_url(f"{live.url}/account/terms/")
        expect(page.locator(".cookie-question")).to_have_count(0)
        page.goto("/account/login/")
        expect(page.locator(".cookie-question")).to_have_count(0)
        assert has_tally(page) is left


def test_taking_it_back_is_as_easy_and_takes_away_what_was_left(live: Live, chromium: Browser) -> None:
    with at_a_browser(chromium, live) as person:
        page = person.page
        page.goto("/account/login/")
        page.get_by_role("button", name="Accept").click()
        page.goto("/account/login/")
        assert has_tally(page)
        page.get_by_role("link", name="Cookies").click()
        expect(page.get_by_role("checkbox")).to_be_checked()
        page.get_by_role("button", name="Reject all").click()
        assert not has_tally(page)
        page.goto("/account/login/")
        assert not has_tally(page)


def test_one_may_choose_by_hand_and_no_box_is_ticked_beforehand(live: Live, chromium: Browser) -> None:
    with at_a_browser(chromium, live) as person:
        page = person.page
        page.goto("/account/login/")
        page.get_by_role("link", name="Choose").click()
        expect(page.get_by_role("checkbox")).not_to_be_checked()
        page.get_by_role("button", name="Save my choice").click()
        page.goto("/account/login/")
        assert not has_tally(page)


def test_the_question_is_no_wall(live: Live, chromium: Browser) -> None:
    with at_a_browser(chromium, live, viewport={"width": 390, "height": 844}) as person:
        page = person.page
        page.goto("/account/login/")
        page.get_by_label("E-mail").fill("alice@example.test")
        page.get_by_role("link", name="Cookies").scroll_into_view_if_needed()
        page.get_by_role("link", name="Cookies").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("What we keep")


def test_a_browser_that_says_no_is_not_asked(live: Live, chromium: Browser) -> None:
    with at_a_browser(chromium, live, extra_http_headers={"Sec-GPC": "1"}) as person:
        for _ in walk(person.page, *PAGES):
            expect(person.page.locator(".cookie-question")).to_have_count(0)
            assert not has_tally(person.page)
