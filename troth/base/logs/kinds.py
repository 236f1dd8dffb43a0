"""The kinds of values that a log line may hold. A kind returns what is written, or refuses."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from troth.base.logs.net import scrubbed

Scalar = str | int | float | bool | None
Kind = Callable[[object], Scalar]

# A telephone number has seven digits or more; nothing that we number by hand gets there.
SMALL_NUMBER_MAX = 999_999

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}")
_ROUTE = re.compile(r"[A-Za-z0-9_<>:/.^$()?\\+*\[\]|-]{0,200}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Unloggable(ValueError):
    """A value is not of its declared kind. The value is not part of the text."""

    def __init__(self, kind: str, value: object) -> None:
        super().__init__(f"a value of type {type(value).__name__} is no {kind}")


def ID(value: object) -> str | int:
    """Write an id of ours: a UUID, or the small number of a job."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and _UUID.fullmatch(value):
        return value
    return _whole_number(value, most=SMALL_NUMBER_MAX, kind="id")


def CODE(value: object) -> str | int:
    """Write a word of the program or of an interface: "rate_limited", 131056."""
    if isinstance(value, str) and _CODE.fullmatch(value) and scrubbed(value) == value:
        return value
    return _whole_number(value, most=SMALL_NUMBER_MAX, kind="code")


def COUNT(value: object) -> int:
    """Write how many there were."""
    return _whole_number(value, most=1_000_000_000, kind="count")


def BYTES(value: object) -> int:
    """Write a size."""
    return _whole_number(value, most=2**53, kind="size")


def STATUS(value: object) -> int:
    """Write the status of an HTTP answer."""
    return _whole_number(value, most=599, kind="status")


def SECONDS(value: object) -> float:
    """Write a duration, to the microsecond."""
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e7:
        raise Unloggable("duration", value)
    return round(float(value), 6)


def FLAG(value: object) -> bool:
    """Write yes or no."""
    if not isinstance(value, bool):
        raise Unloggable("flag", value)
    return value


def METHOD(value: object) -> str:
    """Write the method of a request; whatever a stranger invented becomes "other"."""
    return value if isinstance(value, str) and value in _METHODS else "other"


def ROUTE(value: object) -> str:
    """Write the pattern of an address, "inbox/<uuid:id>/", never the address itself."""
    if isinstance(value, str) and _ROUTE.fullmatch(value) and scrubbed(value) == value:
        return value
    raise Unloggable("route", value)


def one_of(*words: str) -> Kind:
    """Return the kind that writes these words and no others."""

    def chosen(value: object) -> str:
        if isinstance(value, str) and value in words:
            return value
        raise Unloggable("known word", value)

    return chosen


def _whole_number(value: object, *, most: int, kind: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise Unloggable(kind, value)
    return int(value)
