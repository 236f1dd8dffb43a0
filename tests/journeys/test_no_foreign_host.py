"""No page asks another host for anything, and every link of ours leads somewhere: all pages, as everybody."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser import Person, at_a_browser
from tests.house.authz import PUBLIC, Line, routes
from tests.house.lines import LINES
from tests.journeys.conftest import begun, status_page
from tests.journeys.crawl import kind_of, walk
from tests.live import LiveHouse
from troth.privacy.policy.versions import versions
from troth.workspaces.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.clause("A2.3b", "B8.2")]

PEOPLE = {"Alice": Role.OWNER, "Ada": Role.ADMIN, "Bob": Role.AGENT, "Vera": Role.VIEWER}
# Pages to which no link leads: one is sent there, or comes by a mail.
UNLINKED = [
    "/account/inactive/",
    "/account/password/reset/done/",
    "/account/deletion/done/",
    "/account/deletion/gone/",
    "/dev/mail/",
    "/nowhere/",
    "/join/",
    "/workspaces/",  # the menu shows the same
    f"/privacy/versions/{versions()[0].name}/{versions()[-1].name}/",  # linked once there are two
]
# Where something is first to be typed or made, so that a walk along links does not come there.
BEHIND_A_FORM = {
    "/account/reauthenticate/",
    "/account/reauthenticate/passkey/",
    "/account/totp/activate/",
    "/account/recovery-codes/generate/",
    "/account/passkeys/add/",
    "/account/passkeys/*/remove/",
    "/account/passkeys/*/rename/",
    "/account/password/",  # for who has one
    "/workspaces/menu/",  # a part of a page
    "/w/*/access-log/chain/",  # a part of a page
    "/w/*/privacy/exports/*/",  # a copy: admins come to one from a request, once it was asked for
    "/w/*/privacy/import/*/",  # a file is brought, into a workspace that has nothing yet
    "/w/*/privacy/usage/rows.csv",  # a file
    "/w/*/spending/file/",  # a file
    "/w/*/channels/rates/sample/",  # a file
    "/w/*/inbox/*/say/*/",  # a part of a page
    "/w/*/inbox/*/flows/",  # a part of a page
    "/w/*/inbox/*/products/",  # a part of a page
    "/w/*/inbox/*/flows/*/",  # a part of a page
    "/w/*/inbox/*/scheduled/*/",  # a part of a page
    "/w/*/privacy/forgetting/*/certificate.pdf",  # a file, once somebody is gone
    "/w/*/privacy/forgetting/*/certificate.txt",
}
RESOURCES = """() => [...document.querySelectorAll("[src], link[href], use[href], form[action], [srcset], [poster], [data]")]
  .flatMap((one) => [one.src, one.tagName === "A" ? "" : one.href?.baseVal ?? one.href, one.action, one.poster])
  .filter((one) => typeof one === "string" && /^[a-z]+:/.test(one)).map((one) => new URL(one, location).origin)"""


# An admin's pages are among an owner's.
@pytest.mark.parametrize("who", ["Alice", "Bob", "Vera"])
def test_no_page_of_a_member_asks_another_host_and_no_link_is_dead(
    who: str, inhabited: LiveHouse, chromium: Browser
) -> None:
    here = f"/w/{inhabited.handle}"
    # Of a kind one page is opened, which may be that of the number that has no templates.
    starts = (f"{here}/inbox/", begun(inhabited), f"{here}/channels/{inhabited.channel}/templates/")
    with at_a_browser(chromium, inhabited.live) as person:
        seen = _walk(person.signed_in(inhabited, who), *starts, *UNLINKED)
    pages = {kind: line.who for kind, line in _pages().items() if line.who != PUBLIC}
    wanted = {kind for kind, least in pages.items() if not isinstance(least, Role) or PEOPLE[who].covers(least)}
    assert wanted - seen - BEHIND_A_FORM == set()


def test_no_page_of_who_is_not_signed_in_asks_another_host(inhabited: LiveHouse, chromium: Browser) -> None:
    with at_a_browser(chromium, inhabited.live) as person:
        seen = _walk(person, "/", status_page(inhabited), *UNLINKED)
    public = {kind for kind, line in _pages().items() if line.who == PUBLIC}
    # A mail leads to the second, and the third is for machines.
    assert public - seen == {"/account/logout/", "/mail/off/*/", "/.well-known/gpc.json"}


def _walk(person: Person, *starts: str) -> set[str]:
    """Open every page and return the kinds that were there. The person's troubles tell of requests elsewhere."""
    seen, here = set(), person.live.url
    for answer in walk(person.page, *starts):
        where = kind_of(answer.url.removeprefix(here))
        if where not in ("/nowhere/", "/join/", "/w/*/channels/*/"):
            assert answer.status < 400, f"{where} answers {answer.status}"
        assert answer.status < 500
        assert {origin for origin in person.page.evaluate(RESOURCES)} - {here, "data:", "null"} == set(), where
        assert not re.search(r"""(src|srcset|poster|background)\s*=\s*["']?(https?:)?//""", answer.text())
        seen.add(where)
    return seen


def _pages() -> dict[str, Line]:
    """Return the pages that answer a GET with a page to whom they are for, by kind."""
    found = {}
    for route in routes():
        line = LINES.get(route.pattern)
        if line is None or 200 not in (line.answers.get("GET"), (line.anonymous or {}).get("GET")):
            continue
        found["/" + re.sub(r"<[^>]+>", "*", route.pattern)] = line
    return found
