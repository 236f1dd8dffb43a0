"""Files of messages: what is told of one, and the `ref` that it is fetched by.

A ref says all that fetching takes (where it lies, the key to it, what it must hash to), so that nothing is kept for it: it
goes with its message.
"""

import base64
from typing import Any

from port.contract import File, Refused
from port.drivers.neonize import library

KINDS = {
    "imageMessage": "image",
    "videoMessage": "video",
    "ptvMessage": "video",
    "audioMessage": "audio",
    "documentMessage": "document",
    "stickerMessage": "sticker",
}
# What a message is sent as, by what its file is, and the number under which it is uploaded.
SENT_AS = {"image": ("imageMessage", 0), "video": ("videoMessage", 1), "audio": ("audioMessage", 2)}
DOCUMENT = ("documentMessage", 3)
FETCHED_BYTES_MAX = 128 * 1024 * 1024  # a file is whole in memory before it is given out
_TO_FETCH = ("URL", "directPath", "mediaKey", "fileSHA256", "fileEncSHA256", "fileLength")


def of(name: str, part: Any) -> File:
    """Return what is told of the file in this part of a message."""
    kind = "voice" if name == "audioMessage" and part.PTT else KINDS[name]
    return File(
        ref=_ref(name, part),
        kind=kind,
        mime=part.mimetype,
        name=(part.fileName or part.title) if name == "documentMessage" else "",
        size_bytes=part.fileLength,
        duration_s=getattr(part, "seconds", 0),
        width=getattr(part, "width", 0),
        height=getattr(part, "height", 0),
    )


def to_fetch(ref: str) -> Any:
    """Return the message that the library fetches this file by. Raises: Refused."""
    message = library.e2e().Message.FromString(base64.urlsafe_b64decode(ref))
    [(_field, part)] = message.ListFields()
    if part.fileLength > FETCHED_BYTES_MAX:
        raise Refused("file_too_large")
    return message


def _ref(name: str, part: Any) -> str:
    message = library.e2e().Message()
    # A round video is fetched like any other.
    kept = getattr(message, "videoMessage" if name == "ptvMessage" else name)
    for field in _TO_FETCH:
        if part.HasField(field):
            setattr(kept, field, getattr(part, field))
    kept.SetInParent()
    return base64.urlsafe_b64encode(message.SerializeToString()).decode()
