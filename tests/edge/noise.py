"""The first words of a connection (Noise XX), from the side of the server, and the two keys that come of it."""

import hashlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.edge.curve import Keys
from tests.edge.secrecy import drawn

_PATTERN = b"Noise_XX_25519_AESGCM_SHA256\0\0\0\0"


class Greeting:
    """What both sides have said so far, and the key that comes of it."""

    def __init__(self, header: bytes) -> None:
        self._heard = self._salt = self._key = _PATTERN
        self._count = 0
        self.hear(header)

    def hear(self, data: bytes) -> None:
        """Take something that both sides know was said."""
        self._heard = hashlib.sha256(self._heard + data).digest()

    def mix(self, secret: bytes) -> None:
        """Take a secret that both sides came to."""
        both = drawn(secret, 64, salt=self._salt)
        self._salt, self._key, self._count = both[:32], both[32:], 0

    def lock(self, data: bytes) -> bytes:
        """Return data as only the other side reads it."""
        locked = AESGCM(self._key).encrypt(self._next(), data, self._heard)
        self.hear(locked)
        return locked

    def unlock(self, data: bytes) -> bytes:
        """Return what the other side locked."""
        plain = AESGCM(self._key).decrypt(self._next(), data, self._heard)
        self.hear(data)
        return plain

    def keys(self) -> tuple[bytes, bytes]:
        """Return the keys for what comes in and for what goes out."""
        both = drawn(b"", 64, salt=self._salt)
        return both[:32], both[32:]

    def _next(self) -> bytes:
        self._count += 1
        return counted(self._count - 1)


class Sealed:
    """Frames after the greeting, each sealed with its number."""

    def __init__(self, incoming: bytes, outgoing: bytes) -> None:
        self._in, self._out = AESGCM(incoming), AESGCM(outgoing)
        self._came = self._went = 0

    def open(self, frame: bytes) -> bytes:
        """Return what a frame holds."""
        self._came += 1
        return self._in.decrypt(counted(self._came - 1), frame, b"")

    def seal(self, data: bytes) -> bytes:
        """Return a frame."""
        self._went += 1
        return self._out.encrypt(counted(self._went - 1), data, b"")


def greet(header: bytes, hello: bytes, own: Keys, certificate: bytes) -> tuple[Greeting, Keys, bytes, bytes]:
    """Answer a client's first word. Return the greeting, our passing key, and our own key and certificate, locked."""
    greeting, passing = Greeting(header), Keys()
    greeting.hear(hello)
    greeting.hear(passing.public)
    greeting.mix(passing.agree(hello))
    key = greeting.lock(own.public)
    greeting.mix(own.agree(hello))
    return greeting, passing, key, greeting.lock(certificate)


def counted(number: int) -> bytes:
    """Return the start of a lock by its number."""
    return bytes(8) + number.to_bytes(4, "big")
