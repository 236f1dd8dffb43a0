"""Single values as the wire gives them: numbers as text, text as numbers, and things that are neither."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from troth.channels.contract import Problem

ID_CHARS_MAX = 512
WORD_CHARS_MAX = 128
NAME_CHARS_MAX = 256
DETAILS_CHARS_MAX = 2_000
PHONE_DIGITS_MAX = 20
INTEGER_MAX = 10**30
WHOLE_MAX = 2**63 - 1
CODE_MAX = 2**31 - 1
MILLISECONDS_FROM = 10**11
SECONDS_MAX = 4_102_444_800  # the year 2100: beyond it a number is no instant
FORMATTING = str.maketrans("", "", " -().\u00a0\u202f")


def items(part: Any) -> list[Any]:
    """Return the items of a part of the body: a list as it is, a lone thing as a list of one, nothing as none."""
    if isinstance(part, list):
        return part
    return [] if part is None or part == {} or part == "" else [part]


def piece(part: Any) -> dict[str, Any]:
    """Return a nested object, or an empty one where something else stands."""
    return part if isinstance(part, dict) else {}


def text(value: Any) -> str | None:
    """Return words as they are, of any length; a number in their place becomes text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return str(value) if abs(value) < INTEGER_MAX else None
    if isinstance(value, float):
        return str(int(value)) if isfinite(value) and value.is_integer() and abs(value) < INTEGER_MAX else str(value)
    return None


def word(value: Any, *, chars_max: int = WORD_CHARS_MAX) -> str | None:
    """Return a short text, cut at its limit, or None where there is none."""
    found = text(value)
    return found[:chars_max] if found else None


def identifier(value: Any) -> str | None:
    """Return an id verbatim, or None. One that is too long is none, since a cut id is another id."""
    found = text(value)
    return found if found and len(found) <= ID_CHARS_MAX and not found.isspace() else None


def name(value: Any) -> str | None:
    """Return a name in one line, cut at its limit."""
    if not isinstance(value, str):
        return None
    return " ".join(value[: NAME_CHARS_MAX * 4].split())[:NAME_CHARS_MAX] or None


def phone(value: Any) -> str | None:
    """Return a phone number as digits without a plus sign, or None where the value is not one."""
    found = text(value)
    if not found or len(found) > ID_CHARS_MAX:
        return None
    if not (found.isascii() and found.isdigit()):
        found = found.translate(FORMATTING).removeprefix("+")
        if not (found.isascii() and found.isdigit()):
            return None
    return found if len(found) <= PHONE_DIGITS_MAX else None


def instant(value: Any) -> datetime | None:
    """Return the UTC instant of a count of seconds (milliseconds are recognised by size), or None."""
    seconds = whole(value)
    if seconds is None or seconds <= 0:
        return None
    if seconds >= MILLISECONDS_FROM:
        seconds //= 1000
    return datetime.fromtimestamp(seconds, UTC) if seconds < SECONDS_MAX else None


def whole(value: Any) -> int | None:
    """Return a whole number that fits 64 bits, given as a number or as text, or None."""
    number: int | None = None
    if isinstance(value, str):
        bare = value.removeprefix("-")
        number = int(value) if bare.isascii() and bare.isdigit() and len(bare) <= WORD_CHARS_MAX else None
    elif isinstance(value, float):
        number = int(value) if isfinite(value) else None
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    return number if number is not None and abs(number) <= WHOLE_MAX else None


def coordinate(value: Any, *, degrees_max: int) -> float | None:
    """Return a latitude or longitude in degrees, or None where the value is none."""
    try:
        degrees = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        return None
    return degrees if degrees is not None and abs(degrees) <= degrees_max else None


def amount(value: Any) -> str | None:
    """Return an amount of money as plain decimal text, or None: no float ever holds a price."""
    found = text(value)
    try:
        number = Decimal(found) if found and len(found) <= WORD_CHARS_MAX else None
    except InvalidOperation:
        return None
    if number is None or not number.is_finite() or abs(number.adjusted()) > WORD_CHARS_MAX:
        return None
    return format(number, "f")


def is_true(value: Any) -> bool:
    """Return whether a flag is set, given as a boolean, a number or text."""
    return value is True or value == 1 or value == "true"


def problems(value: Any) -> tuple[Problem, ...]:
    """Return the errors that a message, a status or a value carries; older bodies keep `details` outside."""
    if not value:
        return ()
    return tuple(_problem(piece(error)) for error in items(value))


def _problem(error: dict[str, Any]) -> Problem:
    details = piece(error.get("error_data")).get("details") or error.get("details")
    code = whole(error.get("code")) or 0
    return Problem(
        code=code if abs(code) <= CODE_MAX else 0,
        title=word(error.get("title") or error.get("message"), chars_max=DETAILS_CHARS_MAX) or "",
        details=word(details, chars_max=DETAILS_CHARS_MAX) or "",
    )
