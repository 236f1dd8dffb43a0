"""Bodies that are almost like those that Meta sends: the same for the same seed and number."""

import json
import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from tests.bodies import encode

Path = tuple[Any, ...]

STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 2**31, 2**63, 2**64, -(2**63) - 1, 1e308, "", " ", "0", "-1", "1e400", "NaN", "null",
    "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\u202eabc", "e\u0301" * 50, "👩‍👩‍👧‍👦" * 20, "\r\n\t", "<script>", "'; DROP TABLE x; --",
    "%s%n%d", "{}", "[]", "../../etc/passwd", "9" * 400, "x" * 5_000, "2026-13-45", "+", "+6012 345-6789", "00" * 40,
    [], {}, [[]], [{}], [None], {"": ""}, {"\x00": 1}, {"id": []}, [1, "2", None, {"a": [{}]}],
)  # fmt: skip
INSTANTS: tuple[Any, ...] = (0, -1, "0", "-1", 1, 2**31, 2**40, "99999999999999999", 1.5, "1.5", "soon", None, [], True)
RAW: tuple[bytes, ...] = (
    b"\x00", b"\xff", b"\xed\xa0\x80", b"\\u0000", b"\\ud83d", b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"1e999",
    b"NaN", b"-Infinity", b"9" * 300, b"\xef\xbb\xbf", b"/*", b"\n", b'"a":1,', b"null",
)  # fmt: skip


def mutated(bodies: Sequence[bytes], *, seed: int, number: int) -> bytes:
    """Return the mutation of this number of one of these bodies."""
    chance = random.Random(f"{seed}.{number}")
    body, other = chance.choice(bodies), _tree(chance.choice(bodies))
    tree = _tree(body)
    if tree is None or chance.random() < 0.25:
        return _bytes(body, chance)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        tree = chance.choice(_CHANGES)(tree, other, chance)
    written = encode(tree)
    return _bytes(written, chance) if chance.random() < 0.1 else written


def _tree(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def paths(tree: Any) -> list[Path]:
    """Return the way to every value in a tree, but for the tree itself."""
    found: list[Path] = []
    ahead: list[tuple[Path, Any]] = [((), tree)]
    while ahead:
        way, value = ahead.pop()
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        below = [((*way, key), child) for key, child in inner]
        found += [one for one, _ in below]
        ahead += below
    return found


def _replace(tree: Any, other: Any, chance: random.Random) -> Any:
    return _at(tree, chance, lambda _value: deepcopy(chance.choice(STRANGE)))


def _wrap(tree: Any, other: Any, chance: random.Random) -> Any:
    return _at(tree, chance, lambda value: chance.choice(([value], [value] * 3, {"value": value}, str(value))))


def _graft(tree: Any, other: Any, chance: random.Random) -> Any:
    """Put a piece of another body in the place of one of this."""
    ways = paths(other)
    return _at(tree, chance, lambda value: deepcopy(_get(other, chance.choice(ways))) if ways else value)


def _sink(tree: Any, other: Any, chance: random.Random) -> Any:
    deep: Any = "deep"
    for _ in range(chance.choice((10, 60, 70, 90))):
        deep = [deep] if chance.random() < 0.5 else {"a": deep}
    return _at(tree, chance, lambda _value: deep)


def _repeat(tree: Any, other: Any, chance: random.Random) -> Any:
    times = chance.choice((2, 3, 40))
    return _at(tree, chance, lambda value: value * times if isinstance(value, list) and len(value) < 50 else value)


def _confuse_time(tree: Any, other: Any, chance: random.Random) -> Any:
    return _at(
        tree, chance, lambda _value: deepcopy(chance.choice(INSTANTS)), wanted=("timestamp", "time", "expiration")
    )


def _drop(tree: Any, other: Any, chance: random.Random) -> Any:
    ways = paths(tree)
    if not ways:
        return tree
    way = chance.choice(ways)
    holder = _get(tree, way[:-1])
    del holder[way[-1]]
    return tree


def _rename(tree: Any, other: Any, chance: random.Random) -> Any:
    ways = [way for way in paths(tree) if isinstance(way[-1], str)]
    if not ways:
        return tree
    way = chance.choice(ways)
    holder = _get(tree, way[:-1])
    new = chance.choice((way[-1].upper(), way[-1] + "s", "", "type", "id", "messages", "statuses", "\u0000"))
    holder[new] = holder.pop(way[-1])
    return tree


_CHANGES: tuple[Callable[[Any, Any, random.Random], Any], ...] = (
    _replace, _replace, _replace, _wrap, _graft, _graft, _sink, _repeat, _confuse_time, _drop, _drop, _rename,
)  # fmt: skip


def _at(tree: Any, chance: random.Random, change: Callable[[Any], Any], *, wanted: tuple[str, ...] = ()) -> Any:
    ways = [way for way in paths(tree) if not wanted or way[-1] in wanted]
    if not ways:
        return tree
    way = chance.choice(ways)
    holder = _get(tree, way[:-1])
    holder[way[-1]] = change(holder[way[-1]])
    return tree


def _get(tree: Any, way: Path) -> Any:
    for key in way:
        tree = tree[key]
    return tree


def _bytes(body: bytes, chance: random.Random) -> bytes:
    """Return the body with a few bytes changed, put in, taken out or doubled."""
    changed = bytearray(body)
    for _ in range(chance.choice((1, 1, 2, 5))):
        start = chance.randrange(len(changed) + 1)
        end = min(len(changed), start + chance.randrange(60))
        match chance.randrange(5):
            case 0:
                changed[start : start + 1] = bytes([chance.randrange(256)])
            case 1:
                changed[start:start] = chance.choice(RAW)
            case 2:
                del changed[start:end]
            case 3:
                changed[start:start] = changed[start:end]
            case 4:
                del changed[start:]
    return bytes(changed)


def a_look_at(body: bytes) -> str:
    """Return the beginning of a body, for a person to see which it is."""
    return body[:300].decode("utf-8", "backslashreplace")
