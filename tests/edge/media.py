"""Files at WhatsApp's: unreadable to whoever keeps them, under an address that says nothing."""

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from tests.edge.secrecy import drawn, locked, mac, unlocked

IMAGE, VIDEO, AUDIO, DOCUMENT, PAST = (
    f"WhatsApp {kind} Keys".encode() for kind in ("Image", "Video", "Audio", "Document", "History")
)
_MAC_BYTES = 10
HOST = "mmg.whatsapp.net"
_ASKED = "?ccb=11-4"  # whoever fetches a file adds more with an ampersand


@dataclass
class Kept:
    """Where a file lies, and what reads it."""

    path: str
    key: bytes
    sum: bytes
    locked_sum: bytes
    size: int

    def tell(self, part: Any) -> None:
        """Write it into the part of a message that is about a file."""
        part.directPath, part.mediaKey, part.fileLength = self.path, self.key, self.size
        part.fileSHA256, part.fileEncSHA256 = self.sum, self.locked_sum


class Store:
    """Files by their path."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.fetched: list[str] = []

    def keep(self, data: bytes, kind: bytes) -> Kept:
        """Keep a file and return what its message says of it."""
        key = secrets.token_bytes(32)
        keys = drawn(key, 112, info=kind)
        body = locked(keys[16:48], keys[:16], data)
        body += mac(keys[48:80], keys[:16] + body)[:_MAC_BYTES]
        path = f"/v/t62.7118-24/{secrets.token_hex(8)}.enc"
        self.files[path] = body
        return Kept(path + _ASKED, key, hashlib.sha256(data).digest(), hashlib.sha256(body).digest(), len(data))

    def take(self, body: bytes) -> str:
        """Keep what was brought, locked as it came, and return its path."""
        path = f"/o1/v/t62.7118-24/{secrets.token_hex(8)}.enc"
        self.files[path] = body
        return path + _ASKED

    def read(self, part: Any, kind: bytes) -> bytes:
        """Return the file of the part of a message that is about one."""
        keys = drawn(part.mediaKey, 112, info=kind)
        body = self.files[part.directPath.partition("?")[0]]
        assert body[-_MAC_BYTES:] == mac(keys[48:80], keys[:16] + body[:-_MAC_BYTES])[:_MAC_BYTES]
        return unlocked(keys[16:48], keys[:16], body[:-_MAC_BYTES])
