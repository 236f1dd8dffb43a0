"""Sealing: what we store about people is unreadable without keys that the database does not hold.

AES-256-GCM with a random nonce. A sealed value is bound to its place (table and column) and to its ring (the workspace,
or the installation for what has none), so that moving it anywhere else makes it unreadable.
Layout: version (1 byte) | key number (2) | nonce (12) | ciphertext | tag (16).
"""

import os
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from troth.base.keystore import KeyStore, RingKeys

INSTALLATION = "installation"
VERSION = 1
HASH_BYTES = 16
OVERHEAD_BYTES = 1 + 2 + 12 + 16
CHECK_EVERY_S = 5.0  # how old a process's picture of the key store may be

_ring_name: ContextVar[str | None] = ContextVar("ring", default=None)
_store: KeyStore | None = None
_rings: dict[str, "Ring"] = {}


class NoRing(Exception):
    """Something of a workspace was sealed or opened outside the scope of any workspace."""


class Unreadable(Exception):
    """A sealed value does not open: another ring's, another column's, damaged, or its key is gone."""


class Ring:
    """One workspace's (or the installation's) keys, ready for use. Cheap to hold, safe to share between threads."""

    def __init__(self, name: str, keys: RingKeys, *, version: int = 0) -> None:
        self.name = name
        self.version = version
        self.checked_at = time.monotonic()
        self._bind = name.encode() + b"|"
        self._current = keys.current.to_bytes(2, "big")
        self._ciphers = {number.to_bytes(2, "big"): AESGCM(key) for number, key in keys.data.items()}
        self._index = keys.index
        self._prefix = bytes([VERSION]) + self._current
        self._sealer = self._ciphers[self._current]

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Return the sealed form of these bytes, bound to a place such as "contacts_contact.name"."""
        nonce = os.urandom(12)
        return self._prefix + nonce + self._sealer.encrypt(nonce, plain, self._bind + place.encode())

    def unseal(self, sealed: bytes, *, place: str) -> bytes:
        """Return the bytes that were sealed for this place. Raises: Unreadable."""
        cipher = self._ciphers.get(sealed[1:3])
        if cipher is None or sealed[0] != VERSION:
            raise Unreadable(place)
        try:
            return cipher.decrypt(sealed[3:15], sealed[15:], self._bind + place.encode())
        except InvalidTag:
            raise Unreadable(place) from None

    @property
    def current(self) -> bytes:
        """The number of the newest key, as it stands in sealed values."""
        return self._current

    def knows(self, sealed: bytes) -> bool:
        """Return whether this ring holds the key number that the value names."""
        return sealed[1:3] in self._ciphers

    def is_current(self, sealed: bytes) -> bool:
        """Return whether the value was sealed with the ring's newest key."""
        return sealed[1:3] == self._current

    def index(self, value: str | bytes, *, place: str) -> bytes:
        """Return a keyed hash (16 bytes) for finding a value by equality without storing it."""
        data = value.encode() if isinstance(value, str) else value
        return blake2b(data, digest_size=HASH_BYTES, key=self._index, person=_person(place)).digest()

    def tokens(self, words: Iterable[str], *, place: str) -> list[int]:
        """Return keyed hashes of words as signed 32-bit numbers, sorted, each once, for an int4[] column."""
        person = _person(place)
        hashes = {blake2b(word.encode(), digest_size=4, key=self._index, person=person).digest() for word in words}
        return sorted(int.from_bytes(digest, "big", signed=True) for digest in hashes)


@lru_cache(maxsize=512)
def _person(place: str) -> bytes:
    return blake2b(place.encode(), digest_size=16).digest()


def configure(store: KeyStore) -> None:
    """Name the key store of this process. Called once by the settings, again by tests."""
    global _store
    _store = store
    _rings.clear()


def store() -> KeyStore:
    """Return the key store. Raises: NoRing where none was configured."""
    if _store is None:
        raise NoRing("no key store is configured")
    return _store


def ring(name: str | None = None) -> Ring:
    """Return a ring by name, or the ring of the workspace in scope. Raises: NoRing, KeysMissing."""
    name = name or _ring_name.get()
    if name is None:
        raise NoRing("no workspace is in scope")
    found = _rings.get(name)
    if found is None or found.checked_at + CHECK_EVERY_S < time.monotonic():
        found = _rings[name] = _checked(name, found)
    return found


def _checked(name: str, known: Ring | None) -> Ring:
    """Return the ring as the key store has it now, so that a rotation is in effect everywhere within seconds."""
    version = store().version(name)
    if known is not None and known.version == version != 0:
        known.checked_at = time.monotonic()
        return known
    keys = store().create(name) if name == INSTALLATION else store().load(name)
    return Ring(name, keys, version=store().version(name))


def reload_ring(name: str) -> Ring:
    """Return a ring read afresh, for a value that names a key made since we looked."""
    _rings.pop(name, None)
    return ring(name)


def forget_ring(name: str) -> None:
    """Drop a ring from memory, after it was destroyed or rotated."""
    _rings.pop(name, None)


@contextmanager
def using_ring(name: str) -> Iterator[None]:
    """Make this the ring in scope. Only `workspaces.scope` calls it."""
    token = _ring_name.set(name)
    try:
        yield
    finally:
        _ring_name.reset(token)


def words_of(text: str) -> set[str]:
    """Return the words of a text as searched: lower case, without accents, split at what is not a letter or digit."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(
        character if character.isalnum() else "" if unicodedata.combining(character) else " " for character in folded
    )
    return {word[:64] for word in kept.split()}


def prefixes_of(text: str, *, shortest: int = 2, longest: int = 12) -> set[str]:
    """Return the beginnings of a name's words, for finding it while it is still being typed."""
    return {word[:size] for word in words_of(text) for size in range(shortest, min(len(word), longest) + 1)}
