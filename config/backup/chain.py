"""The form of a backup file: a header in clear, then one stream, encrypted in pieces that cannot be taken apart.

    magic (8 bytes) | length of the header (4, big-endian) | header (JSON) | piece | piece | ... | last piece

Each file has a key of its own, derived from the backup key, the header's salt and a hash of the header, so that no byte of
the header can be changed either. A piece is a mebibyte, encrypted with AES-256-GCM under the number of the piece and a mark
on the last one (the construction STREAM; Hoang, Reyhanitabar, Rogaway, Vizár 2015): a piece that was changed, left out,
moved, taken from another file, or an end that is missing, does not open. One piece at a time is held in memory.
"""

import hashlib
import io
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.backup.backup_key import BackupKey
from config.trouble import Trouble

MAGIC = b"TROTHBAK"
FORMAT = 1
PIECE_BYTES = 1 << 20
_TAG_BYTES = 16
_SALT_BYTES = 32
_HEADER_BYTES_MAX = 1 << 20


class Damaged(Trouble):
    """A backup does not open as a whole."""


@dataclass(frozen=True)
class Header:
    """What a backup says of itself in clear. Nothing in it is about a person.

    `migrations` names by app of ours the steps that the database had taken; `postgresql` is the server's major version,
    `database_bytes` and `media_bytes` are what it took on the disk. None of the last four is told of keys.
    """

    kind: str  # data or keys
    made_at: datetime
    id: str
    key: str  # the backup key's fingerprint
    salt: str = field(default_factory=lambda: os.urandom(_SALT_BYTES).hex())
    postgresql: int = 0
    migrations: dict[str, list[str]] = field(default_factory=dict)
    database_bytes: int = 0
    media_bytes: int = 0
    format: int = FORMAT

    def encoded(self) -> bytes:
        """Return the bytes that open a file."""
        body = json.dumps({**asdict(self), "made_at": self.made_at.isoformat()}).encode()
        return MAGIC + len(body).to_bytes(4, "big") + body


def new_id() -> str:
    """Return what tells this backup from any other."""
    return secrets.token_hex(4)


class Writer:
    """Encrypts a stream into a file. `close` writes the last piece: without it the file does not open."""

    def __init__(self, file: IO[bytes], key: BackupKey, header: Header) -> None:
        self._file = file
        self._pieces = _Pieces(key, header.encoded(), salt=header.salt)
        self._waiting = bytearray()
        file.write(header.encoded())

    def write(self, data: bytes) -> None:
        """Take some of the stream."""
        self._waiting += data
        while len(self._waiting) > PIECE_BYTES:  # never the last one: that is for `close`
            self._file.write(self._pieces.seal(bytes(self._waiting[:PIECE_BYTES]), last=False))
            del self._waiting[:PIECE_BYTES]

    def close(self) -> None:
        """End the stream."""
        self._file.write(self._pieces.seal(bytes(self._waiting), last=True))
        self._waiting.clear()


class Reader:
    """Decrypts a file piece by piece. Nothing is given out that was not proven.

    Raises: Damaged, Trouble for a file that is not ours, too new, or made with another key.
    """

    def __init__(self, path: Path, key: BackupKey) -> None:
        self.path = path
        self.header = read_header(path)
        if self.header.key != key.fingerprint:
            raise Trouble(
                f"The backup {path} was made with another key ({self.header.key}) than the one in {key.told_as} "
                f"({key.fingerprint}): set TROTH_BACKUP_KEY to the key of that time."
            )
        self._key = key

    def pieces(self) -> Iterator[bytes]:
        """Yield the stream."""
        with self.path.open("rb") as file:
            start = _read_start(file)
            pieces = _Pieces(self._key, start, salt=self.header.salt)
            sealed = file.read(PIECE_BYTES + _TAG_BYTES)
            while True:
                following = file.read(PIECE_BYTES + _TAG_BYTES)
                try:
                    yield pieces.open(sealed, last=not following)
                except InvalidTag:
                    raise self._damage(pieces, sealed, last=not following, at=file.tell()) from None
                if not following:
                    return
                sealed = following

    def _damage(self, pieces: "_Pieces", sealed: bytes, *, last: bool, at: int) -> Damaged:
        if last and (not sealed or pieces.opens_as_inner(sealed)):
            what = "was cut short: its end is missing"
        elif last:
            what = "is damaged or was cut short near its end"
        else:
            what = f"is damaged before byte {at}"
        return Damaged(
            f"The backup {self.path} {what}. It cannot be restored: take another copy of it, or an older backup "
            "(bin/backup --list names them)."
        )


def read_header(path: Path) -> Header:
    """Return what a file says of itself. It is proven only once the file is opened with the key.

    Raises: Trouble, Damaged.
    """
    try:
        with path.open("rb") as file:
            start = _read_start(file)
    except OSError as refusal:
        raise Trouble(f"The backup {path} cannot be read ({refusal.strerror}): give the path of a backup.") from refusal
    try:
        told: dict[str, Any] = json.loads(start[len(MAGIC) + 4 :])
        if told["format"] != FORMAT:
            raise Trouble(f"The backup {path} was made by a newer Troth: bring this one up to date, then try again.")
        bytes.fromhex(told["salt"])
        return Header(**{**told, "made_at": datetime.fromisoformat(told["made_at"])})
    except (ValueError, KeyError, TypeError) as strange:
        raise Damaged(f"The head of {path} is damaged: take another copy of it, or an older backup.") from strange


def _read_start(file: IO[bytes]) -> bytes:
    magic, length = file.read(len(MAGIC)), file.read(4)
    if magic != MAGIC:
        raise Trouble(f"{file.name} is not a backup of Troth: give the path of one (bin/backup --list names them).")
    size = int.from_bytes(length, "big")
    body = file.read(min(size, _HEADER_BYTES_MAX))
    if len(length) != 4 or len(body) != size:
        raise Damaged(f"The head of {file.name} is damaged: take another copy of it, or an older backup.")
    return magic + length + body


class _Pieces:
    """Encrypts or decrypts the pieces of one file, in their order."""

    def __init__(self, key: BackupKey, start: bytes, *, salt: str) -> None:
        info = b"troth backup file " + hashlib.sha256(start).digest()
        self._cipher = AESGCM(key.derive(bytes.fromhex(salt), info=info))
        self._number = 0

    def seal(self, plain: bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(self._nonce(last=last), plain, None)
        self._number += 1
        return sealed

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        if len(sealed) < _TAG_BYTES:
            raise InvalidTag
        plain = self._cipher.decrypt(self._nonce(last=last), sealed, None)
        self._number += 1
        return plain

    def opens_as_inner(self, sealed: bytes) -> bool:
        """Tell whether this, which stands last, was meant to stand in the middle."""
        try:
            self._cipher.decrypt(self._nonce(last=False), sealed, None)
        except (InvalidTag, ValueError):
            return False
        return True

    def _nonce(self, *, last: bool) -> bytes:
        return self._number.to_bytes(11, "big") + bytes([last])


def as_file(pieces: Iterator[bytes]) -> io.BufferedReader:
    """Return a stream of pieces as a file to read from."""
    return io.BufferedReader(_Raw(pieces), buffer_size=PIECE_BYTES)


class _Raw(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            found = next(self._pieces, None)
            if found is None:
                return 0
            self._rest = found
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
