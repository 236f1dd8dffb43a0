"""Where keys live: outside the database, so that a stolen or restored database is unreadable without them.

Every *ring* (one per workspace, one for the installation) holds numbered data keys and one index key, each wrapped by
the master key. The files lie in `<home>/keys`; a cloud key service fits behind the same protocol.
"""

import base64
import contextlib
import json
import os
import secrets
import threading
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class KeysMissing(Exception):
    """There is no such ring: it was never made, or it was destroyed."""


class KeysDamaged(Exception):
    """A key file does not open under the master key."""


class RingKeys:
    """The unwrapped keys of one ring: `data` by number, `current` the number to seal with, `index` for hashes."""

    __slots__ = ("current", "data", "index")

    def __init__(self, *, data: dict[int, bytes], current: int, index: bytes) -> None:
        self.data = data
        self.current = current
        self.index = index


class KeyStore(Protocol):
    """What a place that keeps keys can do. Ring names are ids or fixed words, never names of people."""

    def load(self, ring: str) -> RingKeys:
        """Return the keys of a ring. Raises: KeysMissing, KeysDamaged."""
        ...

    def version(self, ring: str) -> int:
        """Return a number that changes whenever the ring does; 0 where there is none."""
        ...

    def create(self, ring: str) -> RingKeys:
        """Return the keys of a ring, made now if it had none. Safe to call at the same time from many processes."""
        ...

    def rotate(self, ring: str) -> RingKeys:
        """Add a new current data key to a ring; what older keys sealed stays readable. Raises: KeysMissing."""
        ...

    def retire(self, ring: str) -> int:
        """Drop all data keys of a ring but the current one, and return how many; only after nothing needs them."""
        ...

    def destroy(self, ring: str) -> None:
        """Forget a ring for good. What it sealed can never be read again."""
        ...

    def rings(self) -> list[str]:
        """Return the names of all rings."""
        ...

    def rewrap(self) -> int:
        """Make a new master key, wrap every ring with it, drop the old one; return how many rings were wrapped."""
        ...


class SealedFiles:
    """A key store in a folder that only its owner can enter, one file a ring, written atomically."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()

    def load(self, ring: str) -> RingKeys:
        for last_try in (False, True):
            try:
                return self._unwrap(ring, json.loads(self._path(ring).read_text()))
            except FileNotFoundError:
                raise KeysMissing(ring) from None
            except KeysDamaged:
                if last_try:
                    raise
                # The master key was being replaced between our two looks.
        raise AssertionError("unreachable")

    def version(self, ring: str) -> int:
        try:
            return self._path(ring).stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def create(self, ring: str) -> RingKeys:
        keys = RingKeys(data={1: secrets.token_bytes(KEY_BYTES)}, current=1, index=secrets.token_bytes(KEY_BYTES))
        if not self._path(ring).exists():
            _write(self._path(ring), self._wrap(ring, keys), replace=False)
        return self.load(ring)

    def rotate(self, ring: str) -> RingKeys:
        with self._lock:
            keys = self.load(ring)
            number = max(keys.data) + 1
            keys = RingKeys(
                data={**keys.data, number: secrets.token_bytes(KEY_BYTES)}, current=number, index=keys.index
            )
            _write(self._path(ring), self._wrap(ring, keys), replace=True)
            return keys

    def retire(self, ring: str) -> int:
        with self._lock:
            keys = self.load(ring)
            kept = RingKeys(data={keys.current: keys.data[keys.current]}, current=keys.current, index=keys.index)
            _write(self._path(ring), self._wrap(ring, kept), replace=True)
            return len(keys.data) - 1

    def rings(self) -> list[str]:
        return sorted(path.stem for path in (self.folder / "rings").glob("*.json"))

    def destroy(self, ring: str) -> None:
        self._path(ring).unlink(missing_ok=True)

    def rewrap(self) -> int:
        with self._lock:
            masters = self._masters()
            number = max(masters) + 1
            masters[number] = secrets.token_bytes(KEY_BYTES)
            _write(self._master_path, _encode_masters(masters), replace=True)
            rings = sorted((self.folder / "rings").glob("*.json"))
            for path in rings:
                _write(path, self._wrap(path.stem, self.load(path.stem)), replace=True)
            _write(self._master_path, _encode_masters({number: masters[number]}), replace=True)
            return len(rings)

    @property
    def _master_path(self) -> Path:
        return self.folder / "master.json"

    def _path(self, ring: str) -> Path:
        if not ring.replace("-", "").isalnum():
            raise KeysMissing(ring)
        return self.folder / "rings" / f"{ring}.json"

    def _masters(self) -> dict[int, bytes]:
        if given := os.environ.get("TROTH_MASTER_KEY"):
            return {0: base64.b64decode(given)}
        if not self._master_path.exists():
            _write(self._master_path, _encode_masters({1: secrets.token_bytes(KEY_BYTES)}), replace=False)
        stored = json.loads(self._master_path.read_text())
        return {int(number): base64.b64decode(key) for number, key in stored.items()}

    def _wrap(self, ring: str, keys: RingKeys) -> str:
        masters = self._masters()
        number = max(masters)
        master = AESGCM(masters[number])

        def wrapped(key: bytes, name: str) -> str:
            nonce = secrets.token_bytes(NONCE_BYTES)
            return base64.b64encode(nonce + master.encrypt(nonce, key, f"{ring}|{name}".encode())).decode()

        return json.dumps(
            {
                "master": number,
                "current": keys.current,
                "index": wrapped(keys.index, "index"),
                "data": {str(no): wrapped(key, str(no)) for no, key in keys.data.items()},
            }
        )

    def _unwrap(self, ring: str, stored: dict[str, object]) -> RingKeys:
        try:
            master = AESGCM(self._masters()[int(str(stored["master"]))])
        except KeyError:
            raise KeysDamaged("no such master key") from None

        def unwrapped(text: str, name: str) -> bytes:
            blob = base64.b64decode(text)
            try:
                return master.decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], f"{ring}|{name}".encode())
            except InvalidTag:
                raise KeysDamaged("a key does not open under the master key") from None

        data = stored["data"]
        if not isinstance(data, dict):
            raise KeysDamaged("a key file is not in the form that we write")
        return RingKeys(
            data={int(no): unwrapped(text, no) for no, text in data.items()},
            current=int(str(stored["current"])),
            index=unwrapped(str(stored["index"]), "index"),
        )


def _encode_masters(masters: dict[int, bytes]) -> str:
    return json.dumps({str(number): base64.b64encode(key).decode() for number, key in masters.items()})


def _write(path: Path, text: str, *, replace: bool) -> None:
    """Put a whole file in place or nothing, readable by its owner only, on the disk before we go on."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        if replace:
            os.replace(draft, path)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
