"""A phone that scans codes and is told what its other devices say, and people who write to it."""

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.edge import protos
from tests.edge.binary import LID, Id
from tests.edge.curve import Keys
from tests.edge.groups import SenderKeys
from tests.edge.secrecy import drawn, mac
from tests.edge.signal import Device, Ready

CODE_ROUNDS = 2 << 16


@dataclass
class Person:
    """Somebody with one device."""

    phone: Id
    lid: Id
    name: str
    device: Device = field(default_factory=Device)
    given: SenderKeys = field(default_factory=SenderKeys)

    @property
    def ids(self) -> tuple[Id, Id]:
        """Both ids that they go by."""
        return self.phone, self.lid


@dataclass
class Linked:
    """A linked device, as the phone and the servers know it."""

    number: int
    noise: bytes
    identity: bytes
    registration: int
    signed_id: int
    signed: bytes
    properties: bytes
    once: list[tuple[int, bytes]] = field(default_factory=list)
    has_history: bool = False

    def ready(self) -> Ready:
        """Return its keys that lie ready."""
        id, once = self.once.pop(0) if self.once else (None, b"")
        return Ready(self.identity, self.registration, self.signed_id, self.signed, id, once)


@dataclass
class Phone(Person):
    """A phone whose owner links devices."""

    linked: dict[int, Linked] = field(default_factory=dict)
    history: list[Any] = field(default_factory=list)

    def adopt(self, payload: Any, noise: bytes) -> Linked:
        """Return a device that was just linked. `payload` is what it said of itself when it came."""
        said = payload.devicePairingData
        device = Linked(
            number=10 + len(self.linked),
            noise=noise,
            identity=said.eIdent,
            registration=int.from_bytes(said.eRegid, "big"),
            signed_id=int.from_bytes(said.eSkeyID, "big"),
            signed=said.eSkeyVal,
            properties=said.deviceProps,
        )
        self.linked[device.number] = device
        return device

    def vouch(self, device: Linked, secret: bytes, at_s: int) -> bytes:
        """Return what shows a device that this phone linked it, by the secret that its code held."""
        adv = protos.adv()
        details = adv.ADVDeviceIdentity(rawID=1, timestamp=at_s, keyIndex=device.number).SerializeToString()
        signature = self.device.identity.sign(b"\x06\x00" + details + device.identity)
        signed = adv.ADVSignedDeviceIdentity(
            details=details, accountSignatureKey=self.device.identity.public, accountSignature=signature
        ).SerializeToString()
        vouched = adv.ADVSignedDeviceIdentityHMAC(details=signed, HMAC=mac(secret, signed))
        data: bytes = vouched.SerializeToString()
        return data


@dataclass
class Scanned:
    """What a code holds."""

    ref: str
    noise: bytes
    identity: bytes
    secret: bytes


def scan(code: str) -> Scanned:
    """Return what a code holds."""
    ref, noise, identity, secret, *_kind = code.partition("#")[2].split(",")
    return Scanned(ref, *(base64.b64decode(one) for one in (noise, identity, secret)))


@dataclass
class Typed:
    """The phone's side of linking with a code that is typed."""

    code: str
    wrapped: bytes
    passing: Keys = field(default_factory=Keys)

    def answer(self) -> bytes:
        """Return the phone's passing key, as only whoever knows the code reads it."""
        salt, start = secrets.token_bytes(32), secrets.token_bytes(16)
        return salt + start + self._turned(salt, start, self.passing.public)

    def secret(self, identity: Keys, bundle: bytes) -> bytes:
        """Return the secret that both sides came to, from what the device sent at last."""
        shared = self.passing.agree(self._turned(self.wrapped[:32], self.wrapped[32:48], self.wrapped[48:]))
        key = drawn(shared, 32, salt=bundle[:32], info=b"link_code_pairing_key_bundle_encryption_key")
        plain = AESGCM(key).decrypt(bundle[32:44], bundle[44:], b"")
        theirs, ours, random = plain[:32], plain[32:64], plain[64:]
        assert ours == identity.public
        return drawn(shared + identity.agree(theirs) + random, 32, info=b"adv_secret")

    def _turned(self, salt: bytes, start: bytes, data: bytes) -> bytes:
        key = hashlib.pbkdf2_hmac("sha256", self.code.encode(), salt, CODE_ROUNDS, 32)
        return Cipher(algorithms.AES(key), modes.CTR(start)).encryptor().update(data)


def person(number: str, name: str) -> Person:
    """Return somebody. Their LID is made up from their number, and is not that."""
    return Person(Id(number), Id(f"77{number[::-1]}", LID), name)


def phone(number: str, name: str) -> Phone:
    """Return a phone."""
    return Phone(Id(number), Id(f"99{number[::-1]}", LID), name)
