"""Messages from end to end as Signal makes them: a first secret from keys that lie ready, then a new key for each message.

Both sides are here, since whoever writes to the engine is answered by it.
Source: Signal's X3DH and Double Ratchet specifications; version 3 of their envelopes (read 2026-11-30).
"""

import secrets
from dataclasses import dataclass, field

from tests.edge.curve import Keys, marked
from tests.edge.fields import Fields, blob, number, packed, unpacked
from tests.edge.secrecy import drawn, locked, mac, unlocked

_VERSION = b"\x33"
_MAC_BYTES = 8
FIRST, LATER = "pkmsg", "msg"


@dataclass
class Ready:
    """Keys that lie ready, so that somebody can be written to who is not there."""

    identity: bytes
    registration: int
    signed_id: int
    signed: bytes
    once_id: int | None = None
    once: bytes = b""


class Chain:
    """Keys of messages, one after another."""

    def __init__(self, key: bytes) -> None:
        self.key, self.count = key, 0

    def next(self) -> bytes:
        """Return the key material of the next message."""
        seed = mac(self.key, b"\1")
        self.key, self.count = mac(self.key, b"\2"), self.count + 1
        return drawn(seed, 80, info=b"WhisperMessageKeys")


class Session:
    """What two devices know of each other."""

    def __init__(self, own: Keys, theirs: bytes, secret: bytes, ratchet: Keys) -> None:
        both = drawn(b"\xff" * 32 + secret, 64, info=b"WhisperText")
        self.base = b""
        self._own, self._theirs, self._ratchet = own, theirs, ratchet
        self._root, self._first = both[:32], both[32:]
        self._sending, self._before = Chain(self._first), 0
        self._receiving: dict[bytes, Chain] = {}
        self._missed: dict[tuple[bytes, int], bytes] = {}
        self._envelope: Fields = {}  # around messages until the first answer

    @classmethod
    def begun(cls, own: Keys, registration: int, ready: Ready) -> "Session":
        """Return a session that we begin."""
        base = Keys()
        secret = own.agree(ready.signed) + base.agree(ready.identity) + base.agree(ready.signed)
        session = cls(own, ready.identity, secret + (base.agree(ready.once) if ready.once else b""), Keys())
        session._receiving[ready.signed] = Chain(session._first)
        session._sending = session._step(ready.signed)
        if ready.once_id is not None:
            session._envelope[1] = ready.once_id
        session._envelope.update({2: marked(base.public), 3: marked(own.public), 5: registration, 6: ready.signed_id})
        return session

    @classmethod
    def answered(cls, own: Keys, signed: Keys, once: Keys | None, theirs: bytes, base: bytes) -> "Session":
        """Return a session that somebody began with us."""
        secret = signed.agree(theirs) + own.agree(base) + signed.agree(base)
        session = cls(own, theirs, secret + (once.agree(base) if once else b""), signed)
        session.base = base
        return session

    def write(self, text: bytes) -> tuple[str, bytes]:
        """Return the kind and the bytes of a message."""
        pad = secrets.randbelow(15) + 1
        count = self._sending.count
        keys = self._sending.next()
        body: Fields = {1: marked(self._ratchet.public), 2: count, 3: self._before}
        data = _VERSION + packed({**body, 4: locked(keys[:32], keys[64:], text + bytes([pad]) * pad)})
        message = data + self._seal(keys[32:64], self._own.public, self._theirs, data)
        if not self._envelope:
            return LATER, message
        return FIRST, _VERSION + packed({**self._envelope, 4: message})

    def read(self, message: bytes) -> bytes:
        """Return what a message says. Raises: ValueError, where somebody touched it."""
        data, seal = message[:-_MAC_BYTES], message[-_MAC_BYTES:]
        fields = unpacked(data[1:])
        ratchet, count = blob(fields, 1)[1:], number(fields, 2)
        if ratchet not in self._receiving:
            self._receiving[ratchet] = self._step(ratchet)
            self._before, self._ratchet, self._envelope = self._sending.count, Keys(), {}
            self._sending = self._step(ratchet)
        chain = self._receiving[ratchet]
        while chain.count < count:
            missed = chain.count
            self._missed[ratchet, missed] = chain.next()
        keys = self._missed.pop((ratchet, count), b"") or chain.next()
        if seal != self._seal(keys[32:64], self._theirs, self._own.public, data):
            raise ValueError("somebody touched it")
        plain = unlocked(keys[:32], keys[64:], blob(fields, 4))
        return plain[: -plain[-1]]

    def _step(self, theirs: bytes) -> Chain:
        both = drawn(self._ratchet.agree(theirs), 64, salt=self._root, info=b"WhisperRatchet")
        self._root = both[:32]
        return Chain(both[32:])

    def _seal(self, key: bytes, sender: bytes, receiver: bytes, data: bytes) -> bytes:
        return mac(key, marked(sender) + marked(receiver) + data)[:_MAC_BYTES]


@dataclass
class Device:
    """A device with its keys and sessions."""

    identity: Keys = field(default_factory=Keys)
    signed: Keys = field(default_factory=Keys)
    signed_id: int = 1
    registration: int = field(default_factory=lambda: secrets.randbelow(16_000) + 1)
    once: dict[int, Keys] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)

    def ready(self) -> tuple[Ready, bytes]:
        """Return keys that lie ready for one who will write, and the signature of the lasting one."""
        id = len(self.once) + 1
        self.once[id] = Keys()
        signature = self.identity.sign(marked(self.signed.public))
        return (
            Ready(
                self.identity.public, self.registration, self.signed_id, self.signed.public, id, self.once[id].public
            ),
            signature,
        )

    def write(self, to: str, text: bytes, ready: Ready) -> tuple[str, bytes]:
        """Return the kind and the bytes of a message to a device; `ready` begins a session where there is none."""
        if to not in self.sessions:
            self.sessions[to] = Session.begun(self.identity, self.registration, ready)
        return self.sessions[to].write(text)

    def read(self, sender: str, kind: str, message: bytes) -> bytes:
        """Return what a device wrote."""
        if kind == LATER:
            return self.sessions[sender].read(message)
        fields = unpacked(message[1:])
        base = blob(fields, 2)[1:]
        session = self.sessions.get(sender)
        if session is None or session.base != base:
            once = self.once.get(number(fields, 1))
            session = Session.answered(self.identity, self.signed, once, blob(fields, 3)[1:], base)
            self.sessions[sender] = session
        return session.read(blob(fields, 4))
