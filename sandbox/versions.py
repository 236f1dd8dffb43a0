"""Versions of the Graph API that are still to come, as far as a test makes them up: fields that are gone or renamed."""

from contextvars import ContextVar
from typing import Any

import msgspec

Node = dict[str, Any]
_spoken: ContextVar[int] = ContextVar("version", default=0)


class Coming(msgspec.Struct):
    """What differs in a version: fields of objects that are gone, and those that have another name."""

    gone: list[str] = []
    renamed: dict[str, str] = {}


_coming: dict[int, Coming] = {}


def make_up(version: int, coming: Coming | None) -> None:
    """Let a version be there, or no more."""
    _coming.pop(version, None)
    if coming is not None:
        _coming[version] = coming


def newest() -> int:
    """Return the newest version that was made up, 0 without any."""
    return max(_coming, default=0)


def speak(version: int) -> None:
    """Answer the request at hand in this version."""
    _spoken.set(version)


def as_of(node: Node) -> Node:
    """Return an object as the version at hand has it."""
    coming = _coming.get(_spoken.get())
    if coming is None:
        return node
    return {coming.renamed.get(name, name): value for name, value in node.items() if name not in coming.gone}
