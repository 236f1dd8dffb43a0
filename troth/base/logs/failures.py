"""What may be told of an exception: its type, the places it passed, and the codes it carries. Never its message.

Messages quote values: PostgreSQL names the row that broke a constraint, a form the text that was wrong, an HTTP client
the address it called.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from types import TracebackType
from typing import Any

from troth.base.logs.net import scrubbed

CAUSES_MAX = 8
PLACES_MAX = 40
GROUP_MAX = 5

# These speak of the program and its installation only.
_MESSAGE_MAY_PASS = frozenset(
    {
        "ImportError",
        "ModuleNotFoundError",
        "NameError",
        "UnboundLocalError",
        "django.core.exceptions.AppRegistryNotReady",
        "django.core.exceptions.ImproperlyConfigured",
        "django.core.exceptions.SynchronousOnlyOperation",
        "django.template.exceptions.TemplateDoesNotExist",
    }
)

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,62}")
_SQLSTATE = re.compile(r"[0-9A-Z]{5}")
_ODD_IN_PLACES = re.compile(r"[^\w./<>: -]", re.ASCII)
_ROOTS = re.compile(r".*/(?:site-packages|python3\.\d+)/")
_OURS = ("troth.", "config.", "sandbox.")
_HERE = f"{Path(__file__).resolve().parents[3].as_posix()}/"  # which may itself lie in a folder of one of these names


def failure_of(error: BaseException) -> list[dict[str, object]]:
    """Return one entry for the exception and one for each cause, the outermost first."""
    return [_told(link) for link in _chain(error)]


def place(path: str, line: int, function: str | None = None) -> str:
    """Return "troth/inbox/receive.py:120 in apply", without the folders of this machine."""
    shown = _ROOTS.sub("", path.replace("\\", "/")).removeprefix(_HERE)
    if shown.startswith("/"):
        parts = PurePath(shown).parts
        first = next((index for index, part in enumerate(parts) if f"{part}." in _OURS), len(parts) - 2)
        shown = "/".join(parts[max(first, 1) :])
    suffix = f" in {function}" if function else ""
    return _ODD_IN_PLACES.sub("?", f"{shown}:{line}{suffix}")[:200]


def type_name(kind: type) -> str:
    """Return "django.db.utils.IntegrityError", or the bare name of a built-in."""
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return scrubbed(_ODD_IN_PLACES.sub("?", name))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen and len(seen) < CAUSES_MAX:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)


def _told(error: BaseException) -> dict[str, object]:
    told: dict[str, object] = {"type": type_name(type(error)), "places": list(_places(error.__traceback__))}
    if told["type"] in _MESSAGE_MAY_PASS:
        told["text"] = scrubbed(str(error))
    told.update(_codes(error))
    if isinstance(error, BaseExceptionGroup):
        told["group"] = [failure_of(part) for part in error.exceptions[:GROUP_MAX]]
    return told


def _places(trace: TracebackType | None) -> Iterator[str]:
    passed = []
    while trace is not None:
        code = trace.tb_frame.f_code
        passed.append(place(code.co_filename, trace.tb_lineno, code.co_qualname))
        trace = trace.tb_next
    if len(passed) > PLACES_MAX:
        passed[PLACES_MAX // 2 : -PLACES_MAX // 2] = ["..."]
    yield from passed


def _codes(error: BaseException) -> Iterator[tuple[str, str | int]]:
    if isinstance(error, OSError) and isinstance(error.errno, int):
        yield "errno", error.errno
    if _matches(_SQLSTATE, state := _peek(error, "sqlstate")):
        yield "sqlstate", state
        diagnosis = _peek(error, "diag")
        for name in ("table_name", "constraint_name"):
            if _matches(_IDENTIFIER, found := _peek(diagnosis, name)):
                yield name, found
    if type(error).__module__.startswith(_OURS):
        for name in ("code", "reason", "status"):
            found = _peek(error, name)
            if isinstance(found, int) and abs(found) < 1_000_000:
                yield name, int(found)
            elif _matches(_IDENTIFIER, found):
                yield name, scrubbed(found)


def _peek(thing: object, name: str) -> Any:
    try:
        return getattr(thing, name, None)
    except Exception:  # noqa: BLE001  # an attribute of a broken exception may fail in any way; a log line must not
        return None


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
