"""Everything goes wrong for people whose every word is planted: no log of web, worker or PostgreSQL says any of them.

The whole product as it runs. Each path asserts that it did go wrong, and a word that may be logged is found in the end:
a search that finds nothing anywhere would prove nothing.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.bodies import contact, encode, envelope, text, value
from tests.house.canaries import canary, found_in, number
from tests.live import Live, LiveHouse, free_port, wait_until
from troth.accounts.terms import current_version

pytestmark = [pytest.mark.slow, pytest.mark.clause("A3.2", "B5.2", "X31")]

FORM = "application/x-www-form-urlencoded"
TOKEN = "a" * 32


@dataclass
class Trouble:
    """A running product in which things go wrong, and the words that were planted on the way."""

    live: Live
    house: LiveHouse
    words: dict[str, str] = field(default_factory=dict)

    def word(self, what: str) -> str:
        """Return a planted word, made when first asked for."""
        return self.words.setdefault(what, number() if what.startswith("phone") else canary())

    def send(
        self, path: str, form: dict[str, Any] | bytes, *, who: str = "Alice", method: str = "POST", **more: str
    ) -> int:
        """Send a form (or anything else) with planted headers, and return the status."""
        cookie = f"csrf={TOKEN}; session={self.house.cookies[who]}" if who else f"csrf={TOKEN}"
        headers = {"Cookie": cookie, "X-CSRFToken": TOKEN, "Content-Type": FORM, "User-Agent": self.word("user agent")}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        body = form if isinstance(form, bytes) else urlencode(form).encode()
        return self.live.ask(method, path, body=body, headers=headers)[0]

    def here(self, path: str) -> str:
        """Return an address in the workspace."""
        return f"/w/{self.house.handle}/{path}"

    def logged(self) -> bytes:
        """Return all that web, worker and PostgreSQL have logged."""
        servers = Path(os.environ["TROTH_HOME"]).rglob("postgresql-*.log")
        return b"\n".join([self.live.log.read_bytes(), *(path.read_bytes() for path in servers)])

    def lines(self) -> list[dict[str, Any]]:
        """Return what web and worker have logged, line by line."""
        return [json.loads(line) for line in self.live.log.read_text().splitlines() if line.startswith("{")]

    def hook(self, body: bytes, **headers: str) -> int:
        """Post a body at the door."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.live.ask("POST", f"/hooks/cloud/{self.house.channel}", body=body, headers=named)[0]

    def signed(self, body: bytes) -> int:
        """Post a body at the door as Meta signs it."""
        digest = hmac.new(self.house.secret.encode(), body, hashlib.sha256).hexdigest()
        return self.hook(body, X_Hub_Signature_256=f"sha256={digest}")

    @contextmanager
    def without(self, table: str) -> Iterator[None]:
        """Take a table away for a moment."""
        with self.live.database() as database:
            database.execute(f"ALTER TABLE {table} RENAME TO taken_away".encode())
            try:
                yield
            finally:
                database.execute(f"ALTER TABLE taken_away RENAME TO {table}".encode())


@pytest.fixture(scope="module")
def trouble() -> Iterator[Trouble]:
    password = canary()
    nowhere = {"TROTH_SMTP_URL": f"smtp://someone:{password}@127.0.0.1:{free_port()}"}
    with Live("logs", environment=nowhere) as live:
        house = live.house("Kopi & Co", Alice="owner", Vera="viewer")
        made = Trouble(live, house, {"mail server's password": password, "app secret": house.secret})
        made.words["session key"] = house.cookies["Alice"]
        yield made


def test_no_log_says_what_was_planted_whatever_goes_wrong(trouble: Trouble) -> None:
    for path in PATHS:
        path(trouble)
    control = canary()
    with trouble.live.database() as database:
        database.execute(f"DO $$ BEGIN RAISE LOG '{control}'; END $$".encode())
    wait_until(lambda: found_in(trouble.logged(), [control]))  # so PostgreSQL's log is among those that are searched
    logged = trouble.logged()
    routes = {line.get("route") for line in trouble.lines() if line.get("status") == 500}
    assert any("settings/teams/new" in str(route) for route in routes), "and so is the log of web"
    assert found_in(logged, [word for word in trouble.words.values() if word]) == set()
    assert b"Traceback" not in logged


def people_sign_up_and_in(it: Trouble) -> None:
    person = {"name": it.word("name"), "email": f"{it.word('e-mail')}@example.test", "company": it.word("company")}
    person |= {"phone": f"+{it.word('phone of a member')}", "password1": it.word("password"), "birth_year": "1990"}
    assert it.send("/account/signup/", {**person, "birth_year": it.word("year")}, who="") == 200
    wrong = {"login": person["email"], "password": it.word("wrong password")}
    assert it.send("/account/login/", wrong, who="") == 200
    with it.without("account_emailaddress"):
        assert it.send("/account/signup/", {**person, "terms": "on", "terms_version": current_version()}, who="") == 500
    wait_until(lambda: it.send("/account/signup/", {**person, "birth_year": "x"}, who="") == 429)


def a_row_is_refused_by_the_database(it: Trouble) -> None:
    with it.live.database() as database:
        database.execute("ALTER TABLE accounts_user ADD CONSTRAINT refuses CHECK (length(language) < 1) NOT VALID")
        assert it.send("/account/preferences/", {"language": "en", "theme": "dark"}) == 500
        database.execute("ALTER TABLE accounts_user DROP CONSTRAINT refuses")
        database.execute("ALTER TABLE account_emailaddress ADD CONSTRAINT refuses CHECK (email = '') NOT VALID")
        form = {"email": f"{it.word('refused address')}@example.test", "action_add": ""}
        it.send("/account/reauthenticate/", {"password": it.word("password again")})
        it.send("/account/email/", form)
        database.execute("ALTER TABLE account_emailaddress DROP CONSTRAINT refuses")


def addresses_are_wrong(it: Trouble) -> None:
    planted = it.word("address")
    assert it.send(f"/{planted}/?q={planted}#{planted}", b"", method="GET") == 404
    assert it.send(f"/w/{planted[:12]}/inbox/?q={planted}", b"", method="GET") == 404
    assert it.send(it.here(f"channels/{planted}/"), b"", method="GET") == 404
    assert it.send(f"/join/{it.word('token of an invitation')}/", b"", method="GET", who="") == 302
    assert it.send(it.here("settings/name/"), {"name": planted}, method="PUT") == 405
    assert it.live.get(f"/events?w={planted}", {"Cookie": f"session={it.word('wrong cookie')}"})[0] == 403


def requests_are_wrong(it: Trouble) -> None:
    form = {"name": it.word("name in a forgery")}
    assert (
        it.send(it.here("settings/name/"), form, X_CSRFToken=it.word("wrong token"), Referer=f"http://{canary()}/")
        == 403
    )
    assert it.send(it.here("settings/name/"), form, Origin=f"https://{it.word('origin')}.example") == 403
    assert it.send("/account/login/", form, Host=f"{it.word('host')}.example") == 400
    assert it.send(it.here("settings/name/"), {"name": it.word("large")}, Content_Length=str(3_000_000)) in (400, 413)
    many = "&".join(f"{it.word('many')}{n}=1" for n in range(2_000)).encode()
    assert it.send(it.here("settings/name/"), many) == 400
    broken = f"multipart/form-data; boundary={it.word('boundary')}"
    assert it.send(it.here("settings/name/"), it.word("part").encode(), Content_Type=broken) in (400, 422)
    assert it.send(it.here("settings/name/"), form, who="Vera") == 403
    assert it.send(it.here("settings/name/"), {"name": f"https://{it.word('refused name')}.example"}) == 422
    invited = {"email": f"{it.word('invited')}@{it.word('nowhere')}", "role": it.word("role")}
    assert it.send(it.here("settings/invitations/"), invited) == 422
    entered = {"number_id": it.word("number id"), "account_id": "1", "token": it.word("token"), "app_secret": canary()}
    assert it.send(it.here("channels/connect/"), entered) == 422


def pages_break(it: Trouble) -> None:
    with it.without("workspaces_team"):
        assert it.send(it.here("settings/teams/new/"), {"name": it.word("team")}) == 500
    with it.without("accounts_session"):
        assert it.send(it.here("inbox/"), b"", method="GET", Referer=f"http://{it.word('referrer')}/") == 500


def webhooks_are_wrong(it: Trouble) -> None:
    body = it.word("forged webhook").encode()
    assert it.hook(body) == 401
    assert it.hook(body, X_Hub_Signature_256=f"sha256={it.word('signature')}") == 401
    assert it.hook(body, Content_Length=str(5_000_000)) == 413
    query = {
        "hub.mode": "subscribe",
        "hub.verify_token": it.word("verify token"),
        "hub.challenge": it.word("challenge"),
    }
    assert it.live.get(f"/hooks/cloud/{it.house.channel}?{urlencode(query)}")[0] == 403
    assert it.signed(f'{{"{it.word("not JSON")}'.encode()) == 200
    assert it.signed(json.dumps({"object": it.word("odd"), "entry": [{"changes": it.word("odder")}]}).encode()) == 200
    with it.without("ingest_delivery"):
        assert it.signed(it.word("unstored").encode()) == 503


def the_worker_cannot_digest(it: Trouble) -> None:
    said = {"name": it.word("contact"), "phone": it.word("phone of a contact")}
    message = text(it.word("message"), id=f"wamid.{it.word('id at Meta')}", at=1_780_000_000, phone=said["phone"])
    change = value(it.house.number_id, contacts=[contact(**said)], messages=[message])
    before = len(it.lines())
    with it.without("inbox_conversation"):
        assert it.signed(encode(envelope(change, account=it.house.account_id))) == 200
        wait_until(lambda: any(line["level"] in ("ERROR", "WARNING") for line in it.lines()[before:]))


def messages_cannot_be_sent(it: Trouble) -> None:
    """Refused, failed afterwards, answered with a proxy's page; and then the number's token runs out."""
    for ending in ("2026", "1026", "5000", "0190"):
        phone = it.words[f"phone {ending}"] = f"{number()[:8]}{ending}"
        it.live.sandbox.say(
            it.word(f"said {ending}"), to=it.house.number_id, from_=phone, name=it.word(f"name {ending}")
        )
        thread = wait_until(partial(_thread, it, it.word(f"said {ending}")))
        form = {"text": it.word(f"answer {ending}"), "client_id": ""}
        assert it.send(it.here(f"inbox/{thread}/messages/"), form) == 302
        wait_until(lambda: _is_settled(it))
    accounts = it.live.sandbox.control("GET", "/state")["accounts"]
    it.words["access token"] = next(one["token"] for one in accounts if one["waba_id"] == it.house.account_id)


def a_stored_word_is_unreadable(it: Trouble) -> None:
    """The page breaks while a template is on its way through what was stored."""
    with it.live.database() as database:
        database.execute("ALTER TABLE workspaces_team DISABLE TRIGGER ALL")
        assert it.send(it.here("settings/teams/new/"), {"name": it.word("team to be spoilt")}) == 302
        database.execute("UPDATE workspaces_team SET name = substring(name FOR 20)")
        assert it.send(it.here("settings/teams/"), b"", method="GET") == 500


def mails_cannot_be_delivered(it: Trouble) -> None:
    form = {"email": f"{it.word('invited in vain')}@example.test", "role": "agent"}
    assert it.send(it.here("settings/invitations/"), form) == 302
    wait_until(lambda: any("mail not delivered" in str(line) for line in it.lines()))


PATHS = [
    people_sign_up_and_in,
    a_row_is_refused_by_the_database,
    addresses_are_wrong,
    requests_are_wrong,
    pages_break,
    webhooks_are_wrong,
    the_worker_cannot_digest,
    messages_cannot_be_sent,
    a_stored_word_is_unreadable,
    mails_cannot_be_delivered,
]


def _thread(it: Trouble, said: str) -> str | None:
    _, page = it.house.page("inbox/", who="Alice")
    rows = page.split("data-row")
    found = [row for row in rows if said in row]
    return found[0].partition('data-id="')[2].partition('"')[0] if found else None


def _is_settled(it: Trouble) -> bool:
    """Return whether nothing waits to be sent, or Meta has stopped the number."""
    waits = "EXISTS (SELECT FROM inbox_message WHERE status IN (10, 20))"
    with it.live.database() as database:
        row = database.execute(f"SELECT NOT {waits}, bool_or(problem_code IS NOT NULL) FROM channels_channel".encode())
        settled, stopped = row.fetchone() or (False, False)
    return bool(settled or stopped)
