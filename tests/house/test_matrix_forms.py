"""Forms with more in them than was asked for: fields that nobody offered, names twice, other methods, odd values.

Of the odd values everyday's run tries every fourth at each field; `TROTH_TEST_THOROUGH=2` tries all.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.apps import apps
from django.db.models import DateTimeField, Field

from tests.house.asking import Rows, Stage, differences, taken_back
from tests.house.authz import PERSON, PUBLIC, Route, routes
from tests.house.lines import LINES
from tests.thorough import THOROUGH
from troth.base.clock import now
from troth.workspaces.models import Role
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("A2.2a")

POISON, LONG_AGO = "poisoned", "1999-09-09T09:09:09Z"
ROUTES = {route.pattern: route for route in routes() if route.pattern in LINES}
ACTS = sorted(pattern for pattern in ROUTES if set(LINES[pattern].answers) - {"GET"} and LINES[pattern].who != PUBLIC)
# Whatever a model of ours calls its columns, and what others call theirs.
NAMES = """
    id pk workspace workspace_id workspace_handle owner owner_id user user_id member_id membership created_by removed_by
    author author_id assignee assignee_id contact contact_id conversation channel kind status direction handle is_staff
    is_superuser is_active superuser permissions groups token_hash app_secret_hash verify_token number display_number
    quality messages_per_second session session_key preview unread window_expires_at lane attempts external_id
    external_hash tokens retention plan credits verified primary password last_login terms_version
"""
TIMES = """
    created_at removed_at accepted_at expires_at revoked_at changed_at sent_at delivered_at read_at closed_at opened_at
    last_message_at first_delivery_at paused_until terms_accepted_at seen_at
"""
# What a form offers beyond what the line of its address fills in.
OFFERED = {
    "account/preferences/": {"single_keys"},
    "w/<slug:handle>/inbox/<uuid:conversation_id>/messages/": {"client_id", "content"},
    "w/<slug:handle>/inbox/<uuid:conversation_id>/scheduled/": {"client_id", "content"},
    "w/<slug:handle>/inbox/<uuid:conversation_id>/scheduled/<uuid:scheduled_id>/": {"at", "zone"},
    "w/<slug:handle>/inbox/<uuid:conversation_id>/templates/<uuid:template_id>/": {"at"},
    "w/<slug:handle>/inbox/new/": {"contact"},
    "w/<slug:handle>/help/grants/<uuid:grant_id>/narrow/": {"names", "bodies"},
}
ODD: list[str | bytes] = [
    b"\xed\xa0\x80",  # half of a pair
    b"\xff\xfe",
    "x\r\nSet-Cookie: session=planted",
    "(" * 5_000,
    "a" * 3_000 + "!",
    "'; DROP TABLE accounts_user; --",
    "\0",
    "x" * 20_000,
    "\u202e\u2066\u200b",
    "user__password__startswith",
    "{{ 7|add:7 }}",
    "-1",
    "9" * 400,
    "NaN",
    "[]",
    "../../../etc/passwd",
]


def columns(*, of: type[Field[Any, Any]] = Field) -> set[str]:
    """Return what every model there is calls its fields (of one kind), as Python and as the database does."""
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields if isinstance(field, of)]
    return {name for field in fields for name in (field.name, field.attname)}


T = TypeVar("T")
TURNS = 4


def in_turn(values: Sequence[T], turn: int) -> Sequence[T]:
    """Return what is tried in this run: everyday every fourth, others from address to address and field to field."""
    return values if THOROUGH > 1 else values[turn % TURNS :: TURNS]


@pytest.mark.clause("X3")
def test_every_column_is_among_the_names_that_are_tried() -> None:
    assert {"workspace_id", "user", "is_active", "role", "token_hash", "acts_from"} <= columns()
    assert {"closing_at", "removed_at"} <= columns(of=DateTimeField)


@pytest.mark.clause("X3")
@pytest.mark.parametrize("pattern", ACTS)
def test_fields_that_nobody_offered_change_nothing_more(pattern: str, stage: Stage) -> None:
    line = LINES[pattern]
    with scope(stage.kopi.id):
        form = line.form(stage.kopi)
    names = (columns() | set(NAMES.split())) - OFFERED.get(pattern, set())
    extra: dict[str, Any] = {name: stage.rival.id if name.startswith("workspace") else POISON for name in names}
    extra |= dict.fromkeys((columns(of=DateTimeField) | set(TIMES.split())) & names, LONG_AGO)
    extra |= {"role": "owner", "is_draft": "on", "open_to_all": "on"}
    extra |= {word: value for word, value in stage.words_of(line, ROUTES[pattern], stage.rival).items()}
    plain, _ = _effect(stage, pattern, form)
    told, rows = _effect(stage, pattern, {**extra, **form})
    assert told == plain
    assert not any(sign in json.dumps(row) for row in rows for sign in (POISON, "1999-09-09"))


@pytest.mark.clause("X4")
@pytest.mark.parametrize("pattern", ACTS)
def test_a_query_does_not_speak_for_the_address_or_the_form(pattern: str, stage: Stage) -> None:
    line = LINES[pattern]
    with scope(stage.kopi.id):
        form = line.form(stage.kopi)
    words = stage.words_of(line, ROUTES[pattern], stage.rival)
    query = "&".join(
        f"{name}={value}" for name, value in (words | dict.fromkeys(form, POISON) | {"role": "owner"}).items()
    )
    headers = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "GET", "X-Original-URL": "/account/terms/"}
    plain, _ = _effect(stage, pattern, form)
    assert _effect(stage, pattern, {**form, "_method": "DELETE"}, query=query, headers=headers)[0] == plain


@pytest.mark.clause("X4")
@pytest.mark.parametrize("pattern", [one for one in ACTS if LINES[one].answers.get("GET") == 200])
def test_a_page_does_nothing_however_it_is_told_to_be_a_form(pattern: str, stage: Stage) -> None:
    line = LINES[pattern]
    address = ROUTES[pattern].address(**stage.words_of(line, ROUTES[pattern]))
    with taken_back():
        before = stage.state()
        headers = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"}
        stage.ask(
            "owner", "GET", f"{address}?_method=POST", {**line.form(stage.kopi), "_method": "POST"}, headers=headers
        )
        assert differences(before, stage.state()) == []


@pytest.mark.clause("X4")
@pytest.mark.parametrize("pattern", [one for one in ACTS if LINES[one].who != PERSON])
def test_names_in_other_cases_are_other_names(pattern: str, stage: Stage) -> None:
    line = LINES[pattern]
    form = line.form(stage.kopi)
    other = {key.upper(): POISON for key in form} | {key.title(): POISON for key in form}
    plain, _ = _effect(stage, pattern, form)
    assert _effect(stage, pattern, {**other, **form})[0] == plain


@pytest.mark.clause("X5", "X16")
@pytest.mark.parametrize("pattern", [one for one in ACTS if isinstance(LINES[one].who, Role)])
def test_odd_values_are_taken_as_text_or_refused(pattern: str, stage: Stage) -> None:
    line = LINES[pattern]
    form = line.form(stage.kopi)
    address = ROUTES[pattern].address(**stage.words_of(line, ROUTES[pattern]))
    for method in set(line.answers) - {"GET"}:
        for at, one in enumerate(form):
            for odd in in_turn(ODD, ACTS.index(pattern) + at):
                with taken_back():
                    first = stage.ask("owner", method, address, {**form, one: odd})
                    twice = stage.ask("owner", method, address, {**form, one: [odd, form[one]]})
                for answer in (first, twice):
                    assert answer.status_code in {line.answers[method], 400, 403, 404, 422}, (one, odd[:20])


@pytest.mark.clause("X5", "X7")
@pytest.mark.parametrize("pattern", sorted(p for p in ROUTES if "GET" in LINES[p].answers))
def test_odd_values_in_a_query_change_no_page_and_break_none(pattern: str, stage: Stage) -> None:
    line = LINES[pattern]
    address = ROUTES[pattern].address(**stage.words_of(line, ROUTES[pattern]))
    names = (
        "show",
        "after",
        "before",
        "current",
        "n",
        "next",
        "q",
        "order",
        "page",
        "limit",
        "user__password__startswith",
    )
    elsewhere = (
        "//evil.example",
        "https:/evil.example",
        "/%5Cevil.example",
        "javascript:alert(1)",
        "%2509//evil.example",
    )
    values = [
        *elsewhere,
        "%27%3B--",
        "%00",
        "%ED%A0%80",
        "x" * 4_000,
        "user__password__startswith",
        "-1",
        "9" * 400,
        "%7B%22a%22",
    ]
    for odd in in_turn(values, sorted(ROUTES).index(pattern)):
        query = "&".join(f"{name}={odd}" for name in names)
        with taken_back():
            answer = stage.ask("viewer", "GET", f"{address}?{query}")
        assert answer.status_code in {200, 302, 401, 403, 404}, odd
        assert stage.kopi.overheard(answer.content.decode(), by="viewer") == set()
        # As a browser reads it: a backslash is a slash, and it stays on this host.
        to = urljoin("http://here", answer.headers.get("Location", "/").replace("\\", "/"))
        assert urlsplit(to)[:2] == ("http", "here"), odd


def _effect(
    stage: Stage,
    pattern: str,
    form: dict[str, Any],
    *,
    query: str = "",
    headers: dict[str, str] | None = None,
) -> tuple[Any, list[dict[str, Any]]]:
    """Return what a request by the owner changes (columns of rows, numbers of new ones), and the rows that it changed."""
    line, route = LINES[pattern], ROUTES[pattern]
    method = next(iter(set(line.answers) - {"GET"}))
    with taken_back():
        with scope(stage.kopi.id):
            line.prepare(stage.kopi)
        before = stage.rows()
        address = f"{route.address(**stage.words_of(line, route))}?{query}"
        answer = stage.ask("owner", method, address, form, headers=headers)
        after = stage.rows()
    changed = {
        key: sorted(column for column in row if row[column] != before[key].get(column))
        for key, row in after.items()
        if key in before and row != before[key]
    }
    gone = _counts(before, after)
    return (answer.status_code, changed, gone, _counts(after, before)), [
        row for key, row in after.items() if key not in before or key in changed
    ]


def _counts(these: Rows, others: Rows) -> dict[str, int]:
    """Return how many rows of each table are among these and not among the others."""
    counts: dict[str, int] = {}
    for table, _ in these.keys() - others.keys():
        counts[table] = counts.get(table, 0) + 1
    return counts


def test_who_proved_to_be_themselves_stays_so_on_a_slow_machine(stage: Stage) -> None:
    """The tests above take longer than the time for which the product believes it."""
    address = f"/w/{stage.kopi.ids['handle']}/privacy/deletion/"
    with time_machine.travel(now() + timedelta(hours=2)), taken_back():
        assert stage.ask("owner", "GET", address).status_code == 200


def test_a_route_is_told_by_its_own_words(stage: Stage) -> None:
    """The tests above put Rival's ids where Kopi's could be taken for them, so they must differ."""
    route: Route = ROUTES["w/<slug:handle>/inbox/<uuid:conversation_id>/closure/"]
    line = LINES[route.pattern]
    assert stage.words_of(line, route) != stage.words_of(line, route, stage.rival)
