"""Every answer says how a browser is to guard it, whoever answers: pages, parts, files, doors, refusals and failures."""

import http.client
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import Morsel, SimpleCookie

import pytest

from tests.live import Live, LiveHouse

pytestmark = pytest.mark.clause("A3.2")

OF_EVERY_ANSWER = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "server": "",
}
POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "default",
}
OF_DOORS = {"default-src": "'none'", "frame-ancestors": "'none'", "base-uri": "'none'", "form-action": "'none'"}
FEATURES = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture")
Answer = tuple[int, http.client.HTTPMessage, str]


class Browser:
    """Asks for addresses, with a session or without, and returns status, headers and body."""

    def __init__(self, live: Live, house: LiveHouse) -> None:
        self.live = live
        self.house = house
        self.here = f"/w/{house.handle}"

    def ask(self, path: str, method: str = "GET", *, who: str = "", body: bytes = b"", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.live.port, timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if who:
            named["Cookie"] = f"session={self.house.cookies[who]}"
        try:
            connection.request(method, path, body=body, headers=named)
            answer = connection.getresponse()
            streams = answer.headers.get("Content-Type", "").startswith("text/event-stream")
            return answer.status, answer.headers, "" if streams else answer.read().decode(errors="replace")
        finally:
            connection.close()


@pytest.fixture(scope="module")
def browser(running: Live, kopi: LiveHouse) -> Browser:
    return Browser(running, kopi)


def a_file(browser: Browser) -> str:
    """Return the address of a style sheet that a page names."""
    _, _, page = browser.ask("/account/login/")
    found = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert found is not None
    return found[1]


PAGES: dict[str, tuple[int, Callable[[Browser], Answer]]] = {
    "a public page": (200, lambda it: it.ask("/account/login/")),
    "a member's page": (200, lambda it: it.ask(f"{it.here}/inbox/", who="Alice")),
    "a part of a page": (200, lambda it: it.ask(f"{it.here}/inbox/", who="Alice", HX_Request="true", HX_Target="list")),
    "a redirect": (302, lambda it: it.ask("/")),
    "a page by HEAD": (200, lambda it: it.ask("/account/login/", "HEAD")),
    "an unknown address": (404, lambda it: it.ask("/nowhere/at/all")),
    "another's page": (404, lambda it: it.ask("/w/abcdefgh/inbox/", who="Alice")),
    "a page above one's role": (403, lambda it: it.ask(f"{it.here}/channels/connect/", who="Vera")),
    "a form without a token": (403, lambda it: it.ask("/account/login/", "POST")),
    "a wrong method": (405, lambda it: it.ask(f"{it.here}/settings/name/", who="Alice")),
    "a wrong host": (400, lambda it: it.ask("/account/login/", Host="elsewhere.example")),
    "a file that is not there": (404, lambda it: it.ask("/static/ui/css/nothing.css")),
}
DOORS: dict[str, tuple[int, Callable[[Browser], Answer]]] = {
    "a webhook for nobody": (404, lambda it: it.ask("/hooks/cloud/nobody", "POST")),
    "a webhook without a signature": (401, lambda it: it.ask(f"/hooks/cloud/{it.house.channel}", "POST", body=b"{}")),
    "a webhook's address without its word": (403, lambda it: it.ask(f"/hooks/cloud/{it.house.channel}")),
    "a webhook by a wrong method": (405, lambda it: it.ask(f"/hooks/cloud/{it.house.channel}", "PUT")),
    "the event stream of nobody": (403, lambda it: it.ask(f"/events?w={it.house.handle}")),
    "the event stream": (200, lambda it: it.ask(f"/events?w={it.house.handle}", who="Alice")),
}


@pytest.mark.parametrize("what", PAGES)
def test_a_page_is_guarded_and_kept_nowhere(what: str, browser: Browser) -> None:
    status, ask = PAGES[what]
    got, headers, _ = ask(browser)
    assert got == status
    _is_guarded(headers, POLICY)
    assert "no-store" in headers["Cache-Control"]


@pytest.mark.parametrize("what", DOORS)
def test_an_answer_of_a_door_is_guarded_too(what: str, browser: Browser) -> None:
    status, ask = DOORS[what]
    got, headers, _ = ask(browser)
    assert got == status
    _is_guarded(headers, OF_DOORS)
    assert headers["Cache-Control"] == "no-store"


def test_a_file_is_guarded_and_opened_to_no_other_site(browser: Browser) -> None:
    status, headers, _ = browser.ask(a_file(browser))
    assert status == 200
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "immutable" in headers["Cache-Control"]
    assert headers["Access-Control-Allow-Origin"] is None
    assert (headers["ETag"], headers["Last-Modified"]) == (None, None)  # nobody asks whether it has changed


def test_every_page_gets_a_nonce_of_its_own_and_its_scripts_carry_it(browser: Browser) -> None:
    seen = set()
    for _ in range(3):
        _, headers, page = browser.ask(f"{browser.here}/inbox/", who="Alice")
        script_src = _policy(headers)["script-src"]
        nonce = re.fullmatch(r"'nonce-([A-Za-z0-9+/=]{20,})' 'strict-dynamic'", script_src)
        assert nonce is not None, script_src
        tags = re.findall(r"<script\b[^>]*>", page)
        assert tags
        assert all(f'nonce="{nonce[1]}"' in tag for tag in tags)
        seen.add(nonce[1])
    assert len(seen) == 3


def test_no_page_has_a_script_or_a_style_within_itself(browser: Browser) -> None:
    for path in (
        "/account/login/",
        "/account/signup/",
        "/nowhere",
        f"{browser.here}/inbox/",
        f"{browser.here}/settings/",
    ):
        _, _, page = browser.ask(path, who="Alice" if path.startswith("/w/") else "")
        assert re.findall(r"<script\b[^>]*>\s*[^<\s]", page) == []
        assert re.findall(r"<style\b|\sstyle=|\son\w+=", page) == []


@pytest.mark.clause("B8.1")
def test_cookies_are_for_this_site_and_not_for_scripts(browser: Browser) -> None:
    _, headers, _ = browser.ask("/account/login/")
    _, more, _ = browser.ask("/join/anything/")
    found = _cookies(headers) | _cookies(more)
    assert set(found) == {"csrf", "session"}
    for cookie in found.values():
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")


@pytest.mark.clause("B5.1", "B8.1")
def test_over_https_cookies_are_bound_to_the_host_and_browsers_stay_with_https() -> None:
    with Live("https", environment={"TROTH_BASE_URL": "https://crm.example.test"}) as live:
        connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
        found: dict[str, Morsel[str]] = {}
        for path in ("/account/login/", "/join/anything/"):
            connection.request("GET", path, headers={"Host": "crm.example.test", "X-Forwarded-Proto": "https"})
            answer = connection.getresponse()
            answer.read()
            found |= _cookies(answer.headers)
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        connection.close()
    assert set(found) == {"__Host-csrf", "__Host-session"}
    for cookie in found.values():
        assert cookie["httponly"]
        assert cookie["secure"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")


@pytest.mark.clause("X32")
def test_a_failure_is_guarded_and_tells_nothing_of_itself(browser: Browser) -> None:
    with _broken(browser.live, "contacts_contact"):
        status, headers, page = browser.ask(f"{browser.here}/inbox/", who="Alice")
    with _broken(browser.live, "inbox_draft"):
        _, _, other = browser.ask(f"{browser.here}/inbox/", who="Alice")
    assert status == 500
    assert other == page, "one failure looks like another"
    _is_guarded(headers, POLICY)
    assert "no-store" in headers["Cache-Control"]
    assert "Something went wrong on our side" in page
    assert not re.search(r"Traceback|Exception|Error\b|SELECT|relation|contacts_|django|psycopg|line \d|/troth/", page)


@pytest.mark.clause("X32")
@pytest.mark.parametrize("what", [one for one in PAGES if PAGES[one][0] in (400, 403, 404)])
def test_a_refusal_is_a_page_of_ours_that_names_no_machinery(what: str, browser: Browser) -> None:
    _, headers, page = PAGES[what][1](browser)
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert re.search(r"<h1[^>]*>[^<]+</h1>", page)
    assert ".css" in page
    assert not re.search(r"Traceback|Exception|django|urlconf|ALLOWED_HOSTS|Referer", page, re.IGNORECASE)


@contextmanager
def _broken(live: Live, table: str) -> Iterator[None]:
    """Take a table away for a moment, which no code expects."""
    with live.database() as database:
        database.execute(f'ALTER TABLE "{table}" RENAME TO taken_away'.encode())
        try:
            yield
        finally:
            database.execute(f'ALTER TABLE taken_away RENAME TO "{table}"'.encode())


def _is_guarded(headers: http.client.HTTPMessage, policy: dict[str, str]) -> None:
    assert {name: headers[name] for name in OF_EVERY_ANSWER} == OF_EVERY_ANSWER
    said = _policy(headers)
    assert {name: said.get(name) for name in policy} == policy
    assert "unsafe" not in headers["Content-Security-Policy"]
    allowed = headers["Permissions-Policy"].replace(
        "microphone=(self)", "microphone=()"
    )  # voice messages, in the inbox
    assert all(f"{feature}=()" in allowed for feature in FEATURES)


def _policy(headers: http.client.HTTPMessage) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def _cookies(headers: http.client.HTTPMessage) -> dict[str, "Morsel[str]"]:
    found: SimpleCookie = SimpleCookie()
    for line in headers.get_all("Set-Cookie") or []:
        found.load(line)
    return dict(found)
