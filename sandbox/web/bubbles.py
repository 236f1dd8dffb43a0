"""Makes a message out of a wish, whoever has it: a device, somebody who plays a phone, or the cast."""

import base64
import binascii
import secrets
import struct
from typing import TYPE_CHECKING, Any

from sandbox.customers import media_made
from sandbox.web.chats import Bubble, Chat, Kept, Somebody
from sandbox.web.phone import WebPhone
from sandbox.web.refusal import No

if TYPE_CHECKING:
    from sandbox.web.edge import Edge

Wish = dict[str, Any]
BYTES_MAX = 100 * 1024 * 1024
SENT = 1
PNG_SIZE = slice(16, 24)


def bubble_of(
    edge: "Edge", phone: WebPhone, chat: Chat, wish: Wish, *, by: Somebody | None, by_device: bool = False
) -> Bubble:
    """Return the message that a wish describes; it is not said yet.

    `text`, `quotes` (an id), `file`, `place` (latitude, longitude, name), `cards` ([[name, phone]]), `view_once`, `expires`
    (ms), `kind` (call, notice, poll), `at` (ms). Raises: No.
    """
    at = int(wish.get("at") or edge.now_ms())
    file = _file_of(phone, wish["file"]) if wish.get("file") else None
    made = Bubble(edge.message_id(by_device=by_device), at, by, text=str(wish.get("text", "")), file=file)
    made.quotes = str(wish.get("quotes", ""))
    made.ack = SENT if by is None else 0
    if file is not None:
        made.kind = file.kind
    if place := wish.get("place"):
        made.kind, made.place = "location", (float(place[0]), float(place[1]), str(place[2] or ""))
    if cards := wish.get("cards"):
        made.kind, made.cards = "contact", [(str(name), str(number)) for name, number in cards]
    if wish.get("view_once"):  # what can be seen once is seen on the phone, and nowhere else
        made.kind, made.file, made.text = "view_once", None, ""
    made.kind = str(wish.get("kind") or made.kind)
    made.expires = int(wish.get("expires") or (at + chat.timer_s * 1000 if chat.timer_s else 0))
    return made


def keep(phone: WebPhone, data: bytes, *, mime: str) -> Kept:
    """Keep a file that a device has brought."""
    kept = Kept(secrets.token_urlsafe(16), data, mime)
    phone.files[kept.ref] = kept
    return kept


def _file_of(phone: WebPhone, wish: Wish) -> Kept:
    """Return the file that was brought (`ref`), the one in `data` (base64), one of `size` bytes, or one that is made up."""
    kind = str(wish.get("kind", "document"))
    voice, kind = kind == "voice", "audio" if kind == "voice" else kind
    if kind not in media_made.MIME_TYPES:
        raise No("no_such_kind", f"There are no files of the kind {kind}.")
    if ref := wish.get("ref"):
        kept = phone.files.get(str(ref))
        if kept is None:
            raise No("no_such_file", "This file was not brought.", status=404)
    else:
        kept = keep(phone, _bytes_of(kind, wish), mime=media_made.MIME_TYPES[kind])
    kept.kind, kept.voice = kind, voice
    kept.mime, kept.name = str(wish.get("mime") or kept.mime), str(wish.get("name", ""))
    kept.seconds = int(wish.get("seconds") or (3 if kind in ("audio", "video") and not ref else 0))
    if kept.data.startswith(media_made.PNG_MARK) and len(kept.data) >= PNG_SIZE.stop:
        kept.width, kept.height = struct.unpack(">II", kept.data[PNG_SIZE])
    return kept


def _bytes_of(kind: str, wish: Wish) -> bytes:
    if size := int(wish.get("size", 0)):
        if not 0 < size <= BYTES_MAX:
            raise No("too_large", f"A file has at most {BYTES_MAX} bytes.")
        return bytes(range(256)) * (size // 256) + bytes(size % 256)
    if data := wish.get("data"):
        try:
            return base64.b64decode(str(data), validate=True)
        except binascii.Error as error:
            raise No("not_base64", "data wants base64.") from error
    if kind == "image":
        return media_made.picture(int(wish.get("seed", 5)))
    if kind == "audio":
        return media_made.voice(int(wish.get("seconds", 3)))
    return media_made.paper(str(wish.get("name", "A paper"))) if kind == "document" else media_made.example(kind)
