"""The doors that are no Django views: every kind of visitor x every method; the declared answer and nothing stored."""

import hashlib
import hmac
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.house.authz import METHODS
from tests.live import ROOT, Live, LiveHouse
from troth.ingest.door import PREFIX
from troth.realtime.stream import PATH

pytestmark = pytest.mark.clause("A3.2", "X1")

VISITORS = ("anonymous", "stranger", "removed", "Vera", "Bob", "Alice")
WRITTEN = "SELECT (SELECT count(*) FROM ingest_delivery), (SELECT count(*) FROM inbox_message)"


@dataclass(frozen=True)
class Doors:
    """A running product with Kopi, from which Remi was removed, and Rival, whose owner is the stranger."""

    live: Live
    kopi: LiveHouse
    rival: LiveHouse

    def cookie(self, who: str) -> dict[str, str]:
        """Return the header that says who somebody is."""
        keys = {"anonymous": "", "stranger": self.rival.cookies["Charlie"], "removed": self.kopi.cookies["Remi"]}
        key = keys.get(who, "") or self.kopi.cookies.get(who, "")
        return {"Cookie": f"session={key}"} if key else {}

    def written(self) -> tuple[int, ...]:
        """Return how much stands in the database of what comes in by a door."""
        with self.live.database() as database:
            row = database.execute(WRITTEN).fetchone()
        assert row is not None
        return row


@pytest.fixture(scope="module")
def doors(running: Live, kopi: LiveHouse, rival: LiveHouse) -> Doors:
    return Doors(running, kopi, rival)


@pytest.mark.parametrize("who", VISITORS)
def test_a_webhook_asks_for_no_session_and_takes_none(who: str, doors: Doors) -> None:
    before = doors.written()
    answers = {}
    for method in METHODS:
        path = f"{PREFIX}{doors.kopi.channel}"
        status, body = doors.live.ask(method, path, body=_news(doors.kopi), headers=doors.cookie(who))
        assert body == b""
        answers[method] = status
    assert answers == {"GET": 403, "POST": 401, "PUT": 405, "PATCH": 405, "DELETE": 405}
    assert doors.written() == before


FORGED: dict[str, Callable[[Doors, bytes], tuple[str, dict[str, str]]]] = {
    "another app's secret": lambda it, body: (it.kopi.channel, _signed(body, it.rival.secret)),
    "a signature of something else": lambda it, body: (it.kopi.channel, _signed(b"x" + body, it.kopi.secret)),
    "an empty signature": lambda it, body: (it.kopi.channel, {"X-Hub-Signature-256": "sha256="}),
    "an older kind of signature": lambda it, body: (it.kopi.channel, {"X-Hub-Signature": _sha1(body, it.kopi.secret)}),
    "no secret at all": lambda it, body: (it.kopi.channel, _signed(body, "")),
    "another channel's address": lambda it, body: (it.rival.channel, _signed(body, it.kopi.secret)),
}


@pytest.mark.parametrize("what", FORGED)
@pytest.mark.clause("B3.1", "X12")
def test_a_forged_webhook_is_refused_and_not_stored(what: str, doors: Doors) -> None:
    before, body = doors.written(), _news(doors.kopi)
    channel, headers = FORGED[what](doors, body)
    assert doors.live.ask("POST", f"{PREFIX}{channel}", body=body, headers=headers) == (401, b"")
    assert doors.written() == before


@pytest.mark.parametrize(
    "channel",
    ["", "nobody", "00000000-0000-0000-0000-000000000000", "01a201b1-0f89-7293-a492-bf60915c90d5", "../events"],
)
def test_a_webhook_for_a_channel_that_there_is_not_is_not_found(channel: str, doors: Doors) -> None:
    before, body = doors.written(), _news(doors.kopi)
    status, said = doors.live.ask("POST", f"{PREFIX}{channel}", body=body, headers=_signed(body, doors.kopi.secret))
    assert (status, said) == (404, b"")
    assert doors.written() == before


def test_a_webhook_of_the_right_app_is_taken(doors: Doors) -> None:
    before, body = doors.written(), _news(doors.kopi)
    path = f"{PREFIX}{doors.kopi.channel}"
    assert doors.live.ask("POST", path, body=body, headers=_signed(body, doors.kopi.secret)) == (200, b"")
    assert doors.written()[0] == before[0] + 1


@pytest.mark.parametrize("token", ["", "verify", "verify me ", "VERIFY ME"])
def test_the_address_proves_itself_to_who_knows_the_word_only(token: str, doors: Doors) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "12345", "hub.verify_token": token}
    path = f"{PREFIX}{doors.kopi.channel}"
    assert doors.live.get(f"{path}?{urlencode(query)}") == (403, b"")
    assert doors.live.get(f"{path}?{urlencode(query | {'hub.verify_token': 'verify me'})}") == (200, b"12345")


@pytest.mark.parametrize("who", VISITORS)
@pytest.mark.clause("A2.2a", "X26")
def test_the_event_stream_is_for_members_and_for_reading(who: str, doors: Doors) -> None:
    may = who in ("Alice", "Bob", "Vera")
    for method in METHODS:
        got = _stream(doors, method, f"{PATH}?w={doors.kopi.handle}", doors.cookie(who))
        assert got == (200 if may and method == "GET" else 403), method


@pytest.mark.clause("B3.4", "X26")
def test_the_event_stream_asks_who_somebody_is_now(doors: Doors) -> None:
    """A key that never was, and one from before the password was changed."""
    assert _stream(doors, "GET", f"{PATH}?w={doors.kopi.handle}", {"Cookie": f"session={'x' * 32}"}) == 403
    assert _stream(doors, "GET", f"{PATH}?w={doors.kopi.handle}", doors.cookie("Petra")) == 200
    with doors.live.database() as database:
        database.execute("UPDATE accounts_user SET password = 'changed' WHERE email = 'petra@example.test'")
    assert _stream(doors, "GET", f"{PATH}?w={doors.kopi.handle}", doors.cookie("Petra")) == 403


@pytest.mark.clause("X4")
@pytest.mark.parametrize(
    "query", ["", "?w=", "?w=nobody", "?w=%00", "?w={rival}", "?w={rival}&w={kopi}", "?workspace={kopi}", "?w={id}"]
)
def test_the_event_stream_opens_for_ones_own_workspace_only(query: str, doors: Doors) -> None:
    path = PATH + query.format(rival=doors.rival.handle, kopi=doors.kopi.handle, id=doors.kopi.id)
    assert _stream(doors, "GET", path, doors.cookie("Alice")) == 403


@pytest.mark.clause("X19")
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_the_event_stream_does_not_open_for_another_sites_page(site: str, doors: Doors) -> None:
    headers = {**doors.cookie("Alice"), "Sec-Fetch-Site": site}
    assert _stream(doors, "GET", f"{PATH}?w={doors.kopi.handle}", headers) == 403


@pytest.mark.clause("X30")
def test_addresses_for_development_are_not_there_in_production() -> None:
    code = (
        "import os, django; os.environ['TROTH_ENV'] = 'production'; django.setup();"
        "from tests.house.authz import routes; print([r.pattern for r in routes() if r.pattern.startswith('dev')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"


def _news(house: LiveHouse) -> bytes:
    value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": house.number_id}, "at": str(uuid4())}
    change = {"field": "messages", "value": value}
    entry = {"id": house.account_id, "changes": [change]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


def _signed(body: bytes, secret: str) -> dict[str, str]:
    return {"X-Hub-Signature-256": f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"}


def _sha1(body: bytes, secret: str) -> str:
    return f"sha1={hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()}"


def _stream(doors: Doors, method: str, path: str, headers: dict[str, str]) -> int:
    """Return the status, without waiting for the end of a stream that has none."""
    connection = HTTPConnection("127.0.0.1", doors.live.port, timeout=10)
    try:
        connection.request(method, path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()
