"""Asking the product as anybody, in this process, and seeing whether the answer moved a single row."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.house.authz import Line, Route
from tests.house.two_houses import Kept, furnish, plain_settings
from troth.channels import registry
from troth.workspaces.scope import scope

# What may differ after a request that did nothing: counters of attempts, and when a session was last used and where.
FLEETING = {
    "accounts_cacheentry": None,
    "accounts_session": "SELECT id, user_id, session_key, created_at FROM accounts_session WHERE user_id IS NOT NULL",
}
ASKS = ("ask", "leave", "face", "change_face", "link_by_code")
LINK = registry.FaceLink(code="ABCDEFGH", greeting="Hello", url="https://wa.me/message/ABCDEFGH")
FORM = "application/x-www-form-urlencoded"
State = dict[str, str]
Rows = dict[tuple[str, str], dict[str, Any]]


@dataclass
class Stage:
    """Kopi, which is guarded, and Rival, whose owner is the stranger; and how often Meta was asked something."""

    kopi: Kept
    rival: Kept
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    outbound: list[str] = field(default_factory=list)

    def cookie_of(self, actor: str) -> str | None:
        """Return the session cookie of an actor, None for who is not signed in."""
        if actor == "anonymous":
            return None
        return self.rival.cookies["owner"] if actor == "stranger" else self.kopi.cookies[actor]

    def ask(
        self,
        actor: str,
        method: str,
        address: str,
        form: dict[str, Any] | None = None,
        *,
        headers: dict[str, str] | None = None,
        client: Client | None = None,
        csrf: str = "",
    ) -> HttpResponse:
        """Send one request as a browser of this actor would."""
        browser = client or self.client
        cookie = self.cookie_of(actor)
        cookies = {settings.SESSION_COOKIE_NAME: cookie, settings.CSRF_COOKIE_NAME: csrf}
        browser.cookies = SimpleCookie({name: value for name, value in cookies.items() if value})
        body = urlencode({key: value for key, value in (form or {}).items()}, doseq=True)
        answer: Any = browser.generic(method, address, body, content_type=FORM, headers=headers)
        if getattr(answer, "streaming", False):
            answer.getvalue()
        return answer  # type: ignore[no-any-return]

    def words_of(self, line: Line, route: Route, kept: Kept | None = None) -> dict[str, Any]:
        """Return valid values for the words of an address: ids of things in Kopi."""
        of = kept or self.kopi
        ids = of.ids
        usual = {
            "handle": ids["handle"],
            "membership_id": ids["member idle"],
            "step": "token",
            "pk": ids["passkey"],
            **{word: ids[word.removesuffix("_id")] for word in route.words if word.removesuffix("_id") in ids},
        }
        chosen = usual | line.names(of)
        return {word: chosen[word] for word in route.words}

    def state(self) -> State:
        """Return a hash of every table's rows, as far as either workspace or nobody owns them: the one of before, where not a
        row was written since."""
        if (state := _seen.state()) is None:
            state = self._state()
            _seen.keep(state)
        return state

    def _state(self) -> State:
        found: State = {}
        for kept in (self.kopi, self.rival):
            with scope(kept.id), connection.cursor() as cursor:
                found |= {f"{kept.ids['handle']}/{table}": digest for table, digest in _hashes(cursor)}
        with connection.cursor() as cursor:
            # Workspaces beyond these two stand behind their own walls; who is in one shows all the same.
            cursor.execute(
                "SELECT md5(string_agg(w::text, '' ORDER BY w::text)) FROM accounts_user u, workspaces_of(u.id) w"
            )
            found["all/workspaces_workspace"] = cursor.fetchone()[0]
        return found

    def rows(self) -> Rows:
        """Return all rows, as far as either workspace or nobody owns them."""
        found: Rows = {}
        for kept in (self.kopi, self.rival):
            with scope(kept.id), connection.cursor() as cursor:
                for table, query in _tables().items():
                    cursor.execute(f"SELECT to_jsonb(t) FROM ({query}) t")
                    for (text,) in cursor.fetchall():
                        row = json.loads(text)
                        found[table, str(row.get("id") or row.get("key") or sorted(row.items()))] = row
        return found


@contextmanager
def on_stage() -> Iterator[Stage]:
    """Set everything up in a transaction that is taken back; Meta is asked nothing. It answers that it was
    out, but tells how a number looks and takes what is changed of that."""
    with plain_settings(), transaction.atomic():
        _seen.keep(None)  # other houses were seen before these
        stage = Stage(furnish("Kopi", number=1), furnish("Rival", number=2))
        usual = {name: getattr(registry, name) for name in ASKS}

        def asked(step: str, link: Any, **options: Any) -> registry.Check:
            assert link is not None
            stage.outbound.append(step)
            return registry.Check(ok=False, code="graph_error")

        def left(link: Any, **options: Any) -> None:
            stage.outbound.append("leave")

        def told(link: Any) -> registry.Face:
            stage.outbound.append("face")
            return registry.Face(links=(LINK,))

        def changed(link: Any, act: str, values: Any) -> registry.Check:
            stage.outbound.append(act)
            return registry.Check(ok=True, code="ok")

        def found(link: Any, code: str) -> registry.FaceLink:
            stage.outbound.append("link")
            return LINK

        for name, stand_in in zip(ASKS, (asked, left, told, changed, found), strict=True):
            setattr(registry, name, stand_in)
        try:
            yield stage
        finally:
            for name, question in usual.items():
                setattr(registry, name, question)
            transaction.set_rollback(True)


@contextmanager
def taken_back() -> Iterator[None]:
    """Do something whose changes are taken back. What was there before is there again."""
    before = _seen.state()
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        _seen.keep(before)


class _Seen:
    """The state that was seen last, for as long as not a row is written: to hash all of them costs more than a request."""

    def __init__(self) -> None:
        self._written = -1
        self._state: State | None = None

    def state(self) -> State | None:
        return self._state if self._written == _written() else None

    def keep(self, state: State | None) -> None:
        self._written, self._state = _written(), state


_seen = _Seen()


def differences(before: State, after: State) -> list[str]:
    """Return the tables that differ, without whose they are."""
    return sorted({name.split("/")[1] for name in before | after if before.get(name) != after.get(name)})


def _written() -> int:
    """Return how many rows this transaction has written so far, those included that were taken back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
        written: int = cursor.fetchone()[0]
    return written


_found: dict[str, str] = {}


def _tables() -> dict[str, str]:
    """Return every table with the query that reads it."""
    if not _found:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
                " AND has_table_privilege(oid, 'SELECT') ORDER BY relname"
            )
            for (table,) in cursor.fetchall():
                query = FLEETING.get(table, f'SELECT * FROM "{table}"')
                if query:
                    _found[table] = query
    return _found


def _hashes(cursor: Any) -> list[tuple[str, str]]:
    """Return each table's name and hash. The question is planned once a connection, since that costs more than the answer."""
    if connection.connection is not _planned[0]:
        parts = (
            f"SELECT '{table}', md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM ({query}) t"
            for table, query in _tables().items()
        )
        cursor.execute(f"PREPARE hashes_of_all AS {' UNION ALL '.join(parts)}")
        _planned[0] = connection.connection
    cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    cursor.execute("EXECUTE hashes_of_all")
    found: list[tuple[str, str]] = cursor.fetchall()
    cursor.execute("SET LOCAL plan_cache_mode = auto")
    return found


_planned: list[Any] = [None]
