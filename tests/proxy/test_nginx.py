"""The proxy file that we hand out, in front of the real product: what people, programs and impostors get through it."""

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.live import ROOT, Live, free_port, wait_until
from tests.tls import Authority, write_certificate

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.clause("B5.1"),
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx)"),
]

HOST = "crm.example.com"
HSTS = "max-age=31536000; includeSubDomains"
AROUND = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 256; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi; access_log off;
  include {folder}/troth.conf;
}}
"""
Answer = tuple[int, http.client.HTTPMessage, bytes]


@dataclass
class Front:
    """nginx before the product."""

    live: Live
    plain: int
    tls: int
    handle: str
    channel: str
    cookie: str

    def ask(
        self,
        method: str,
        path: str,
        *,
        secure: bool = True,
        body: bytes = b"",
        host: str = HOST,
        shows: tuple[Path, Path] | None = None,
        **headers: str,
    ) -> Answer:
        """Ask for an address; with `shows` as whoever this certificate and key belong to."""
        connection: http.client.HTTPConnection
        if secure:
            anyone = ssl.create_default_context()
            anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
            if shows is not None:
                anyone.load_cert_chain(*shows)
            connection = http.client.HTTPSConnection("127.0.0.1", self.tls, timeout=10, context=anyone)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=10)
        named = {"Host": host} | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body=body, headers=named)
            answer = connection.getresponse()
            streams = answer.headers.get("Content-Type", "").startswith("text/event-stream")
            return answer.status, answer.headers, answer.read1(4096) if streams else answer.read()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("nginx", environment={"TROTH_BASE_URL": f"https://{HOST}"}) as running:
        yield running


@pytest.fixture(scope="module")
def made(live: Live) -> dict[str, str]:
    house: dict[str, str] = live.run(_MAKE)
    return house


@pytest.fixture(scope="module")
def front(live: Live, made: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with running(Path(tmp_path_factory.mktemp("nginx")), live, made) as one:
        yield one


@pytest.fixture(scope="module")
def meta(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Stand in for Meta's own authority."""
    return Authority(Path(tmp_path_factory.mktemp("meta")), "meta-outbound-api-ca")


@pytest.fixture(scope="module")
def guarded(
    live: Live, made: dict[str, str], meta: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Front]:
    """The same, with the lines about Meta's client certificate taken in."""
    with running(Path(tmp_path_factory.mktemp("mtls")), live, made, authority=meta) as one:
        yield one


@contextmanager
def running(folder: Path, live: Live, made: dict[str, str], *, authority: Authority | None = None) -> Iterator[Front]:
    """Run nginx with our file before the product."""
    plain, tls = free_port(), free_port()
    certificate, key = write_certificate(folder, HOST)
    ours = (ROOT / "docs" / "proxy" / "nginx.conf").read_text()
    if authority is not None:
        ours, count = re.subn(r"#mtls ", "", ours)
        assert count == 6  # five lines, and what is said of them
        ours = ours.replace("/etc/nginx/meta-outbound-api-ca-2025-12.pem", str(authority.path))
    for found, wanted in (
        (r"listen 80;\s+listen \[::\]:80;", f"listen 127.0.0.1:{plain};"),
        (r"listen 443 ssl http2;\s+listen \[::\]:443 ssl http2;", f"listen 127.0.0.1:{tls} ssl http2;"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{live.port}"),
        (r"/etc/letsencrypt/live/\S+/fullchain\.pem", str(certificate)),
        (r"/etc/letsencrypt/live/\S+/privkey\.pem", str(key)),
    ):
        ours, count = re.subn(found, wanted, ours)
        assert count == 1, found
    (folder / "troth.conf").write_text(ours)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    process = subprocess.Popen(
        [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    )
    try:
        one = Front(live, plain, tls, made["handle"], made["channel"], made["cookie"])
        wait_until(lambda: _answers(one))
        yield one
    finally:
        process.terminate()
        process.wait(10)


def _answers(front: Front) -> bool:
    try:
        return front.ask("GET", "/account/login/")[0] == 200
    except OSError:
        return False


_MAKE = """
import json
from tests import cast
from tests.house.two_houses import signed_in
from troth.workspaces.models import Role
house = cast.house("Kopi & Co", people={"Alice": Role.OWNER}, number_id="100000000000009", account_id="200000000000009")
made = {"handle": house.handle, "channel": str(house.channel), "cookie": signed_in(house.users["Alice"])}
print(json.dumps(made))
"""

EVERYTHING: dict[str, tuple[int, Any]] = {
    "a page": (200, lambda it: it.ask("GET", "/account/login/")),
    "a page by HEAD": (200, lambda it: it.ask("HEAD", "/cookies/")),
    "a member's page": (200, lambda it: it.ask("GET", f"/w/{it.handle}/inbox/", Cookie=f"__Host-session={it.cookie}")),
    "a redirect": (302, lambda it: it.ask("GET", "/")),
    "nothing": (404, lambda it: it.ask("GET", "/nowhere/")),
    "a file": (200, lambda it: it.ask("GET", _file(it))),
    "a file that is not there": (404, lambda it: it.ask("GET", "/static/nothing.css")),
    "a form without a token": (403, lambda it: it.ask("POST", "/account/login/")),
    "a webhook": (401, lambda it: it.ask("POST", f"/hooks/cloud/{it.channel}", body=b"{}")),
    "a webhook for nobody": (404, lambda it: it.ask("POST", "/hooks/cloud/nobody")),
    "Meta's callback": (400, lambda it: it.ask("POST", "/meta/data-deletion/")),
    "an event of a mail": (401, lambda it: it.ask("POST", "/mail/events/", body=b"{}")),
    "the event stream of nobody": (403, lambda it: it.ask("GET", f"/events?w={it.handle}")),
    "too large": (413, lambda it: it.ask("POST", f"/hooks/cloud/{it.channel}", Content_Length=str(6 * 1024 * 1024))),
    "no request": (400, lambda it: it.ask("GET", "/%00")),
    "another host": (400, lambda it: it.ask("GET", "/account/login/", host="elsewhere.example")),
}


def _file(front: Front) -> str:
    found = re.search(rb'href="(/static/[^"]+\.css)"', front.ask("GET", "/account/login/")[2])
    assert found is not None
    return found[1].decode()


@pytest.mark.parametrize("what", EVERYTHING)
def test_every_answer_makes_browsers_stay_with_https(front: Front, what: str) -> None:
    status, ask = EVERYTHING[what]
    got, headers, _ = ask(front)
    assert got == status
    assert headers.get_all("Strict-Transport-Security") == [HSTS]


def test_the_event_stream_speaks_at_once_and_says_it_too(front: Front) -> None:
    status, headers, begun = front.ask("GET", f"/events?w={front.handle}", Cookie=f"__Host-session={front.cookie}")
    assert status == 200
    assert headers["Strict-Transport-Security"] == HSTS
    assert b": open" in begun


@pytest.mark.parametrize(
    "path", ["/", "/account/login/", "/w/abcdefgh/inbox/", "/cookies/?x=1%202&y=/a", "/static/x.css"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_page_over_plain_http_is_sent_to_https(front: Front, method: str, path: str) -> None:
    status, headers, _ = front.ask(method, path, secure=False)
    assert (status, headers["Location"]) == (301, f"https://{HOST}{path}")
    assert headers["Strict-Transport-Security"] is None


def test_where_it_is_sent_does_not_depend_on_what_the_browser_calls_us(front: Front) -> None:
    _, headers, _ = front.ask("GET", "//evil.example/", secure=False, host="evil.example")
    assert headers["Location"].startswith(f"https://{HOST}/")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/hooks/cloud/x"),
        ("GET", "/hooks/cloud/x?hub.mode=subscribe"),
        ("POST", "/meta/data-deletion/"),
        ("POST", "/mail/events/"),
        ("GET", "/mail/off/x/"),
        ("GET", "/events?w=x"),
        ("POST", "/account/login/"),
        ("PUT", "/w/abcdefgh/inbox/"),
        ("DELETE", "/"),
        ("OPTIONS", "/"),
    ],
)
def test_anything_else_over_plain_http_is_refused(front: Front, method: str, path: str) -> None:
    status, headers, _ = front.ask(method, path, secure=False)
    assert status == 403
    assert headers["Location"] is None
    assert headers["Set-Cookie"] is None


@pytest.mark.parametrize("said", ["https", "HTTPS", "https, https", "wss"])
def test_a_browser_cannot_say_itself_that_it_came_by_https(front: Front, said: str) -> None:
    assert front.ask("POST", "/mail/events/", secure=False, X_Forwarded_Proto=said)[0] == 403


def test_whoever_reaches_the_product_past_the_proxy_is_not_believed(front: Front) -> None:
    for headers in ({}, {"X-Forwarded-Proto": "http"}, {"X-Forwarded-Proto": "https, http"}, {"X-Forwarded-Ssl": "on"}):
        assert front.live.ask("POST", "/mail/events/", body=b"{}", headers={"Host": HOST, **headers})[0] == 403


def test_made_up_addresses_do_not_move_the_limit_of_attempts(front: Front) -> None:
    """Ten log-ins a minute are let through for one browser, whatever it says of where it comes from."""
    with front.live.database() as database:
        database.execute("DELETE FROM accounts_cacheentry")
    token = "a" * 32
    head = {
        "Content_Type": "application/x-www-form-urlencoded",
        "Cookie": f"__Host-csrf={token}",
        "Referer": f"https://{HOST}/",
    }
    statuses = []
    for turn in range(40):
        form = {"login": f"nobody{turn}@example.test", "password": "x" * 12, "csrfmiddlewaretoken": token}
        spoofed = f"203.0.113.{turn}, 198.51.100.{turn}"
        status, _, _ = front.ask(
            "POST",
            "/account/login/",
            body=urlencode(form).encode(),
            X_Forwarded_For=spoofed,
            **head,  # type: ignore[arg-type]
        )
        statuses.append(status)
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert statuses.count(200) <= 30


def test_the_address_of_a_browser_is_the_one_that_the_proxy_saw(front: Front) -> None:
    with front.live.database() as database:
        database.execute("UPDATE accounts_session SET seen_at = now() - interval '5 minutes'")
    front.ask(
        "GET", f"/w/{front.handle}/inbox/", Cookie=f"__Host-session={front.cookie}", X_Forwarded_For="203.0.113.9"
    )
    seen = front.live.run(
        """
import json
from troth.accounts.models import Session
print(json.dumps([session.ip for session in Session.objects.exclude(ip=None)]))
"""
    )
    assert set(seen) == {"127.0.0.1"}


META = "client.webhooks.fbclientcerts.com"


def hook(front: Front, method: str = "POST", **more: Any) -> int:
    return front.ask(method, f"/hooks/cloud/{front.channel}", body=b"{}" if method == "POST" else b"", **more)[0]


def test_whoever_shows_metas_certificate_gets_to_the_hooks(guarded: Front, meta: Authority) -> None:
    """And is asked for the signature there, as everybody is."""
    shows = meta.client(META)
    assert hook(guarded, shows=shows) == 401
    assert hook(guarded, "GET", shows=shows) == 403
    assert guarded.ask("POST", "/hooks/cloud/nobody", body=b"{}", shows=shows)[0] == 404


@pytest.mark.parametrize("name", [f"{META}.evil.example", "evil.example", f"x{META}"])
def test_another_name_from_the_same_authority_does_not(guarded: Front, meta: Authority, name: str) -> None:
    status, _, said = guarded.ask("POST", "/hooks/cloud/nobody", body=b"{}", shows=meta.client(name))
    assert (status, b"nginx" in said) == (403, True)


def test_without_a_certificate_the_hooks_are_shut_and_nothing_else_is(guarded: Front) -> None:
    for path in (f"/hooks/cloud/{guarded.channel}", "/hooks/cloud/nobody", "/hooks/cloud/app"):
        status, headers, said = guarded.ask("POST", path, body=b"{}")
        assert (status, b"nginx" in said) == (403, True), path
        assert headers.get_all("Strict-Transport-Security") == [HSTS]
    cookie = f"__Host-session={guarded.cookie}"
    assert guarded.ask("GET", "/account/login/")[0] == 200
    assert guarded.ask("GET", f"/w/{guarded.handle}/inbox/", Cookie=cookie)[0] == 200
    assert guarded.ask("GET", f"/events?w={guarded.handle}", Cookie=cookie)[0] == 200
    assert guarded.ask("POST", "/meta/data-deletion/")[0] == 400
    assert guarded.ask("POST", "/mail/events/", body=b"{}")[0] == 401


def test_a_certificate_that_anybody_made_is_no_certificate(guarded: Front, tmp_path: Path) -> None:
    forged = Authority(tmp_path, "somebody").client(META)
    assert hook(guarded, shows=forged) in (400, 403)


def test_as_it_stands_the_file_asks_nobody_for_a_certificate(front: Front) -> None:
    assert hook(front) == 401


def test_old_protocols_are_refused(front: Front) -> None:
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    connection = http.client.HTTPSConnection("127.0.0.1", front.tls, timeout=10, context=old)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        connection.request("GET", "/")


def test_the_file_keeps_no_log_of_who_asked_for_what() -> None:
    text = (ROOT / "docs" / "proxy" / "nginx.conf").read_text()
    assert text.count("access_log off;") == text.count("server_name")
    assert json.dumps(sorted(os.listdir(ROOT / "docs" / "proxy"))) == '["nginx.conf"]'
