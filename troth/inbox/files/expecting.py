"""Noting that a message has a file, in the transaction that stores the message, and asking for it to be fetched."""

from collections.abc import Sequence
from uuid import UUID

from troth.base import jobs
from troth.channels.contract import Content
from troth.inbox.models import Attachment
from troth.workspaces.scope import current_workspace_id

FETCH = "files.fetch"


def has_file(content: Content) -> bool:
    """Return whether something that was said has a file that can be fetched."""
    return content.media is not None and bool(content.media.id)


def expect(message_ids: Sequence[UUID]) -> None:
    """Expect the files of messages that have just come, each once, and let them be fetched at once: addresses of files
    live minutes, and their ids some days."""
    if not message_ids:
        return
    made = [Attachment(message_id=id) for id in message_ids]
    Attachment.objects.bulk_create(made, ignore_conflicts=True)
    for one in made:
        ask_for(one)


def ask_for(attachment: Attachment) -> None:
    """Let a worker fetch a file, once this transaction has committed."""
    jobs.defer(FETCH, workspace_id=str(current_workspace_id()), attachment_id=str(attachment.id))
