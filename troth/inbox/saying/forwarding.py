"""Forwarding a message to other conversations. WhatsApp gives businesses no sign for it: it arrives as a message of ours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.contract import Content, Media, MessageKind
from troth.inbox.files import places
from troth.inbox.files.copying import copy_of, kind_again
from troth.inbox.files.preparing import bytes_max
from troth.inbox.models import KEPT, Attachment, Conversation, Direction, Message
from troth.inbox.outbox import CAPTIONED, CannotSend
from troth.inbox.saying.sending import tell
from troth.workspaces.models import Membership

AT_ONCE = 20
# What can go on as it is: words, places, cards, files; what we offered ourselves to tap on, not what a customer tapped.
KINDS = ("text", "location", "contacts")
FILES = ("image", "video", "audio", "voice", "document", "sticker")


def can_forward(message: Message, *, file_is_here: bool) -> bool:
    """Return whether a message can be forwarded."""
    if message.revoked_at is not None or not message.content:
        return False
    if message.kind in FILES:
        return file_is_here
    return message.kind in KINDS or (message.kind == "interactive" and message.direction == Direction.OUT)


@dataclass(frozen=True)
class Forwarded:
    """The messages that were written, and the conversations in which none could be, with why."""

    said: list[Message] = field(default_factory=list)
    refused: list[tuple[Conversation, str]] = field(default_factory=list)


def forward(message: Message, to: Sequence[Conversation], *, by: Membership, hold: bool = False) -> Forwarded:
    """Say the same in these conversations. Its files go along, each as a file of the new message alone. With `hold` all can
    be taken back for a few seconds. Raises: CannotSend."""
    files = list(Attachment.objects.select_related("message").filter(message=message))
    if not can_forward(message, file_is_here=bool(files)):
        raise CannotSend(_("This kind of message cannot be forwarded."))
    if not 0 < len(to) <= AT_ONCE:
        raise CannotSend(_("Choose between 1 and 20 conversations."))
    for file in files:
        _must_go_on(file)
    content = _again(msgspec.convert(message.content, Content), files)
    done = Forwarded()
    for conversation in to:
        copies = {file.slot: copy_of(file) for file in files}
        try:
            done.said.append(tell(conversation, content, by=by, client_id=new_id(), files=copies, hold=hold))
        except CannotSend as refusal:
            done.refused.append((conversation, refusal.user_text))
    return done


def _must_go_on(file: Attachment) -> None:
    """Raises: CannotSend, for a file that is not here, or that WhatsApp would not take from us."""
    if file.state not in KEPT:
        raise CannotSend(_("Its file is not here, so it cannot be forwarded."))
    kind = kind_again(file)
    if not kind:
        raise CannotSend(_("WhatsApp takes this kind of file from customers, and not from businesses."))
    if (file.size_bytes or 0) > bytes_max(kind):
        raise CannotSend(_("This file is larger than WhatsApp takes from a business."))


def _again(content: Content, files: Sequence[Attachment]) -> Content:
    """Return what goes on: without what only concerned the first conversation."""
    data: dict[str, Any] = dict(content.data or {})
    if content.kind == "contacts":
        data["cards"] = [_card(card) for card in data.get("cards") or [] if isinstance(card, dict)]
    if content.media is not None:
        return _file_again(content, files[0])
    if content.kind == "location":
        data.pop("url", None)
    again = msgspec.to_builtins(Content(kind=content.kind, text=content.text, data=data or None))
    for file in files:
        again = places.filled(again, file.slot, None)
    return msgspec.convert(again, Content)


def _file_again(content: Content, file: Attachment) -> Content:
    """Return a message with a file as one of ours: named and with its words, as far as WhatsApp takes them."""
    kind = kind_again(file)
    name = (content.media.name if content.media else None) or file.name
    media = Media(mime=file.mime, name=name if kind == "document" else None, size_bytes=file.size_bytes)
    return Content(kind=cast(MessageKind, kind), text=content.text if kind in CAPTIONED else None, media=media)


def _card(card: dict[str, Any]) -> dict[str, Any]:
    phones = [
        {key: phone[key] for key in ("phone", "type", "wa_id") if phone.get(key)}
        for phone in card.get("phones") or []
        if isinstance(phone, dict) and phone.get("phone")
    ]
    return {**card, "name": card.get("name") or (phones[0]["phone"] if phones else _("Contact")), "phones": phones}


def can_be_chosen(conversation: Conversation) -> bool:
    """Return whether something can be forwarded to this conversation now."""
    return conversation.window_is_open(at=now()) and not conversation.contact.restricted
