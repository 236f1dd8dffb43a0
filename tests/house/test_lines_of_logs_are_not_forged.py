"""Whatever is typed into any field, address or header, the log gets whole lines of ours and no line of somebody else's."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.asking import Stage, taken_back
from tests.house.authz import routes
from tests.house.lines import LINES
from troth.base.logs.formatter import JsonLines
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("X31")

ROUTES = {route.pattern: route for route in routes() if route.pattern in LINES}
ACTS = sorted(pattern for pattern in ROUTES if set(LINES[pattern].answers) - {"GET"})
SIGN = "forged by somebody"
FORGED = (
    f'x\r\n{{"level":"INFO","event":"session.opened","text":"{SIGN}"}}\r\n',
    f'"}},\n{{"event":"{SIGN}"}}',
    f"\x1b[2J\x1b]0;{SIGN}\x07\x9b31m",
    f"%0d%0a{SIGN}\u2028{SIGN}\u2029{SIGN}\x85{SIGN}\x0b\x0c",
    f"%s %d %(asctime)s {{0.__class__}} {SIGN}",
)
HEADERS = ("User-Agent", "Referer", "X-Forwarded-For", "X-Request-Id", "Accept-Language", "HX-Target", "Origin")


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Return what a process would write, as it would write it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def _are_ours(written: str) -> list[dict[str, Any]]:
    """Return the lines, of which each is one JSON object of plain signs that says nothing of what was planted."""
    lines = written.split("\n")
    assert lines.pop() == ""
    for line in lines:
        assert line.isascii(), line
        assert line.isprintable(), line
        assert SIGN not in line, line
    found = [json.loads(line) for line in lines]
    assert all({"at", "level", "logger"} <= set(one) for one in found)
    return found


@pytest.mark.parametrize("pattern", ACTS)
def test_no_field_of_a_form_writes_a_line(pattern: str, stage: Stage, logged: io.StringIO) -> None:
    route, line = ROUTES[pattern], LINES[pattern]
    with scope(stage.kopi.id):
        form = line.form(stage.kopi)
    address = route.address(**stage.words_of(line, route))
    method = next(iter(set(line.answers) - {"GET"}))
    for forged in FORGED:
        for one in form or {"anything": ""}:
            with taken_back():
                stage.ask("owner", method, address, {**form, one: forged})
    stage.ask("owner", "GET", "/nowhere/at/all/")
    assert any(one.get("status") == 404 or "Not Found" in str(one) for one in _are_ours(logged.getvalue()))


@pytest.mark.parametrize("forged", FORGED)
def test_no_address_and_no_header_writes_a_line(forged: str, stage: Stage, logged: io.StringIO) -> None:
    for actor in ("anonymous", "owner"):
        for path in (f"/{forged}/", f"/w/{forged}/inbox/", f"/account/login/?next={forged}", f"/join/{forged}/"):
            with taken_back():
                stage.ask(actor, "GET", path.replace("\r", "%0D").replace("\n", "%0A"))
        for header in HEADERS:
            with taken_back():
                stage.ask(actor, "GET", "/nowhere/", headers={header: forged})
                stage.ask(actor, "POST", "/account/login/", {"login": forged}, headers={header: forged})
    assert len(_are_ours(logged.getvalue())) > len(HEADERS)


def test_the_look_sees_a_line_that_was_forged() -> None:
    with pytest.raises(AssertionError):
        _are_ours(f'{{"at":"","level":"","logger":""}}\n{FORGED[0]}\n')
