"""The language of a connection: nodes with attributes and content, in few bytes.

What is written here is never shortened, since whoever reads takes both; what the engine writes is, so it is read with its
own words.
Source: how neonize 0.5.2 reads and writes (read 2026-11-30).
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Union

from tests.edge import tokens

PERSON, LID, GROUP = "s.whatsapp.net", "lid", "g.us"

_EMPTY, _DICTIONARY, _DICTIONARIES = 0, 236, 4
_DEVICE_ID, _LIST_8, _LIST_16, _ID = 247, 248, 249, 250
_HEX, _BINARY_8, _BINARY_20, _BINARY_32, _NIBBLES = 251, 252, 253, 254, 255
_SERVERS = {0: PERSON, 1: LID, 128: "hosted", 129: "hosted.lid"}
_NIBBLE_LETTERS, _HEX_LETTERS = "0123456789-.\0\0\0\0", "0123456789ABCDEF"
_COMPRESSED = 2


@dataclass(frozen=True)
class Id:
    """Who is meant: a person, one of their devices, a group, or a server."""

    user: str
    server: str = PERSON
    device: int = 0

    def __str__(self) -> str:
        return f"{self.user}{f':{self.device}' if self.device else ''}@{self.server}"

    @property
    def person(self) -> "Id":
        """Whose device it is."""
        return Id(self.user, self.server)


SERVER = Id("")
Value = str | Id
Content = Union["Sequence[Node]", bytes, None]


@dataclass
class Node:
    """One sentence."""

    tag: str
    attributes: dict[str, Value] = field(default_factory=dict)
    content: Content = None

    def get(self, name: str) -> str:
        """Return an attribute as text, empty where there is none."""
        return str(self.attributes.get(name, ""))

    def id(self, name: str) -> Id:
        """Return an attribute that is an id. Raises: KeyError, TypeError."""
        value = self.attributes[name]
        if not isinstance(value, Id):
            raise TypeError(f"{name} is no id")
        return value

    @property
    def children(self) -> "list[Node]":
        """What it contains."""
        return [one for one in self.content or [] if isinstance(one, Node)]

    def child(self, tag: str) -> "Node | None":
        """Return the first of its children that is called so."""
        return next((one for one in self.children if one.tag == tag), None)

    def the(self, *tags: str) -> "Node":
        """Return what is found going down by these names. Raises: KeyError."""
        node = self
        for tag in tags:
            found = node.child(tag)
            if found is None:
                raise KeyError(tag)
            node = found
        return node

    @property
    def blob(self) -> bytes:
        """Its content, where that is bytes. Raises: TypeError."""
        if not isinstance(self.content, bytes):
            raise TypeError(f"{self.tag} holds no bytes")
        return self.content


def written(node: Node) -> bytes:
    """Return a node as bytes."""
    return b"\0" + _node(node)


def read(data: bytes) -> Node:
    """Return bytes as a node."""
    flags, data = data[0], data[1:]
    return _Reader(zlib.decompress(data) if flags & _COMPRESSED else data).node()


def _node(node: Node) -> bytes:
    attributes = {name: value for name, value in node.attributes.items() if value != ""}
    size = 1 + 2 * len(attributes) + (node.content is not None)
    data = _list(size) + _bytes(node.tag.encode())
    for name, value in attributes.items():
        data += _bytes(name.encode()) + (_id(value) if isinstance(value, Id) else _bytes(value.encode()))
    if isinstance(node.content, bytes):
        return data + _bytes(node.content)
    if node.content is None:
        return data
    return data + _list(len(node.content)) + b"".join(_node(one) for one in node.content)


def _id(id: Id) -> bytes:
    if id.device:
        number = next(number for number, server in _SERVERS.items() if server == id.server)
        return bytes([_DEVICE_ID, number, id.device]) + _bytes(id.user.encode())
    user = _bytes(id.user.encode()) if id.user else bytes([_EMPTY])
    return bytes([_ID]) + user + _bytes(id.server.encode())


def _list(size: int) -> bytes:
    if size == 0:
        return bytes([_EMPTY])
    return bytes([_LIST_8, size]) if size < 256 else bytes([_LIST_16]) + size.to_bytes(2, "big")


def _bytes(data: bytes) -> bytes:
    if len(data) < 256:
        return bytes([_BINARY_8, len(data)]) + data
    return bytes([_BINARY_32]) + len(data).to_bytes(4, "big") + data


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0
        self._singles, self._doubles = tokens.words()

    def node(self) -> Node:
        """Read a node."""
        size = self._size(self._byte())
        tag = self._text()
        attributes = {}
        for _each in range((size - 1) // 2):
            name = self._text()
            value = self._value(as_text=True)
            assert isinstance(value, str | Id)
            attributes[name] = value
        if size % 2:
            return Node(tag, attributes)
        value = self._value(as_text=False)
        if isinstance(value, str | Id):
            value = str(value).encode()  # shortened, and meant as bytes
        return Node(tag, attributes, value)

    def _text(self) -> str:
        value = self._value(as_text=True)
        assert isinstance(value, str)
        return value

    def _value(self, *, as_text: bool) -> "str | Id | bytes | list[Node] | None":
        kind = self._byte()
        if kind == _EMPTY:
            return None
        if kind in (_LIST_8, _LIST_16):
            return [self.node() for _each in range(self._size(kind))]
        if kind in (_BINARY_8, _BINARY_20, _BINARY_32):
            data = self._take(self._length(kind))
            return data.decode() if as_text else data
        if kind in (_NIBBLES, _HEX):
            return self._letters(_NIBBLE_LETTERS if kind == _NIBBLES else _HEX_LETTERS)
        if kind == _ID:
            user, server = self._value(as_text=True), self._text()
            return Id(str(user or ""), server)
        if kind == _DEVICE_ID:
            number, device = self._byte(), self._byte()
            return Id(self._text(), _SERVERS[number], device)
        if _DICTIONARY <= kind < _DICTIONARY + _DICTIONARIES:
            return self._doubles[kind - _DICTIONARY][self._byte()]
        return self._singles[kind]

    def _size(self, kind: int) -> int:
        if kind == _EMPTY:
            return 0
        return self._byte() if kind == _LIST_8 else int.from_bytes(self._take(2), "big")

    def _length(self, kind: int) -> int:
        if kind == _BINARY_8:
            return self._byte()
        if kind == _BINARY_20:
            return int.from_bytes(self._take(3), "big") & 0xFFFFF
        return int.from_bytes(self._take(4), "big")

    def _letters(self, letters: str) -> str:
        count = self._byte()
        text = "".join(letters[byte >> 4] + letters[byte & 15] for byte in self._take(count & 127))
        return text[:-1] if count & 128 else text

    def _byte(self) -> int:
        return self._take(1)[0]

    def _take(self, count: int) -> bytes:
        data = self._data[self._at : self._at + count]
        assert len(data) == count
        self._at += count
        return data
