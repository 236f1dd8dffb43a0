"""One JSON object a line. A record is taken apart, and only what is known to be harmless is put together again."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TextIO

from troth.base.logs.events import Checked
from troth.base.logs.failures import failure_of, place
from troth.base.logs.kinds import CODE, ID, METHOD, ROUTE, SECONDS, STATUS, Kind, Scalar, Unloggable
from troth.base.logs.literals import LOOP_TEXTS, is_literal
from troth.base.logs.net import scrubbed

LINE_CHARS_MAX = 16_000

_WORD = re.compile(r"[A-Za-z]{3}")

# Loggers whose names are no modules.
_NAMED_LOGGERS = frozenset(
    {
        "_granian",
        "django.db.backends",
        "django.request",
        "django.security",
        "django.security.DisallowedHost",
        "django.security.DisallowedRedirect",
        "django.security.RequestDataTooBig",
        "django.security.SuspiciousFileOperation",
        "django.security.SuspiciousOperation",
        "django.security.TooManyFieldsSent",
        "django.security.TooManyFilesSent",
        "django.security.csrf",
        "django.template",
        "troth.uncaught",
    }
)

# Texts that the web server builds from its own worker numbers, process ids and addresses.
_SERVER_LOGGER = "_granian"
_SERVER_TEXTS = (
    "ASGI lifespan",
    "Application callable raised an exception",
    "Killing worker-",
    "Killing old worker-",
    "Listening at: ",
    "Respawning worker-",
    "Shutting down granian",
    "Spawning worker-",
    "Starting granian",
    "Started worker-",
    "Stopped old worker-",
    "Stopped worker-",
    "Stopping old worker-",
    "Stopping worker-",
    "Unexpected exit from worker-",
    "Worker crash loop detected",
)


class JsonLines(logging.Formatter):
    """Writes level, logger, event or template, place, ids and the failure's type; drops all else."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Nothing that a record holds makes this fail."""
        try:
            line = _written({**_head(record), **dict(_facts(record))})
            if len(line) > LINE_CHARS_MAX:
                line = _written({**_head(record), "event": "log.too_long"})
        except Exception as error:  # noqa: BLE001  # a log line must not cost the work that it reports
            line = _written({"level": "ERROR", "event": "log.broken", "error": failure_of(error)})
        return line


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to standard error as it is now, and stays silent about what it could not write."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # a plain attribute would keep a stream that tests replace
        """Return today's standard error."""
        return sys.stderr

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: the standard library would print the record with all its arguments."""


def _head(record: logging.LogRecord) -> dict[str, object]:
    return {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname if record.levelname.isalpha() else str(record.levelno),
        "logger": _logger_name(record.name),
    }


def _logger_name(name: str) -> str:
    """Return the name as far as it is a module's: a library may hang data behind it."""
    if name in _NAMED_LOGGERS:
        return name
    if name.startswith(f"{_SERVER_LOGGER}."):
        return _SERVER_LOGGER
    while name and name not in sys.modules:
        name = name.rpartition(".")[0]
    return name or "other"


def _facts(record: logging.LogRecord) -> Iterator[tuple[str, object]]:
    values = getattr(record, "event_values", None)
    if isinstance(values, Checked):
        yield "event", record.msg
        yield from ((key, scrubbed(value) if isinstance(value, str) else value) for key, value in values.items())
    elif (text := _text(record)) is not None:
        yield "text", text
    yield "from", place(record.pathname, record.lineno, record.funcName)
    yield from _known_extras(record)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        yield "error", failure_of(error)


def _text(record: logging.LogRecord) -> str | None:
    """Return the template, without its arguments, if it is known to hold no data and says something."""
    first_line = str(record.msg).partition("\n")[0] if isinstance(record.msg, str) else ""
    if record.name.partition(".")[0] == _SERVER_LOGGER:
        return scrubbed(first_line) if first_line.startswith(_SERVER_TEXTS) else None
    if record.name == "asyncio" and first_line in LOOP_TEXTS:
        return first_line
    return scrubbed(record.msg) if _WORD.search(first_line) and is_literal(record.msg) else None


def _known_extras(record: logging.LogRecord) -> Iterator[tuple[str, Scalar]]:
    """Pick what Django, its database layer and the job queue attach, as far as it is known to be harmless."""
    request = getattr(record, "request", None)
    if request is not None:
        yield from _of_request(request)
    yield from _passed("status", STATUS, getattr(record, "status_code", None))
    yield from _passed("action", CODE, getattr(record, "action", None))
    yield from _passed("duration_s", SECONDS, getattr(record, "duration", None))
    job = getattr(record, "job", None)
    if isinstance(job, dict):
        yield from _passed("job_id", ID, job.get("id"))
        yield from _passed("task", CODE, job.get("task_name"))


def _of_request(request: Any) -> Iterator[tuple[str, Scalar]]:
    yield "method", METHOD(getattr(request, "method", None))
    match = getattr(request, "resolver_match", None)
    yield from _passed("route", ROUTE, getattr(match, "route", None))
    ids = getattr(match, "kwargs", None)
    if isinstance(ids, dict):
        for name, value in ids.items():
            yield from _passed(f"route.{name}", ID, value)


def _passed(name: str, kind: Kind, value: object) -> Iterator[tuple[str, Scalar]]:
    if value is not None:
        try:
            yield name, kind(value)
        except Unloggable:
            return


def _written(line: dict[str, object]) -> str:
    # Only ASCII comes out of this, so line ends of every alphabet and terminal commands are spelled, not obeyed.
    return json.dumps(line, ensure_ascii=True, separators=(",", ":")).replace("\x7f", "\\u007f")
