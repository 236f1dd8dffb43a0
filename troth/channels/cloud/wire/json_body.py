"""Bytes to a clean tree: JSON as Meta writes it, and as nobody should."""

import json
from math import isfinite
from typing import Any

import msgspec

DEPTH_MAX = 64
INTEGER_DIGITS_MAX = 40
# A common body has about thirteen brackets: only beyond this many can one be deeper than we allow.
BRACKETS_UNSUSPICIOUS = DEPTH_MAX

_decode = msgspec.json.Decoder().decode
_SURROGATES = {code: "\ufffd" for code in range(0xD800, 0xE000)}
_UNSTORABLE = {0: "\ufffd", **_SURROGATES}


class Unreadable(Exception):
    """The body is not a JSON object that we can read; the argument is a short code of ours."""


def read_object(body: bytes) -> dict[str, Any]:
    """Return the object that the body holds, in text that can be stored and sent on.

    NUL characters, which PostgreSQL refuses, and halves of surrogate pairs, which UTF-8 refuses, become U+FFFD.
    Raises: Unreadable.
    """
    tree = read_any(body)
    if not isinstance(tree, dict):
        raise Unreadable("not_an_object")
    return tree


def read_any(body: bytes) -> Any:
    """Return whatever JSON the bytes hold, cleaned in the same way.

    Raises: Unreadable.
    """
    try:
        return _read(body)
    except RecursionError:
        raise Unreadable("too_deep") from None


def _read(body: bytes) -> Any:
    try:
        tree = _decode(body)
        dirty = b"\\u0000" in body
    except (msgspec.DecodeError, UnicodeDecodeError):
        tree = _read_tolerantly(body)
        dirty = True
    if body.count(b"{") + body.count(b"[") > BRACKETS_UNSUSPICIOUS and _is_too_deep(tree):
        raise Unreadable("too_deep")
    return _cleaned(tree) if dirty else tree


def _read_tolerantly(body: bytes) -> Any:
    """Return what the strict and fast reader refused: lone surrogates, raw control characters, wild numbers."""
    try:
        return json.loads(
            body.decode("utf-8-sig", "replace"),
            strict=False,
            parse_int=_integer,
            parse_constant=_nothing,
        )
    except ValueError:
        raise Unreadable("not_json") from None


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= INTEGER_DIGITS_MAX else None


def _nothing(_name: str) -> None:
    """Return None for NaN and the infinities, which are no JSON."""


def _is_too_deep(tree: Any) -> bool:
    level = [tree]
    for _ in range(DEPTH_MAX):
        level = [
            child
            for node in level
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _cleaned(tree: Any) -> Any:
    if isinstance(tree, str):
        return tree.translate(_UNSTORABLE) if "\0" in tree or not _is_encodable(tree) else tree
    if isinstance(tree, dict):
        return {_cleaned(key): _cleaned(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_cleaned(item) for item in tree]
    return None if isinstance(tree, float) and not isfinite(tree) else tree


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
