"""Messages to a group: the sender gives every member one key, and then writes once for all.

Source: Signal's sender keys, version 3 of their envelopes (read 2026-11-30).
"""

from tests.edge.fields import blob, number, unpacked
from tests.edge.secrecy import drawn, mac, unlocked

KIND = "skmsg"
_SIGNATURE_BYTES = 64


class SenderKeys:
    """The keys that a member was given, by group and sender."""

    def __init__(self) -> None:
        self._chains: dict[tuple[str, str], tuple[int, bytes]] = {}

    def take(self, group: str, sender: str, given: bytes) -> None:
        """Take a key that a sender gave for a group."""
        fields = unpacked(given[1:])
        self._chains[group, sender] = number(fields, 2), blob(fields, 3)

    def read(self, group: str, sender: str, message: bytes) -> bytes:
        """Return what a sender wrote to a group. Raises: KeyError, where no key was given."""
        fields = unpacked(message[1:-_SIGNATURE_BYTES])
        count, key = self._chains[group, sender]
        while count < number(fields, 2):
            count, key = count + 1, mac(key, b"\2")
        self._chains[group, sender] = count, key
        both = drawn(mac(key, b"\1"), 48, info=b"WhisperGroup")
        plain = unlocked(both[16:], both[:16], blob(fields, 3))
        return plain[: -plain[-1]]
