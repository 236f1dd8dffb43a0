"""Identifiers of Meta's shapes, the same for the same seed.

A run counts its ids from an epoch that the state folder remembers, so that a restart never hands out a message id
twice: the product would rightly take the second for a duplicate.
"""

import base64
import hashlib
import random


class Mint:
    """Makes ids and lifelike chance from one seed."""

    def __init__(self, seed: str, *, epoch: int = 0) -> None:
        self.seed = seed
        self.chance = random.Random(f"{seed}/{epoch}")

    def message_id(self, digits: str) -> str:
        """Return a new `wamid.`; like Meta's it carries the other side's number, and nobody should decode it."""
        who = digits.encode()
        tail = b"%020X" % self.chance.getrandbits(80)
        raw = b"\x1c\x18" + bytes([len(who)]) + who + b"\x15\x02\x00\x11\x18\x14" + tail + b"\x00"
        return "wamid." + base64.b64encode(raw).decode()

    def object_id(self) -> str:
        """Return a new number of sixteen digits, as apps, accounts, numbers, media and templates have."""
        return str(self.chance.randrange(10**15, 9 * 10**15))

    def hexadecimal(self, length: int) -> str:
        return f"{self.chance.getrandbits(length * 4):0{length}x}"

    def bsuid(self, portfolio_id: str, who: str, country: str) -> str:
        """Return the user id that one person has towards one business portfolio: the same each time."""
        digest = hashlib.blake2b(f"{self.seed}/{portfolio_id}/{who}".encode(), digest_size=9).digest()
        return f"{country}.{int.from_bytes(digest) % 10**20:020d}"
