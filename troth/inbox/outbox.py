"""A message is a row before it is a packet: this writes the row. The send lane does the rest."""

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import msgspec
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from troth.base import jobs
from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import ring
from troth.channels.contract import NOT_ARRIVED, Content, Media, MessageKind
from troth.contacts import security_codes
from troth.inbox.blocking import is_blocked
from troth.inbox.folding import answers_in
from troth.inbox.heads import head_of, poke_shown, thread_ids
from troth.inbox.index import tokens_of
from troth.inbox.models import Attachment, AttachmentState, Conversation, Direction, Message, MessageStatus
from troth.inbox.preview import preview_text
from troth.realtime.pokes import poke
from troth.workspaces.models import Membership

OUTBOX = "outbox"  # the database channel on which the send lane is woken
TEXT_MAX, CAPTION_MAX = 4096, 1024  # characters (Meta's send reference, read 2026-11-22)
CAPTIONED = ("image", "video", "document")
WHOLE = ""  # the place of a file in a message that is nothing else
HAND = "files.hand"  # the job that hands the file of a message to the provider
STAYS = timedelta(days=3650)  # a message is not offered before that has been done


class CannotSend(Exception):
    """The message may not be sent; `user_text` says why and what to do."""

    def __init__(self, user_text: str) -> None:
        super().__init__("cannot send")
        self.user_text = user_text


def say(
    conversation: Conversation,
    text: str,
    *,
    by: Membership,
    client_id: UUID,
    quoted: Message | None = None,
    file: Attachment | None = None,
    hold: timedelta | None = None,
) -> Message:
    """Write a text into the outbox, with a file where one was chosen, and return its row. The same `client_id` again returns
    the same row. It stays there for `hold` at least.

    Raises: CannotSend, when there is nothing to say, or it is too long, or the window is closed.
    """
    if (before := said_before(conversation, client_id)) is not None:
        return before
    said = text.strip()
    content = Content(kind="text", text=said) if file is None else with_file(said, file)
    files = {} if file is None else {WHOLE: file}
    return say_content(conversation, content, by=by, client_id=client_id, quoted=quoted, files=files, hold=hold)


def say_content(
    conversation: Conversation,
    content: Content,
    *,
    by: Membership,
    client_id: UUID,
    quoted: Message | None = None,
    files: Mapping[str, Attachment] | None = None,
    hold: timedelta | None = None,
) -> Message:
    """Write anything into the outbox, once for each `client_id`, and return its row. It stays there for `hold` at least, and
    until its `files`, by their places in it, are with the provider.

    Raises: CannotSend, when it is empty or too long or may not be sent.
    """
    if (before := said_before(conversation, client_id)) is not None:
        return before
    _check(conversation, content)
    try:
        with transaction.atomic():
            message = queue(conversation, content, by=by, client_id=client_id, quoted=quoted, hold=hold)
            if files:
                carry(message, files, hold=hold)
            return message
    except IntegrityError:
        # The same request came twice at once, and the other was faster.
        if (before := said_before(conversation, client_id)) is not None:
            return before
        raise


def said_before(conversation: Conversation, client_id: UUID) -> Message | None:
    """Return the message that the same request has made before. Raises: CannotSend, where that was in another thread."""
    before = Message.objects.filter(client_id=client_id).first()
    if before is not None and before.conversation_id not in thread_ids(conversation.id):
        raise CannotSend(_("This message belongs to another conversation. Reload the page."))
    return before


def with_file(said: str, file: Attachment) -> Content:
    """Return what a message with a file says. Raises: CannotSend."""
    if file.fetched_at is None:
        raise CannotSend(_("This file has not arrived yet. Wait a moment, then send it."))
    if said and file.kind not in CAPTIONED:
        raise CannotSend(_("WhatsApp takes no text with this kind of file. Send the text on its own."))
    name = file.name if file.kind == "document" else None
    media = Media(mime=file.mime, name=name, size_bytes=file.size_bytes)
    return Content(kind=cast(MessageKind, file.kind), text=said or None, media=media)


def carry(message: Message, files: Mapping[str, Attachment], *, hold: timedelta | None = None) -> None:
    """Let a message wait until its files are with the provider, which a job sees to once `hold` is over: what is taken back
    until then was never handed over."""
    due = now() + (hold or timedelta(0))
    message.next_attempt_at = due + STAYS
    message.save(update_fields=["next_attempt_at"])
    for slot, file in files.items():
        file.message, file.conversation, file.uploader = message, None, None
        file.slot, file.state, file.next_attempt_at = slot, AttachmentState.LEAVING, due
        file.save()
        hand_over(file, within=hold)


def _leave_again(message: Message) -> bool:
    """Let the files of a message be handed over anew; return whether it has any. WhatsApp forgets files after a month."""
    files = list(Attachment.objects.filter(message=message, state=AttachmentState.HERE))
    for file in files:
        file.state, file.attempts, file.next_attempt_at = AttachmentState.LEAVING, 0, now()
        file.save(update_fields=["state", "attempts", "next_attempt_at"])
        hand_over(file)
    return bool(files)


def hand_over(file: Attachment, *, within: timedelta | None = None) -> None:
    """Let a worker hand a file to the provider, once this transaction has committed, or that much later."""
    delay_s = math.ceil(within.total_seconds()) if within else 0
    jobs.defer(HAND, delay_s=delay_s, workspace_id=str(file.workspace_id), attachment_id=str(file.id))


def _check(conversation: Conversation, content: Content) -> None:
    must_fit(content)
    may_say = must_reach if content.kind == "template" else must_take
    may_say(conversation)


def must_fit(content: Content) -> None:
    """Raises: CannotSend, where there is nothing to say, or more than one message holds."""
    if not content.text and content.kind == "text":
        raise CannotSend(_("Write something first."))
    if content.media is not None and len(content.text or "") > CAPTION_MAX:
        raise CannotSend(_("WhatsApp takes at most 1,024 characters with a file. Send the rest on its own."))
    if len(content.text or "") > TEXT_MAX:
        raise CannotSend(_("WhatsApp takes at most 4,096 characters in one message. Split it into two."))


def must_reach(conversation: Conversation) -> None:
    """Raises: CannotSend, where nothing at all may be said in a conversation now, a template neither."""
    if conversation.contact.restricted:
        raise CannotSend(_("This person's data are only kept for now, so nothing can be sent to them."))
    if not conversation.channel.is_bound:
        raise CannotSend(_("This number is no longer connected, so nothing can be sent from it."))
    _must_be_wanted(conversation)


def must_take(conversation: Conversation) -> None:
    """Raises: CannotSend, where nothing may be said freely in a conversation now."""
    must_reach(conversation)
    if not conversation.window_is_open(at=now()):
        raise CannotSend(
            _(
                "The customer last wrote over 24 hours ago, so WhatsApp takes no free text."
                " You can answer when the customer writes again."
            )
        )


def _must_be_wanted(conversation: Conversation) -> None:
    """Raises: CannotSend, where we blocked the person, where another responder has the word, or where the number asks for it
    and nobody made sure of the person since their security code changed."""
    if is_blocked(conversation):
        raise CannotSend(_("You blocked this person in WhatsApp. Unblock them in the details first."))
    if is_in_doubt(conversation):
        raise CannotSend(
            _(
                "This person's security code changed. Make sure that it is still them, confirm it above the message box,"
                " then send."
            )
        )
    if conversation.is_of_another(at=now()):
        raise CannotSend(
            _(
                "Another responder answers this person in WhatsApp at the moment. You can write when the customer turns to"
                " you again, or a day after their last message."
            )
        )


def is_in_doubt(conversation: Conversation) -> bool:
    """Return whether the number asks for it and nobody made sure of the person since their security code changed."""
    return conversation.channel.confirms_identity and security_codes.is_doubted(conversation.contact_id)


def queue(
    conversation: Conversation,
    content: Content,
    *,
    by: Membership | None,
    client_id: UUID | None = None,
    quoted: Message | None = None,
    answers: bool = True,
    farewell: bool = False,
    hold: timedelta | None = None,
) -> Message:
    """Write any content into the outbox and wake the send lane. The caller has checked that it may be sent.

    In the thread of merged people it leaves where the person wrote last. `by` None is the product itself; what it says by
    itself answers nobody (`answers`), so what is unread stays so. A `farewell` is the one thing that still leaves once the
    person's data are only kept. For as long as `hold` it stays in the outbox, and what is said after it waits too.
    """
    keys = ring()
    head = head_of(conversation)
    conversation = answers_in(head)
    # WhatsApp tells whole seconds. With ours told alike, what came within one second stands as it came: by its id.
    instant = now().replace(microsecond=0)
    message = Message(
        id=new_id(),
        conversation=conversation,
        channel_id=conversation.channel_id,
        direction=Direction.OUT,
        kind=content.kind,
        content=msgspec.to_builtins(content),
        tokens=tokens_of(keys, content),
        quote_id=quoted.external_id if quoted else None,
        quote_hash=quoted.external_hash if quoted else None,
        status=MessageStatus.QUEUED,
        at=instant,
        author=by,
        client_id=client_id,
        farewell=farewell,
        category=str((content.data or {}).get("category") or "")[:32] if content.kind == "template" else "",
        next_attempt_at=now() + hold if hold else None,
    )
    message.save(force_insert=True)
    for shown in {conversation.id: conversation, head.id: head}.values():
        stands_last(shown, message, content, answers=answers)
    wake(conversation.channel_id)
    return message


def stands_last(conversation: Conversation, message: Message, content: Content, *, answers: bool = True) -> None:
    """Show a new message of ours in the list, and tell open screens. The first that is said in a thread opens it."""
    if conversation.last_message_id is None:
        conversation.closed_at, conversation.closed_by = None, None
    conversation.last_message_at = message.at
    conversation.last_message_id = message.id
    conversation.preview = preview_text(content)
    conversation.preview_kind = content.kind
    conversation.preview_direction = Direction.OUT
    conversation.preview_status = message.status
    conversation.unread = 0 if answers else conversation.unread
    conversation.changed_at = message.at
    conversation.save(
        update_fields=[
            "last_message_at",
            "last_message_id",
            "preview",
            "preview_kind",
            "preview_direction",
            "preview_status",
            "unread",
            "changed_at",
            "closed_at",
            "closed_by",
        ]
    )
    if answers:
        Conversation.objects.filter(folded_into=conversation.id).update(unread=0)
    poke("conversation", conversation.id, workspace_id=conversation.workspace_id, about=conversation.channel_id)


def offer_again(message: Message) -> None:
    """Put a failed or uncertain message of ours back into the outbox, because a person decided so.

    What was true of the earlier offer is forgotten, WhatsApp's id above all: news will come under another one.
    Raises: CannotSend, where the same could not be said now either.
    """
    may_say = must_reach if message.kind == "template" else must_take
    may_say(message.conversation)
    again = Message.objects.filter(
        conversation__contact__erasing_at=None,
        conversation__contact__disputed_at=None,
        id=message.id,
        status__in=[MessageStatus.FAILED, MessageStatus.UNCERTAIN],
        direction=Direction.OUT,
    )
    if again.update(status=MessageStatus.QUEUED, **_NEVER_OFFERED):
        if _leave_again(message):
            Message.objects.filter(id=message.id).update(next_attempt_at=now() + STAYS)
        _changed(message, MessageStatus.QUEUED)
        wake(message.channel_id)


_NEVER_OFFERED: dict[str, Any] = {
    "attempts": 0,
    "next_attempt_at": None,
    "lane": None,
    "error_code": None,
    "external_id": None,
    "external_hash": None,
    "held": False,
    "sent_at": None,
    "failed_at": None,
}


def settle(message: Message, *, arrived: bool) -> None:
    """Settle an uncertain message as a person says: it arrived, or it did not."""
    unsure = Message.objects.filter(id=message.id, status=MessageStatus.UNCERTAIN)
    if arrived and unsure.update(status=MessageStatus.SENT, sent_at=F("sending_at"), error_code=None):
        _changed(message, MessageStatus.SENT)
    if not arrived and unsure.update(status=MessageStatus.FAILED, failed_at=now(), error_code=NOT_ARRIVED):
        _changed(message, MessageStatus.FAILED)


def _changed(message: Message, status: MessageStatus) -> None:
    Conversation.objects.filter(last_message_id=message.id).update(preview_status=status)
    poke_shown(message.conversation_id, channel_id=message.channel_id)


def waiting_from(channel_id: UUID) -> int:
    """Return how many messages wait to leave from a channel."""
    return Message.objects.filter(channel=channel_id, status=MessageStatus.QUEUED).count()


def wake(channel_id: UUID) -> None:
    """Tell the send lane that a channel has something to send, when this transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [OUTBOX, str(channel_id)])
