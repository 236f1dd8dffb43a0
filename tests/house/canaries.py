"""Words planted where customers' data goes in, and the search for them in every form in which they could lie around."""

import base64
import os
import re
import secrets
import urllib.parse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

CHUNK_BYTES = 8 * 1024 * 1024


def canary() -> str:
    """Return a word that occurs nowhere by chance, and that nobody takes for a phone number."""
    while True:
        word = "CNRY" + secrets.token_hex(10).upper()
        if not re.search(r"[0-9]{7}", word):
            return word


def number() -> str:
    """Return the digits of a phone number that occurs nowhere by chance."""
    return "6019" + "".join(secrets.choice("0123456789") for _ in range(8))


def forms(word: str) -> dict[str, bytes]:
    """Return every form in which a word could be found, by name."""
    raw = word.encode()
    found = {
        "raw": raw,
        "lower": word.lower().encode(),
        "utf-16-le": word.encode("utf-16-le"),
        "utf-16-be": word.encode("utf-16-be"),
        "hex": raw.hex().encode(),
        "HEX": raw.hex().upper().encode(),
        "url": urllib.parse.quote(word, safe="").encode(),
        "json": "".join(f"\\u{ord(letter):04x}" for letter in word).encode(),
        "quoted-printable": "".join(f"={ord(letter):02X}" for letter in word).encode(),
        "entities": "".join(f"&#{ord(letter)};" for letter in word).encode(),
        "reversed": word[::-1].encode(),
    }
    for offset in range(3):
        # The letters at both ends share their base64 digits with neighbours, so only the middle is certain.
        encoded = base64.b64encode(b"\0" * offset + raw)
        found[f"base64+{offset}"] = encoded[4 if offset else 0 : len(encoded) - 4]
    if word.isdigit():
        national = "0" + word[2:]
        found |= {"national": national.encode(), "spaced": f"{national[:3]} {national[3:]}".encode()}
        found["display"] = f"{word[2:4]}-{word[4:7]} {word[7:]}".encode()
    return found


def found_in(data: bytes, words: Iterable[str]) -> set[tuple[str, str]]:
    """Return which words stand in these bytes, and in which form."""
    lowered = data.lower()
    hits = set()
    for form, shared, needles in _sieves(tuple(words)):
        where = lowered if form in ANY_CASE else data
        # Where not even that stands which all of them share, none of them does: mostly one look instead of hundreds.
        if shared in where:
            hits |= {(word, form) for word, needle in needles if needle in where}
    return hits


ANY_CASE = ("raw", "hex")


@lru_cache(maxsize=64)
def _sieves(words: tuple[str, ...]) -> list[tuple[str, bytes, list[tuple[str, bytes]]]]:
    """Return by form, and by the words' beginnings, what is looked for, and what all of that begins or ends with."""
    groups: dict[tuple[str, str], list[tuple[str, bytes]]] = defaultdict(list)
    for word in words:
        for form, needle in forms(word).items():
            groups[form, word[:4]].append((word, needle.lower() if form in ANY_CASE else needle))
    return [(form, _shared([needle for _, needle in found]), found) for (form, _), found in groups.items()]


def _shared(needles: list[bytes]) -> bytes:
    """Return the longer of what all of these begin with and what all of them end with."""
    begins = _beginning(needles)
    ends = _beginning([needle[::-1] for needle in needles])[::-1]
    return max(begins, ends, key=len)


def _beginning(needles: list[bytes]) -> bytes:
    first, last = min(needles), max(needles)  # whatever these two share, those between them do too
    same = 0
    while same < len(first) and first[same : same + 1] == last[same : same + 1]:
        same += 1
    return first[:same]


def found_below(folder: Path, words: Iterable[str]) -> set[tuple[str, str, str]]:
    """Return which words stand in any file below a folder: (word, form, file)."""
    wanted = list(words)
    return {
        (word, form, str(path.relative_to(folder)))
        for path in _files_below(folder)
        for chunk in _chunks(path)
        for word, form in found_in(chunk, wanted)
    }


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder. What is deleted meanwhile, as a server does with its own, is passed over."""
    for where, _, names in os.walk(folder):
        yield from (path for name in names if (path := Path(where, name)).is_file())


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield a file in pieces that overlap, so that no word hides on an edge."""
    try:
        with path.open("rb") as file:
            tail = b""
            while piece := file.read(CHUNK_BYTES):
                yield tail + piece
                tail = piece[-512:]
    except FileNotFoundError:
        return
