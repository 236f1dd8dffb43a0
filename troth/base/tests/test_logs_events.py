"""Events: what is declared passes, nothing else does."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from troth.base.logs import (
    BYTES,
    CODE,
    COUNT,
    FLAG,
    ID,
    METHOD,
    ROUTE,
    SECONDS,
    STATUS,
    Kind,
    UndeclaredEvent,
    Unloggable,
    declare,
    event,
    one_of,
)
from troth.base.logs.formatter import JsonLines

MESSAGE_ID = UUID("0190a2b3-1234-7abc-8def-0123456789ab")
NUMBER = "+5511987654321"


class Kept(logging.Handler):
    """Keeps the lines that would have been written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def kept() -> Iterator[Kept]:
    handler = Kept()
    logger = logging.getLogger(__name__)
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    yield handler
    logger.removeHandler(handler)


logger = logging.getLogger(__name__)
declare("test.sent", message_id=ID, code=CODE, took=SECONDS)


def test_an_event_is_one_line_with_its_ids(kept: Kept) -> None:
    event(logger, "test.sent", message_id=MESSAGE_ID, code=131056, took=timedelta(seconds=0.25))
    line = json.loads(kept.lines[0])
    assert (line["level"], line["logger"], line["event"]) == ("INFO", __name__, "test.sent")
    assert (line["message_id"], line["code"], line["took"]) == (str(MESSAGE_ID), 131056, 0.25)
    assert line["from"].endswith("in test_an_event_is_one_line_with_its_ids")
    assert line["from"].startswith("troth/base/tests/test_logs_events.py:")


def test_an_absent_value_is_left_out(kept: Kept) -> None:
    event(logger, "test.sent", message_id=None, code="ok")
    assert "message_id" not in json.loads(kept.lines[0])


@pytest.mark.parametrize("environment", ["development", "test"])
def test_mistakes_are_loud_while_we_build(kept: Kept, monkeypatch: pytest.MonkeyPatch, environment: str) -> None:
    monkeypatch.setenv("TROTH_ENV", environment)
    with pytest.raises(UndeclaredEvent):
        event(logger, "test.never_declared")
    with pytest.raises(UndeclaredEvent):
        event(logger, "test.sent", name="Maria")
    with pytest.raises(Unloggable) as caught:
        event(logger, "test.sent", message_id=NUMBER)
    assert NUMBER not in str(caught.value)
    assert kept.lines == []


@pytest.mark.parametrize("environment", ["production", "prod", "", None])
def test_mistakes_are_dropped_once_we_run(kept: Kept, monkeypatch: pytest.MonkeyPatch, environment: str | None) -> None:
    if environment is None:
        monkeypatch.delenv("TROTH_ENV", raising=False)
    else:
        monkeypatch.setenv("TROTH_ENV", environment)
    event(logger, "test.never_declared", name="Maria")
    event(logger, "test.sent", name="Maria", code="ok", message_id=NUMBER)
    first, second = (json.loads(line) for line in kept.lines)
    assert first["event"] == "log.undeclared"
    assert first["from"].endswith("in test_mistakes_are_dropped_once_we_run")
    assert (second["code"], second["message_id"]) == ("ok", "[withheld]")
    assert "Maria" not in "".join(kept.lines)


def test_a_quiet_logger_costs_nothing_and_writes_nothing(kept: Kept) -> None:
    logger.setLevel(logging.ERROR)
    event(logger, "test.sent", code="ok")
    assert kept.lines == []


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        (ID, MESSAGE_ID, str(MESSAGE_ID)),
        (ID, str(MESSAGE_ID), str(MESSAGE_ID)),
        (ID, 42, 42),
        (CODE, "rate_limited", "rate_limited"),
        (CODE, 131056, 131056),
        (COUNT, 0, 0),
        (BYTES, 104_857_600, 104_857_600),
        (STATUS, 404, 404),
        (SECONDS, 1, 1.0),
        (FLAG, False, False),
        (METHOD, "POST", "POST"),
        (METHOD, "STEAL", "other"),
        (METHOD, None, "other"),
        (ROUTE, "inbox/<uuid:conversation_id>/", "inbox/<uuid:conversation_id>/"),
        (one_of("cloud", "web"), "web", "web"),
    ],
)
def test_a_value_of_its_kind_is_written(kind: Kind, value: object, written: object) -> None:
    assert kind(value) == written


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (ID, NUMBER),
        (ID, "5511987654321"),
        (ID, 5511987654321),
        (ID, 5550123),
        (ID, "Maria"),
        (ID, True),
        (ID, -1),
        (ID, str(MESSAGE_ID) + "\n"),
        (ID, b"x"),
        (CODE, NUMBER),
        (CODE, "5511987654321"),
        (CODE, 5511987654321),
        (CODE, "two words"),
        (CODE, "a@b.example"),
        (CODE, "wamid.HBgLMTU1NTAwMDExMTE"),
        (CODE, "EAAG1234567890abcdefghijk"),
        (CODE, "id:+5511987654321"),
        (COUNT, 5511987654321),
        (COUNT, "3"),
        (STATUS, 5511),
        (SECONDS, 5511987654321),
        (SECONDS, float("nan")),
        (SECONDS, "1"),
        (FLAG, 1),
        (ROUTE, "inbox/5511987654321/"),
        (ROUTE, "inbox/a@b.example/"),
        (ROUTE, "a b"),
        (one_of("cloud", "web"), "Maria"),
        (one_of("cloud", "web"), ["web"]),
    ],
)
def test_a_value_of_another_kind_is_refused_without_being_quoted(kind: Kind, value: object) -> None:
    with pytest.raises(Unloggable) as caught:
        kind(value)
    assert str(value) not in str(caught.value)


@pytest.mark.parametrize("name", ["Sent", "sent", "sent.", "Maria wrote", ".sent", "test.sent\n"])
def test_an_event_has_a_name_of_two_words(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be declared"):
        declare(name)


def test_an_event_cannot_take_a_key_of_the_line_itself() -> None:
    with pytest.raises(ValueError, match="cannot be declared"):
        declare("test.greedy", text=CODE)


def test_an_event_is_declared_once() -> None:
    declare("test.sent", message_id=ID, code=CODE, took=SECONDS)
    with pytest.raises(ValueError, match="twice"):
        declare("test.sent", other=ID)


def test_values_that_did_not_pass_through_an_event_are_not_taken_for_some(kept: Kept) -> None:
    logger.info("disguised", extra={"event_values": {"name": "Maria"}})
    assert "Maria" not in kept.lines[0]
