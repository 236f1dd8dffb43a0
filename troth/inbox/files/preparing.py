"""What a file that a member chose becomes: a message of which kind, and how it has to be for WhatsApp to take it.

Source: Cloud API, media (read 2026-11-29): types and sizes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from troth.media import kinds, pictures, store
from troth.media.sounds import NoFilm, film_for_all

MEGABYTE = 1024 * 1024
CHOSEN_BYTES_MAX = 100 * MEGABYTE
PICTURE_BYTES_MAX = 32 * MEGABYTE  # of what we make smaller ourselves
SOUND_BYTES_MAX = 16 * MEGABYTE
FILM_BYTES_MAX = 16 * MEGABYTE
STICKER_BYTES_MAX = 500 * 1024  # of one that moves
WISHES = ("", "document", "voice", "sticker")  # what a member may want a file to be; "" is whatever fits

_FILMS = {"video/mp4", "video/3gpp"}
_SOUNDS = {"audio/ogg", "audio/mpeg", "audio/aac", "audio/mp4", "audio/amr"}
_RECORDED = {"audio/ogg", "audio/mp4", "video/mp4", "video/webm"}
_PAPERS = {
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "text/plain",
}


class CannotTake(Exception):
    """The file cannot be sent; `user_text` says why and what to do."""

    def __init__(self, user_text: str) -> None:
        super().__init__("cannot take")
        self.user_text = user_text


@dataclass(frozen=True)
class Prepared:
    """A file as it will be sent. It lies in the store."""

    kind: str
    mime: str
    size_bytes: int
    width: int | None = None
    height: int | None = None
    has_preview: bool = False


def prepare(
    files: store.Files, id: UUID, pieces: Iterable[bytes], *, wish: str, name: str, size_bytes: int
) -> Prepared:
    """Make of the pieces of a file what WhatsApp takes, and keep it. Raises: CannotTake, StoreAway, and what `pieces`
    raises."""
    coming = iter(pieces)
    head = b""
    for piece in coming:
        head += piece
        if len(head) >= kinds.HEAD_BYTES:
            break
    if not head:
        raise CannotTake(_("This file is empty."))
    kind = kinds.told_apart(kinds.sniffed(head[: kinds.HEAD_BYTES]), name)
    if wish == "sticker" or (kind.family == "image" and wish != "document"):
        return _picture(files, id, _held(head, coming, size_bytes), kind, wish=wish)
    if kind.mime == "video/quicktime" and wish == "":
        return _phone_film(files, id, head, coming, size_bytes=size_bytes)
    wanted = _kind(kind, wish, size_bytes)
    with files.writer(id) as out:
        out.write(head)
        for piece in coming:
            out.write(piece)
    return Prepared(wanted, kind.mime, out.size)


def goes_on_as(kind: str, mime: str) -> str:
    """Return the kind of message as which a file that is here can go on to somebody else; empty where WhatsApp takes it as
    none. A photo that came as a document goes on as a photo."""
    family = kinds.kind_of(mime).family
    if kind == "sticker":
        return "sticker" if mime == "image/webp" else ""
    if family == "image":
        return "image"
    if mime in _PAPERS:
        return "document"
    if mime in _FILMS:
        return "video"
    if mime in _SOUNDS:
        return "voice" if kind == "voice" and mime == "audio/ogg" else "audio"
    return ""


def bytes_max(kind: str) -> int:
    """Return how large a file may be that goes on as this kind."""
    return {
        "image": PICTURE_BYTES_MAX,
        "sticker": STICKER_BYTES_MAX,
        "video": FILM_BYTES_MAX,
        "audio": SOUND_BYTES_MAX,
        "voice": SOUND_BYTES_MAX,
    }.get(kind, CHOSEN_BYTES_MAX)


def is_picture_to_send(mime: str, size_bytes: int) -> bool:
    """Return whether WhatsApp takes a picture as it is."""
    return mime in ("image/jpeg", "image/png") and size_bytes <= pictures.SENT_BYTES_MAX


def types_of(kind: str) -> frozenset[str]:
    """Return the types that a video or a document may have."""
    return frozenset(_FILMS if kind == "video" else _PAPERS)


def larger_than(kind: str) -> str:
    """Return what to say of a file that is too large to be sent as this kind, before it was sent to us."""
    return {
        "image": _("This picture is larger than 32 MB. Make it smaller."),
        "video": _("WhatsApp takes videos of up to 16 MB. Make this one shorter or smaller."),
        "document": _("WhatsApp takes files of up to 100 MB."),
    }[kind]


def other_kind(wanted: str) -> str:
    """Return what to say of a file that is not what a header shows: an image, a video or a document."""
    return {
        "image": _("This has to be a picture (JPEG or PNG)."),
        "video": _("This has to be a video (MP4 or 3GP) of at most 16 MB."),
        "document": _("This has to be a document (PDF, Word, Excel, PowerPoint or plain text) of at most 100 MB."),
    }[wanted]


def too_large(wish: str) -> str:
    """Return what to say of a file that is too large, before it was sent to us."""
    return _("WhatsApp takes files of up to 100 MB.") if wish in ("", "document") else _sound_too_large()


def _held(head: bytes, coming: Iterable[bytes], size_bytes: int) -> bytes:
    if size_bytes > PICTURE_BYTES_MAX:
        raise CannotTake(_("This picture is larger than 32 MB. Make it smaller, or send a PDF of it."))
    return head + b"".join(coming)


def _picture(files: store.Files, id: UUID, data: bytes, kind: kinds.Kind, *, wish: str) -> Prepared:
    try:
        if kind.family != "image":
            raise pictures.NoPicture
        if wish == "sticker":
            clean, mime = pictures.as_sticker(data, kind.mime), "image/webp"
        else:
            clean, mime = pictures.for_sending(data, kind.mime)
    except pictures.NoPicture:
        raise CannotTake(_("This picture cannot be read. Save it as JPEG or PNG, then choose it again.")) from None
    for part, written in ((store.WHOLE, clean.data), (store.PREVIEW, clean.preview)):
        with files.writer(id, part) as out:
            out.write(written)
    wanted = "sticker" if wish == "sticker" else "image"
    return Prepared(wanted, mime, len(clean.data), clean.width, clean.height, has_preview=True)


def _phone_film(files: store.Files, id: UUID, head: bytes, coming: Iterable[bytes], *, size_bytes: int) -> Prepared:
    """Make of what an iPhone films what WhatsApp takes. Raises: CannotTake."""
    if size_bytes > FILM_BYTES_MAX:
        raise CannotTake(_film_too_large())
    try:
        film = film_for_all(head + b"".join(coming))
    except NoFilm:
        raise CannotTake(
            _(
                "WhatsApp does not play this video. On an iPhone choose “Most Compatible” in Settings, Camera, Formats, then"
                " film again."
            )
        ) from None
    with files.writer(id) as out:
        out.write(film)
    return Prepared("video", "video/mp4", len(film))


def _kind(kind: kinds.Kind, wish: str, size_bytes: int) -> str:
    """Return the kind of message that a file becomes. Raises: CannotTake."""
    if wish == "voice":
        if kind.mime not in _RECORDED:
            raise CannotTake(_("This recording cannot be sent as a voice message."))
        if size_bytes > SOUND_BYTES_MAX:
            raise CannotTake(_sound_too_large())
        return "voice"
    if kind.mime in _PAPERS:
        return "document"
    if kind.mime in _FILMS and wish == "":
        if size_bytes > FILM_BYTES_MAX:
            raise CannotTake(_film_too_large())
        return "video"
    if kind.mime in _SOUNDS and wish == "":
        if size_bytes > SOUND_BYTES_MAX:
            raise CannotTake(_sound_too_large())
        return "audio"
    raise CannotTake(
        _(
            "WhatsApp does not take this kind of file. It takes photos (JPEG, PNG), videos (MP4), sound (MP3, M4A, AAC,"
            " AMR, Ogg), PDF, Word, Excel, PowerPoint and plain text."
        )
    )


def _film_too_large() -> str:
    return _("WhatsApp takes videos of up to 16 MB. Make this one shorter or smaller.")


def _sound_too_large() -> str:
    return _("WhatsApp takes sound of up to 16 MB. Make this one shorter.")
