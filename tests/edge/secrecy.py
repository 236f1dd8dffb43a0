"""The few ways in which keys are drawn from secrets and bytes are made unreadable here."""

import hashlib
import hmac

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_BLOCK = 16


def drawn(secret: bytes, length: int, *, salt: bytes = b"", info: bytes = b"") -> bytes:
    """Return so many bytes drawn from a secret (HKDF)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt or bytes(32), info=info).derive(secret)


def mac(key: bytes, data: bytes) -> bytes:
    """Return what shows that data was not touched (HMAC)."""
    return hmac.digest(key, data, hashlib.sha256)


def locked(key: bytes, start: bytes, data: bytes) -> bytes:
    """Return data made unreadable (AES-CBC, padded)."""
    pad = _BLOCK - len(data) % _BLOCK
    lock = Cipher(algorithms.AES(key), modes.CBC(start)).encryptor()
    return lock.update(data + bytes([pad]) * pad) + lock.finalize()


def unlocked(key: bytes, start: bytes, data: bytes) -> bytes:
    """Return data made readable."""
    lock = Cipher(algorithms.AES(key), modes.CBC(start)).decryptor()
    plain = lock.update(data) + lock.finalize()
    return plain[: -plain[-1]]
