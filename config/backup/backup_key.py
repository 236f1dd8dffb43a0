"""The backup key: what every backup is encrypted with. From TROTH_BACKUP_KEY, or a file among the home's secrets."""

import base64
import binascii
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from config.home import secret
from config.trouble import Trouble

KEY_BYTES = 32
_SECRET = "backup"  # noqa: S105  # the file's name
_ADVICE = "make one with `openssl rand -base64 32` and keep a copy of it away from this machine."


@dataclass(frozen=True)
class BackupKey:
    """A backup key, and where it came from."""

    value: bytes = field(repr=False)
    told_as: str

    @property
    def fingerprint(self) -> str:
        """What stands in a backup so that a wrong key is told from a damaged file. Says nothing about the key."""
        return self.derive(b"", info=b"troth backup fingerprint")[:8].hex()

    def derive(self, salt: bytes, *, info: bytes) -> bytes:
        """Return a key of its own for one file."""
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(self.value)


def backup_key(home: Path, *, make: bool) -> BackupKey:
    """Return the backup key of this installation; with `make`, one is made where there is none.

    Raises: Trouble, when there is none, or it is no key.
    """
    if given := os.environ.get("TROTH_BACKUP_KEY", "").strip():
        return BackupKey(_decoded(given, name="TROTH_BACKUP_KEY"), told_as="TROTH_BACKUP_KEY")
    path = home / "secrets" / _SECRET
    if not make and not path.exists():
        raise Trouble(
            f"There is no backup key here, neither in TROTH_BACKUP_KEY nor in {path}: "
            "set TROTH_BACKUP_KEY to the key that the backup was made with."
        )
    return BackupKey(_decoded(secret(_SECRET, within=home), name=str(path)), told_as=str(path))


def is_new(home: Path) -> bool:
    """Tell whether the next `backup_key` will make one, so that somebody can be told to keep a copy."""
    return not os.environ.get("TROTH_BACKUP_KEY", "").strip() and not (home / "secrets" / _SECRET).exists()


def _decoded(text: str, *, name: str) -> bytes:
    plain = text.strip().rstrip("=").replace("+", "-").replace("/", "_")
    try:
        value = base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
    except (ValueError, binascii.Error):
        value = b""
    if len(value) != KEY_BYTES:
        raise Trouble(f"{name} does not hold a key (32 bytes in base64): {_ADVICE}")
    return value
