"""Where people come by https, nothing is answered in the clear, and whoever comes by https is told to stay with it."""

import http.client
import re
from collections.abc import Iterator

import pytest

from config.https import came_by_https
from tests.live import Live

pytestmark = pytest.mark.clause("B5.1")

HOST = "crm.example.test"
HSTS = "max-age=31536000; includeSubDomains"
SECURE = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
Answer = tuple[int, http.client.HTTPMessage, str]


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("clear", environment={"TROTH_BASE_URL": f"https://{HOST}"}) as running:
        yield running


def ask(live: Live, method: str, path: str, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": HOST} | {k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        connection.close()


def a_file(live: Live) -> str:
    found = re.search(r'href="(/static/[^"]+\.css)"', ask(live, "GET", "/account/login/", **SECURE)[2])
    assert found is not None
    return found[1]


def test_every_kind_of_answer_says_to_stay_with_https(live: Live) -> None:
    for method, path, status in (
        ("GET", "/account/login/", 200),
        ("GET", "/", 302),
        ("GET", "/nowhere/", 404),
        ("GET", a_file(live), 200),
        ("GET", "/static/nothing.css", 404),
        ("POST", "/account/login/", 403),
        ("POST", "/hooks/cloud/nobody", 404),
        ("POST", "/meta/data-deletion/", 400),
        ("POST", "/mail/events/", 401),
        ("GET", "/events?w=x", 403),
    ):
        got, headers, _ = ask(live, method, path, **SECURE)
        assert got == status, path
        assert headers.get_all("Strict-Transport-Security") == [HSTS], path


@pytest.mark.parametrize("path", ["/", "/account/login/", "/cookies/?x=1%202", "/static/x.css", "//evil.example/"])
def test_a_page_in_the_clear_is_sent_to_https(live: Live, path: str) -> None:
    for headers in ({}, {"X_Forwarded_Proto": "http"}, {"X_Forwarded_Proto": "https, http"}):
        status, answer, _ = ask(live, "GET", path, **headers)
        assert (status, answer["Location"]) == (301, f"https://{HOST}{path}")
        assert answer["Set-Cookie"] is None


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/hooks/cloud/x"),
        ("GET", "/hooks/cloud/x"),
        ("POST", "/meta/data-deletion/"),
        ("POST", "/meta/deauthorize/"),
        ("POST", "/mail/events/"),
        ("POST", "/mail/off/x/"),
        ("GET", "/events?w=x"),
        ("POST", "/account/login/"),
        ("PUT", "/w/abcdefgh/inbox/"),
    ],
)
def test_anything_else_in_the_clear_is_refused(live: Live, method: str, path: str) -> None:
    status, headers, _ = ask(live, method, path)
    assert (status, headers["Location"], headers["Set-Cookie"]) == (403, None, None)


@pytest.mark.parametrize(
    ("said", "proxies", "believed"),
    [
        ([b"https"], 1, True),
        ([b"HTTPS"], 1, True),
        ([b"https, https"], 2, True),
        ([b"https", b"https"], 2, True),
        ([], 1, False),
        ([b""], 1, False),
        ([b"http"], 1, False),
        ([b"https, http"], 1, False),
        ([b"https", b"http"], 1, False),
        ([b"https"], 0, False),
    ],
)
def test_what_is_believed_of_how_a_request_came(said: list[bytes], proxies: int, believed: bool) -> None:
    scope = {"headers": [(b"host", b"x"), *((b"x-forwarded-proto", one) for one in said)]}
    assert came_by_https(scope, proxies=proxies) is believed
