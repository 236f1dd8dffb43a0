"""The letters and the colour that stand for a person who has no picture."""

import unicodedata
import zlib

COLOURS = 12


def colour(seed: object) -> int:
    """Return which of the avatar colours belongs to the seed; the same one for ever, in every process."""
    return zlib.crc32(str(seed).encode("utf-8", "replace")) % COLOURS


def initials(name: str) -> str:
    """Return one or two letters of the name, or nothing when it has none (a number, for instance).

    Scripts without capitals get one letter: two would join or read as a word.
    """
    letters = [first for first in (_first_letter(word) for word in name.split()) if first]
    if not letters:
        return ""
    first, last = letters[0], letters[-1]
    if len(letters) == 1 or first.upper() == first.lower():
        return first.upper()
    return (first + last).upper()


def _first_letter(word: str) -> str:
    return next((character for character in word if unicodedata.category(character).startswith("L")), "")
