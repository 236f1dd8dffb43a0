"""Files of the drill's people, where the product keeps its files."""

from typing import Any
from uuid import UUID

from troth.inbox.models import Attachment, AttachmentState, Message
from troth.media import store
from troth.workspaces.scope import scope


def attach(workspace: UUID, thread: UUID, words: list[str], times: int) -> str:
    """Add a file that holds words so many times to the first message of a conversation that has none; return its id."""
    with scope(workspace):
        message = Message.objects.filter(conversation_id=thread, attachments=None).earliest("id")
        row = Attachment.objects.create(
            message=message, state=AttachmentState.HERE, next_attempt_at=None, mime="application/pdf"
        )
        files = store.files()
    with files.writer(row.id) as out:
        for _ in range(times):
            out.write("".join(words).encode())
    return str(row.id)


def read(workspace: UUID) -> dict[str, Any]:
    """Return what each file of a workspace begins with, and how large it is, by id; None for one that is not there."""
    with scope(workspace):
        ids = list(Attachment.objects.values_list("id", flat=True))
        files = store.files()
    found: dict[str, Any] = {}
    for id in ids:
        try:
            with files.reader(id) as opened:
                whole = b"".join(opened.pieces())
                found[str(id)] = [whole[:24].decode(), len(whole)]
        except FileNotFoundError:
            found[str(id)] = None
    return found
