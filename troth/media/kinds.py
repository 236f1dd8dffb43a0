"""What a file is, by its first bytes: neither its name nor what the sender's phone calls it is believed.

Types that browsers show safely may be shown in the page; everything else is only ever handed out for saving.
"""

from typing import NamedTuple

HEAD_BYTES = 4096
UNKNOWN = "application/octet-stream"
_ZIP_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


class Kind(NamedTuple):
    """A type, the family by which it is shown (image, video, audio, file), and the ending of its name."""

    mime: str
    family: str
    ending: str


FILE = Kind(UNKNOWN, "file", "bin")
_KINDS = {
    kind.mime: kind
    for kind in (
        Kind("image/jpeg", "image", "jpg"),
        Kind("image/png", "image", "png"),
        Kind("image/webp", "image", "webp"),
        Kind("image/gif", "image", "gif"),
        Kind("video/mp4", "video", "mp4"),
        Kind("video/3gpp", "video", "3gp"),
        Kind("video/quicktime", "video", "mov"),
        Kind("audio/ogg", "audio", "ogg"),
        Kind("audio/mpeg", "audio", "mp3"),
        Kind("audio/aac", "audio", "aac"),
        Kind("audio/mp4", "audio", "m4a"),
        Kind("audio/amr", "audio", "amr"),
        Kind("application/pdf", "file", "pdf"),
        Kind("application/zip", "file", "zip"),
        Kind("application/msword", "file", "doc"),
        Kind("application/vnd.ms-excel", "file", "xls"),
        Kind("application/vnd.ms-powerpoint", "file", "ppt"),
        Kind("video/webm", "video", "webm"),
        Kind("text/plain", "file", "txt"),
        Kind(_ZIP_OFFICE[b"word/"], "file", "docx"),
        Kind(_ZIP_OFFICE[b"xl/"], "file", "xlsx"),
        Kind(_ZIP_OFFICE[b"ppt/"], "file", "pptx"),
    )
}
_OLD_OFFICE = {"xls": _KINDS["application/vnd.ms-excel"], "ppt": _KINDS["application/vnd.ms-powerpoint"]}


def kind_of(mime: str) -> Kind:
    """Return the kind of a type that `sniffed` gave, a plain file for any other."""
    return _KINDS.get(mime, FILE)


def sniffed(head: bytes) -> Kind:
    """Return what a file is, from its first HEAD_BYTES."""
    return _KINDS.get(_mime(head), FILE)


def told_apart(kind: Kind, name: str) -> Kind:
    """Return a kind with the ending of a name to help: the old office files begin alike."""
    ending = name.rpartition(".")[2].lower()
    return _OLD_OFFICE.get(ending, kind) if kind.mime == "application/msword" else kind


def _mime(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"#!AMR"):
        return "audio/amr"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "application/msword"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm"
    if head[4:8] == b"ftyp":
        return _of_brand(head[8:12])
    if head.startswith(b"PK\x03\x04"):
        return next((mime for mark, mime in _ZIP_OFFICE.items() if mark in head), "application/zip")
    if head.startswith(b"ID3") or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4)):
        return "audio/mpeg"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    return "text/plain" if _is_text(head) else UNKNOWN


def _of_brand(brand: bytes) -> str:
    if brand.startswith(b"3g"):
        return "video/3gpp"
    if brand == b"qt  ":
        return "video/quicktime"
    return "audio/mp4" if brand in (b"M4A ", b"M4B ") else "video/mp4"


def _is_text(head: bytes) -> bool:
    """Tell plain text from anything that a browser might take for a page or a drawing."""
    if not head or b"\0" in head:
        return False
    try:
        text = head.decode("utf-8", errors="strict" if len(head) < HEAD_BYTES else "ignore")
    except UnicodeDecodeError:
        return False
    return not text.lstrip("\ufeff \t\r\n").startswith("<")
