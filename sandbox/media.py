"""Bytes that numbers send and receive: kept in memory, given out through addresses that expire."""

import base64
import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sandbox.ids import Mint

ADDRESS_LIFETIME_S = 300
UPLOADED_LIFETIME_S = 30 * 86400
RECEIVED_LIFETIME_S = 7 * 86400
KEPT_BYTES_MAX = 256 * 1024 * 1024
PATH = "/whatsapp_business/attachments/"

MEGABYTE = 1024 * 1024
SIZES_MAX: dict[str, int] = {
    **dict.fromkeys(("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"), 16 * MEGABYTE),
    **dict.fromkeys(("image/jpeg", "image/png"), 5 * MEGABYTE),
    **dict.fromkeys(("video/mp4", "video/3gpp"), 16 * MEGABYTE),
    "image/webp": 500 * 1024,
    **dict.fromkeys(
        (
            "text/plain",
            "application/pdf",
            "application/msword",
            "application/vnd.ms-excel",
            "application/vnd.ms-powerpoint",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
        100 * MEGABYTE,
    ),
}


@dataclass(slots=True)
class Medium:
    """One file."""

    id: str
    number_id: str
    mime_type: str
    data: bytes = field(repr=False)
    expires_at: int
    uploaded: bool

    @property
    def sha256(self) -> str:
        return base64.b64encode(hashlib.sha256(self.data).digest()).decode()


class MediaStore:
    """All files; the oldest go first when memory runs out."""

    def __init__(self, mint: Mint, *, own_url: str) -> None:
        self._mint = mint
        self._own_url = own_url
        self._media: OrderedDict[str, Medium] = OrderedDict()
        self._bytes = 0
        self._key = hashlib.sha256(f"media/{mint.seed}".encode()).digest()

    def keep(self, data: bytes, mime_type: str, *, number_id: str, now: int, uploaded: bool) -> Medium:
        """Store a file and return it with its new id."""
        lifetime = UPLOADED_LIFETIME_S if uploaded else RECEIVED_LIFETIME_S
        medium = Medium(self._mint.object_id(), number_id, mime_type, data, now + lifetime, uploaded)
        self._media[medium.id] = medium
        self._bytes += len(data)
        while self._bytes > KEPT_BYTES_MAX and len(self._media) > 1:
            self._bytes -= len(self._media.popitem(last=False)[1].data)
        return medium

    def find(self, media_id: str, *, now: int) -> Medium | None:
        medium = self._media.get(media_id)
        return medium if medium and medium.expires_at > now else None

    def drop(self, media_id: str) -> None:
        if medium := self._media.pop(media_id, None):
            self._bytes -= len(medium.data)

    def address(self, medium: Medium, *, now: int, source: str = "getMedia") -> str:
        """Return an address for the bytes that works for five minutes, with a token."""
        until = now + ADDRESS_LIFETIME_S
        query = {"mid": medium.id, "source": source, "ext": until, "hash": self._hash(medium.id, until)}
        return f"{self._own_url}{PATH}?{urlencode(query)}"

    def open(self, query: dict[str, str], *, now: int) -> Medium | None:
        """Return the file that an address stands for, or None when the address is wrong or has expired."""
        media_id, until = query.get("mid", ""), query.get("ext", "")
        if not until.isdigit() or int(until) <= now:
            return None
        if not hmac.compare_digest(self._hash(media_id, int(until)), query.get("hash", "")):
            return None
        return self.find(media_id, now=now)

    def _hash(self, media_id: str, until: int) -> str:
        return hmac.new(self._key, f"{media_id}/{until}".encode(), hashlib.sha256).hexdigest()[:32]
