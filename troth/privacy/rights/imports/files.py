"""The files of messages that lie in a copy beside their rows, put into the store again. Doing it again changes nothing."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from troth.inbox.models import KEPT, Attachment, AttachmentState
from troth.media import kinds, pictures, store
from troth.privacy.rights.imports.moving import Mover
from troth.privacy.rights.imports.reading import Copy
from troth.workspaces.scope import scope

PICTURE_BYTES_MAX = 32 * 1024 * 1024


def put_files(copy: Copy, key: str, *, workspace_id: UUID, move: Mover, progress: Callable[[int], None]) -> None:
    """Bring the files of the rows of a part, one by one. A row whose file is not in the copy says so. Raises: BadFile."""
    for row in copy.lines(key):
        pieces = copy.file(str(row.get("id"))) if row.get("state") in KEPT else None
        if pieces is not None:
            with scope(workspace_id):
                id, files = move(UUID(row["id"])), store.files()
            facts = _put(files, id, row, pieces)
            with scope(workspace_id):
                Attachment.objects.filter(id=id).update(state=AttachmentState.HERE, reason="", **facts)
            progress(0)


def _put(files: store.Files, id: UUID, row: dict[str, Any], pieces: Iterator[bytes]) -> dict[str, Any]:
    """Put a file into the store and return what its row has to say of it."""
    head = next(pieces, b"")
    kind = _believed(head, str(row.get("mime") or ""))
    with files.writer(id) as out:
        out.write(head)
        for piece in pieces:
            out.write(piece)
        size = out.size
    shown = (
        bool(row.get("has_preview"))
        and kind.family == "image"
        and size <= PICTURE_BYTES_MAX
        and _preview(files, id, kind)
    )
    return {"mime": kind.mime, "size_bytes": size, "has_preview": shown}


def _believed(head: bytes, said: str) -> kinds.Kind:
    """Return what a file is: what its row says, if its first bytes are of that family; else what they are."""
    found, named = kinds.sniffed(head[: kinds.HEAD_BYTES]), kinds.kind_of(said)
    return named if found.family == named.family else found


def _preview(files: store.Files, id: UUID, kind: kinds.Kind) -> bool:
    """Make the small picture of a picture anew; return whether there is one."""
    with files.reader(id) as whole:
        data = whole.read(PICTURE_BYTES_MAX)
    try:
        small = pictures.preview(data, kind.mime)
    except pictures.NoPicture:
        return False
    with files.writer(id, store.PREVIEW) as out:
        out.write(small)
    return True
