"""The words that WhatsApp shortens to one byte or two. They are read out of the engine's library, so none are kept here.

A Go program holds a list of words as pairs of an address and a length. In a shared library the addresses are filled in as it
is loaded, by its relocations; by them a list is found again from its first word.
Source: the ELF specification, and what neonize 0.5.2 is like (read 2026-11-30).
"""

import struct
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from port.drivers.neonize import library

SINGLES, DOUBLES, DICTIONARIES = 236, 256, 4
_FIRST_SINGLE, _FIRST_DOUBLE = b"xmlstreamstart", b"read-self"
_RELATIVE = {8, 1027}  # the kind of relocation, on x86-64 and on ARM
_LOAD, _DYNAMIC = 1, 2
_RELOCATIONS, _RELOCATIONS_BYTES = 7, 8
_STRING_BYTES, _SLICE_BYTES = 16, 24


class NotFound(Exception):
    """This library holds the words in another way."""


@cache
def words() -> tuple[list[str], list[list[str]]]:
    """Return the words of one byte by number, and those of two by dictionary and number. Raises: NotFound."""
    found = find_spec(library.NAME)
    assert found is not None
    assert found.submodule_search_locations is not None
    [path] = Path(next(iter(found.submodule_search_locations))).glob("*.so")
    image = _Image(path.read_bytes())
    first = next(image.places_of(_FIRST_SINGLE))
    return ["", *image.strings(first, SINGLES - 1)], image.dictionaries()


class _Image:
    """A shared library as it would lie in memory."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        start, [size, count] = self._number(0x20), struct.unpack_from("<HH", data, 0x36)
        headers = [struct.unpack_from("<IIQQQQ", data, start + at * size) for at in range(count)]
        self._loaded = [(memory, file, length) for kind, _f, file, memory, _p, length in headers if kind == _LOAD]
        [dynamic] = [(file, length) for kind, _f, file, _m, _p, length in headers if kind == _DYNAMIC]
        about = dict(struct.iter_unpack("<QQ", data[dynamic[0] : sum(dynamic)]))
        relocations = self._file(about[_RELOCATIONS])
        self._points_to = {
            place: target
            for place, info, target in struct.iter_unpack(
                "<QQq", data[relocations : relocations + about[_RELOCATIONS_BYTES]]
            )
            if info & 0xFFFFFFFF in _RELATIVE
        }

    def places_of(self, word: bytes) -> Iterator[int]:
        """Yield where strings are that are this word. Raises: NotFound, where there is none."""
        found = False
        at = self._data.find(word)
        while at >= 0:
            memory = next(
                (memory + at - file for memory, file, length in self._loaded if file <= at < file + length), 0
            )
            for place in [place for place, target in self._points_to.items() if target == memory]:
                if self._at(place + 8) == len(word):
                    found = True
                    yield place
            at = self._data.find(word, at + 1)
        if not found:
            raise NotFound(word)

    def dictionaries(self) -> list[list[str]]:
        """Return the lists of a list of lists. Raises: NotFound."""
        for place in self.places_of(_FIRST_DOUBLE):
            for header in [header for header, target in self._points_to.items() if target == place]:
                if self._at(header + 8) == DOUBLES:
                    lists = [self._points_to[header + _SLICE_BYTES * one] for one in range(DICTIONARIES)]
                    return [self.strings(one, DOUBLES) for one in lists]
        raise NotFound(_FIRST_DOUBLE)

    def strings(self, first: int, count: int) -> list[str]:
        """Return so many strings that lie one after another."""
        return [self._string(first + _STRING_BYTES * at) for at in range(count)]

    def _string(self, place: int) -> str:
        start, length = self._file(self._points_to[place]), self._at(place + 8)
        return self._data[start : start + length].decode()

    def _at(self, memory: int) -> int:
        return self._number(self._file(memory))

    def _number(self, file: int) -> int:
        number: int = struct.unpack_from("<Q", self._data, file)[0]
        return number

    def _file(self, memory: int) -> int:
        [at] = [file + memory - start for start, file, length in self._loaded if start <= memory < start + length]
        return int(at)
