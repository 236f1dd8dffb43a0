"""Keys on Curve25519: agreed on with X25519, and signed with as Signal does (XEdDSA).

Signing takes arithmetic on the twisted Edwards curve that the usual libraries keep to themselves. It is done here with whole
numbers, in no constant time: the keys are a test's.
Source: RFC 7748, RFC 8032, Signal's XEdDSA specification (read 2026-11-30).
"""

import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_BASE_Y = 4 * pow(5, -1, _P) % _P
_BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202

Point = tuple[int, int, int, int]  # x, y, z, x*y


class Keys:
    """A pair of keys."""

    def __init__(self, private: bytes = b"") -> None:
        private = private or secrets.token_bytes(32)
        self.private = bytes([private[0] & 248, *private[1:31], private[31] & 127 | 64])
        self._key = X25519PrivateKey.from_private_bytes(self.private)
        self.public = self._key.public_key().public_bytes_raw()

    def agree(self, public: bytes) -> bytes:
        """Return the secret that both sides come to."""
        return self._key.exchange(X25519PublicKey.from_public_bytes(public))

    def sign(self, text: bytes) -> bytes:
        """Return a signature that whoever has the public key can check."""
        scalar = int.from_bytes(self.private, "little")
        public = _packed(_times(scalar % _L))
        padding = b"\xfe" + b"\xff" * 31
        nonce = _hash(padding + self.private + text + secrets.token_bytes(64))
        commitment = _packed(_times(nonce))
        answer = (nonce + _hash(commitment + public + text) * scalar) % _L
        signature = bytearray(commitment + answer.to_bytes(32, "little"))
        signature[63] |= public[31] & 128  # which of two points the public key stands for
        return bytes(signature)


def marked(public: bytes) -> bytes:
    """Return a public key as Signal writes it: with its kind in front."""
    return b"\x05" + public


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.sha512(data).digest(), "little") % _L


def _times(scalar: int) -> Point:
    """Return the base point so many times."""
    total: Point = (0, 1, 1, 0)
    point: Point = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % _P)
    while scalar:
        if scalar & 1:
            total = _sum(total, point)
        point = _sum(point, point)
        scalar >>= 1
    return total


def _sum(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _packed(point: Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")
