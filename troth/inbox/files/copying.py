"""Making the file of a forwarded message: the same bytes, sealed anew under a name of its own, so that each goes with its own
message and neither takes the other along."""

from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from troth.base.sealing import Unreadable
from troth.inbox.files.preparing import PICTURE_BYTES_MAX, goes_on_as, is_picture_to_send
from troth.inbox.models import KEPT, Attachment, AttachmentState
from troth.media import pictures, store
from troth.workspaces.scope import scope


@dataclass(frozen=True)
class Copy:
    """What is to be copied: carried out of the scope."""

    of: UUID
    kind: str
    mime: str
    size_bytes: int
    width: int | None
    height: int | None
    has_preview: bool
    files: store.Files


def kind_again(file: Attachment) -> str:
    """Return the kind of message as which the file of a message can go on; empty where WhatsApp takes it as none."""
    return goes_on_as(file.kind or file.message.kind, file.mime)


def copy_of(file: Attachment) -> Attachment:
    """Return the row of a file that is to be made from another one; it is not saved."""
    return Attachment(
        copy_of=file.copy_of or file.id,
        kind=kind_again(file),
        mime=file.mime,
        size_bytes=file.size_bytes,
        name=file.name,
        duration_ms=file.duration_ms,
        wave=file.wave,
    )


def make(workspace: UUID, id: UUID) -> None:
    """Make a file that is to be a copy, outside of any transaction. What is made twice is the same; where the other one is
    gone there is nothing to make, and whoever hands the file over finds it lost. Raises: StoreAway."""
    with scope(workspace):
        copy = _wanted(id)
    if copy is None:
        return
    try:
        made = _made(id, copy)
    except (FileNotFoundError, Unreadable, pictures.NoPicture):
        return
    with scope(workspace):
        is_kept = bool(Attachment.objects.filter(id=id, copy_of=copy.of).update(copy_of=None, **made))
        # Another run may have made the bytes for a row that is still there.
        is_gone = not is_kept and not Attachment.objects.filter(id=id).exists()
    if is_gone:
        copy.files.remove([id])


def _wanted(id: UUID) -> Copy | None:
    file = Attachment.objects.filter(id=id, state=AttachmentState.LEAVING).exclude(copy_of=None).first()
    if file is None or file.copy_of is None:
        return None
    other = Attachment.objects.filter(id=file.copy_of, state__in=KEPT, copy_of=None).first()
    if other is None:
        return None
    return Copy(
        of=other.id,
        kind=file.kind,
        mime=other.mime,
        size_bytes=other.size_bytes or 0,
        width=other.width,
        height=other.height,
        has_preview=other.has_preview,
        files=store.files(),
    )


def _made(id: UUID, copy: Copy) -> dict[str, Any]:
    """Copy the bytes and return what is to be known of them."""
    if copy.kind == "image" and not is_picture_to_send(copy.mime, copy.size_bytes):
        return _as_sent(id, copy)
    parts = [store.WHOLE, store.PREVIEW] if copy.has_preview else [store.WHOLE]
    for part in parts:
        with closing(copy.files.reader(copy.of, part)) as reader, copy.files.writer(id, part) as out:
            for piece in reader.pieces():
                out.write(piece)
    facts = {"width": copy.width, "height": copy.height, "has_preview": copy.has_preview}
    return {"mime": copy.mime, "size_bytes": copy.size_bytes, **facts}


def _as_sent(id: UUID, copy: Copy) -> dict[str, Any]:
    with closing(copy.files.reader(copy.of, store.WHOLE)) as reader:
        data = reader.read(PICTURE_BYTES_MAX)
    clean, mime = pictures.for_sending(data, copy.mime)
    for part, written in ((store.WHOLE, clean.data), (store.PREVIEW, clean.preview)):
        with copy.files.writer(id, part) as out:
            out.write(written)
    facts = {"width": clean.width, "height": clean.height, "has_preview": True}
    return {"mime": mime, "size_bytes": len(clean.data), **facts}
