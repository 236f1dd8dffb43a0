"""Saying anything: checked by the rules of the channel first, so that what WhatsApp would refuse is refused with words."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from uuid import UUID

import msgspec

from troth.channels.contract import Content
from troth.channels.registry import refusal_of
from troth.inbox.files import places
from troth.inbox.models import Attachment, Conversation, Message
from troth.inbox.outbox import CannotSend, say_content
from troth.inbox.saying.countries import must_be_local
from troth.workspaces.models import Membership

HOLD = timedelta(seconds=5)  # how long a message can be taken back


def tell(
    conversation: Conversation,
    content: Content,
    *,
    by: Membership,
    client_id: UUID,
    quoted: Message | None = None,
    hold: bool = False,
    files: Mapping[str, Attachment] | None = None,
) -> Message:
    """Write content into the outbox and return its row. With `hold` it can be taken back for a few seconds. `files` are those
    that it is to carry, by their places in it.

    Raises: CannotSend.
    """
    content = named(content, files or {})
    if content.kind != "text":
        must_be_sayable(conversation, content, files=files or {})
    later = HOLD if hold else None
    return say_content(conversation, content, by=by, client_id=client_id, quoted=quoted, files=files, hold=later)


def with_ids(content: Content, slots: Iterable[str]) -> Content:
    """Return content as it will be once its files are with the provider."""
    said = msgspec.to_builtins(content)
    for slot in slots:
        said = places.filled(said, slot, "0")
    return msgspec.convert(said, Content)


def named(content: Content, files: Mapping[str, Attachment]) -> Content:
    """Return content with the name of a document that stands above it: people save it under that."""
    file, header = files.get(places.HEADER), (content.data or {}).get("header")
    if content.kind != "interactive" or file is None or not isinstance(header, dict) or not file.name:
        return content
    if header.get("type") != "document":
        return content
    return msgspec.structs.replace(content, data={**(content.data or {}), "header": {**header, "name": file.name}})


def must_be_sayable(conversation: Conversation, content: Content, *, files: Iterable[str] = ()) -> None:
    """Raises: CannotSend, where the channel cannot say this. `files` are the places in it that a file will fill."""
    must_be_local(conversation.channel, content)
    if refusal := refusal_of(conversation.channel.kind, with_ids(content, files)):
        raise CannotSend(refusal)
