"""A record of anybody's: only what is known to be harmless becomes a line, and it is one line."""

import json
import logging
import sys
from typing import Any

import aiohttp
import psycopg.errors
import pytest
from django.core.exceptions import ValidationError
from django.db.utils import IntegrityError
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from troth.base.http import Ambiguous
from troth.base.logs import LOGGING
from troth.base.logs.failures import failure_of, place, type_name
from troth.base.logs.formatter import JsonLines, StandardError
from troth.base.logs.net import scrubbed
from troth.base.tests.test_logs_events import Kept, kept, logger

pytestmark = pytest.mark.clause("X31")

__all__ = ["kept"]

NAME = "Maria Quintanilha"
NUMBER = "+5511987654321"
MAIL = "maria@example.com"
SECRET = "EAAG0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0"
PLANTED = f"{NAME} {NUMBER} {MAIL} {SECRET}"


def clean(text: str) -> bool:
    return not any(word in text for word in (*PLANTED.split(), "98765"))


class Chatty:
    """Tells everything when it is shown."""

    def __repr__(self) -> str:
        return PLANTED

    __str__ = __repr__


def test_a_literal_passes_and_its_arguments_do_not(kept: Kept) -> None:
    logger.info("%s wrote from %s", NAME, NUMBER)
    logger.info("%(name)s wrote", {"name": NAME})
    texts = [json.loads(line)["text"] for line in kept.lines]
    assert texts == ["%s wrote from %s", "%(name)s wrote"]
    assert clean("".join(kept.lines))


def test_a_text_made_of_data_does_not_pass(kept: Kept) -> None:
    logger.info(f"{NAME} wrote")
    logger.info("{} wrote".format(NAME))  # noqa: UP032  # both spellings
    logger.info(NAME + " wrote")
    logger.info(Chatty())
    logger.info({"name": NAME})
    assert all("text" not in json.loads(line) for line in kept.lines)
    assert len(kept.lines) == 5
    assert clean("".join(kept.lines))


def test_even_a_literal_goes_through_the_last_net(kept: Kept) -> None:
    logger.info("call +5511987654321 or write to maria@example.com")
    assert json.loads(kept.lines[0])["text"] == "call [phone] or write to [mail]"


def test_extra_keys_do_not_pass(kept: Kept) -> None:
    logger.info("saved", extra={"name_of_contact": NAME, "phone": NUMBER, "action": NAME, "job": {"id": NUMBER}})
    logger.info("saved", extra={"status_code": NUMBER, "duration": NUMBER, "request": Chatty()})
    logger.info("saved", extra={"job": {"id": 7, "task_name": "troth.mail.send", "task_kwargs": {"to": MAIL}}})
    assert clean("".join(kept.lines))
    assert json.loads(kept.lines[2])["job_id"] == 7


def test_locals_and_stack_texts_do_not_pass(kept: Kept) -> None:
    secret_local = PLANTED
    logger.info("here", stack_info=True)
    try:
        raise RuntimeError(secret_local)
    except RuntimeError:
        logger.exception("failed")
    assert clean("".join(kept.lines))


def test_a_log_call_that_is_wrong_itself_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    handler = StandardError()
    for formatter in (logging.Formatter("%(message)s"), JsonLines()):
        handler.setFormatter(formatter)
        for template in ("%d wrote", "%s %s"):
            handler.handle(logging.LogRecord("troth", logging.INFO, __file__, 1, template, (NAME,), None))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert clean("".join(lines))


HOSTILE = ["a\r\nb", "\x1b[2J", "\x9b31m", "\u2028", "\u202e", "\x00", "\x7f", '"}{"', "\ud800"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_line_stays_one_line_of_plain_signs(text: str) -> None:
    record = logging.LogRecord(f"name{text}", logging.INFO, f"/x/{text}.py", 1, text, None, None, f"f{text}")
    line = JsonLines().format(record)
    assert line.isascii()
    assert line.isprintable()
    assert isinstance(json.loads(line), dict)


def test_even_our_own_texts_cannot_command_a_terminal(kept: Kept) -> None:
    logger.info("café \u2028 \x1b[2J \x7f \r\n done")
    assert kept.lines[0].isascii()
    assert kept.lines[0].isprintable()
    assert json.loads(kept.lines[0])["text"] == "café \u2028 \x1b[2J \x7f \r\n done"


@given(st.text(), st.text(), st.integers(), st.text())
def test_no_record_breaks_the_formatter(name: str, path: str, line_number: int, message: str) -> None:
    record = logging.LogRecord(name, logging.INFO, path, line_number, message, (object(),), None, None)
    line = JsonLines().format(record)
    assert line.isprintable()
    assert isinstance(json.loads(line), dict)


def caught(error: BaseException, *, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as raised:  # noqa: BLE001  # some of the cases are no Exception
        return raised


def unique_violation() -> BaseException:
    error = psycopg.errors.UniqueViolation(f"duplicate key: Key (phone)=({NUMBER}) already exists.")
    return caught(IntegrityError(str(error)), cause=error)


@pytest.mark.parametrize(
    "error",
    [
        unique_violation(),
        caught(ValidationError({"phone": [f"{NUMBER} is wrong"]}, params={"value": NAME})),
        caught(UnicodeDecodeError("utf-8", PLANTED.encode(), 0, 1, NAME)),
        caught(KeyError(NUMBER)),
        caught(OSError(2, NAME, NUMBER)),
        caught(aiohttp.InvalidURL(URL("https://x.example/?token=" + SECRET))),
        caught(Ambiguous("timeout"), cause=aiohttp.ClientConnectionError(PLANTED)),
        caught(ExceptionGroup(PLANTED, [ValueError(PLANTED), ExceptionGroup(PLANTED, [KeyError(PLANTED)])])),
        caught(SyntaxError(PLANTED, (PLANTED, 1, 1, PLANTED))),
        caught(SystemExit(PLANTED)),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_exception_keeps_its_message_to_itself(error: BaseException) -> None:
    error.add_note(PLANTED)
    told = json.dumps(failure_of(error))
    assert clean(told)
    assert type(error).__name__ in told
    assert "troth/base/tests/test_logs_lines.py:" in told


def test_the_codes_of_a_failure_are_told() -> None:
    assert failure_of(unique_violation())[1]["sqlstate"] == "23505"
    assert failure_of(caught(FileNotFoundError(2, NAME)))[0]["errno"] == 2
    assert failure_of(caught(Ambiguous("timeout", status=200)))[0]["status"] == 200


def test_the_database_names_the_constraint_and_not_the_row() -> None:
    class Diagnosis:
        constraint_name = "identity_once"
        table_name = "contacts_identity"
        message_detail = f"Key (phone)=({NUMBER}) already exists."

    class Violation(Exception):
        sqlstate = "23505"
        diag = Diagnosis()

    told = failure_of(Violation(PLANTED))[0]
    assert (told["sqlstate"], told["table_name"], told["constraint_name"]) == (
        "23505",
        "contacts_identity",
        "identity_once",
    )
    assert clean(json.dumps(told))


def test_a_missing_module_is_named() -> None:
    assert failure_of(ModuleNotFoundError("No module named 'granian'"))[0]["text"] == "No module named 'granian'"


def test_a_broken_exception_does_not_break_the_line() -> None:
    class Broken(Exception):
        @property
        def sqlstate(self) -> str:
            raise RuntimeError(PLANTED)

        def __str__(self) -> str:
            raise RuntimeError(PLANTED)

        __repr__ = __str__

    assert clean(json.dumps(failure_of(Broken())))


def test_a_chain_ends_even_if_it_runs_in_a_circle() -> None:
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first
    assert [entry["type"] for entry in failure_of(first)] == ["ValueError", "KeyError"]


def test_a_deep_recursion_is_cut_in_the_middle() -> None:
    def down(depth: int) -> None:
        if depth == 0:
            raise ValueError
        down(depth - 1)

    with pytest.raises(ValueError) as caught_error:  # noqa: PT011  # there is no message to match
        down(200)
    places: Any = failure_of(caught_error.value)[0]["places"]
    assert len(places) <= 41
    assert "..." in places


def test_a_type_with_a_made_up_name_cannot_speak() -> None:
    assert clean(type_name(type(f"Error {NUMBER} {MAIL}", (Exception,), {})))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/maria/shop/troth/inbox/receive.py", "troth/inbox/receive.py:7"),
        ("/home/maria/.venv/lib/python3.11/site-packages/django/db/utils.py", "django/db/utils.py:7"),
        ("/usr/lib/python3.11/asyncio/events.py", "asyncio/events.py:7"),
        ("/home/maria/else/where.py", "else/where.py:7"),
        ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap>:7"),
        ("/x.py", "x.py:7"),
        ("", ":7"),
    ],
)
def test_a_place_shows_nothing_of_this_machine(path: str, shown: str) -> None:
    assert place(path, 7) == shown


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "5511987654321",
        "+55 (11) 98765-4321",
        "+55\u00a011\u00a098765\u201154321",
        "+٥٥١١٩٨٧٦٥٤٣٢١",
        "tel5511987654321x",
        "11 98765 4321",
        "555-0123-4",
        MAIL,
        "Maria <maria@example.com>",
        "пётр@пример.рф",
        "Bearer abc.def",
        "Authorization: Basic bWFyaWE6",
        "access_token=" + SECRET,
        "password: hunter2",
        SECRET,
        "wamid.HBgNNTUxMTk4NzY1NDMyMRUCABIYFjNFQjA",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_the_last_net_catches_numbers_addresses_and_secrets(text: str) -> None:
    shown = scrubbed(f"before {text} after")
    assert text not in shown
    assert "[" in shown
    for part in ("98765", "4321", "example", "hunter2", "abc.def", "bWFy", "0aB1", "HBgN", "eyJ", "пример", "0123-4"):
        assert part not in shown


@pytest.mark.parametrize(
    "text",
    [
        "0190a2b3-1234-7abc-8def-0123456789ab",
        "Listening at: http://127.0.0.1:8000",
        "Spawning worker-1 with PID: 41942",
        "troth.inbox.receive",
        "a_rather_long_name_of_a_function_in_the_program",
        "23 of 1500 in 0.25 s",
    ],
)
def test_the_last_net_lets_ids_and_plain_words_through(text: str) -> None:
    assert scrubbed(text) == text


def test_a_long_text_is_cut() -> None:
    assert len(scrubbed("long " * 1000)) <= 300


def test_every_handler_of_the_configuration_writes_lines_of_ours() -> None:
    assert {handler["formatter"] for handler in LOGGING["handlers"].values()} == {"lines"}
    assert {name for configured in LOGGING["loggers"].values() for name in configured["handlers"]} == set()


def test_the_handler_writes_to_standard_error_as_it_is_now(capsys: pytest.CaptureFixture[str]) -> None:
    handler = StandardError()
    handler.setFormatter(JsonLines())
    handler.handle(logging.LogRecord("troth", logging.INFO, __file__, 1, "x", None, None))
    assert json.loads(capsys.readouterr().err)["logger"] == "troth"
    assert handler.stream is sys.stderr
