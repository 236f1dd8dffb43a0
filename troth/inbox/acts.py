"""What members do to conversations: close, reopen, assign, read, mark unread, draft. Each leaves a line."""

from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.base.ids import new_id
from troth.inbox.heads import thread_ids
from troth.inbox.models import Activity, Conversation, Draft, Message
from troth.realtime.pokes import poke
from troth.workspaces.models import Membership, Role

DRAFT_MAX = 10_000


class CannotAssign(Exception):
    """The member cannot take this conversation; the text says why."""


def close(conversation: Conversation, *, by: Membership) -> None:
    """End the conversation. It opens again by itself when the customer writes."""
    if conversation.closed_at is None:
        conversation.closed_at, conversation.closed_by = now(), by
        _changed(conversation, ["closed_at", "closed_by"], kind="closed", by=by)


def reopen(conversation: Conversation, *, by: Membership) -> None:
    """Open an ended conversation again."""
    if conversation.closed_at is not None:
        conversation.closed_at, conversation.closed_by = None, None
        _changed(conversation, ["closed_at", "closed_by"], kind="reopened", by=by)


def assign(conversation: Conversation, *, to: Membership | None, by: Membership) -> None:
    """Give the conversation to a member, or to nobody. Raises: CannotAssign."""
    if to is not None:
        if not to.may(Role.AGENT):
            raise CannotAssign(_("This member may only look; choose an agent, an admin or an owner."))
        if not Conversation.objects.visible_to(to).filter(id=conversation.id).exists():
            raise CannotAssign(_("This member may not see the conversation's channel."))
    if conversation.assignee_id != (to.id if to else None):
        conversation.assignee = to
        kind = "unassigned" if to is None else "took" if to.id == by.id else "assigned"
        _changed(conversation, ["assignee"], kind=kind, by=by, other=to)


def read(conversation: Conversation, *, up_to: UUID) -> None:
    """Count as read what came up to this message. What came later stays unread."""
    threads = thread_ids(conversation.id)
    seen = Message.objects.filter(id=up_to, conversation__in=threads).first()
    if seen is None or conversation.unread == 0:
        return
    later = Message.objects.filter(direction="in", at__gt=seen.at).exclude(kind="system")
    left = min(conversation.unread, later.filter(conversation__in=threads).count())
    for folded in Conversation.objects.filter(folded_into=conversation, unread__gt=0).defer("preview"):
        own = min(folded.unread, later.filter(conversation=folded).count())
        Conversation.objects.filter(id=folded.id).update(unread=own)
    if left != conversation.unread:
        conversation.unread = left
        _changed(conversation, ["unread"])


def mark_unread(conversation: Conversation) -> None:
    """Show the conversation as unread again."""
    if conversation.unread == 0:
        conversation.unread = 1
        _changed(conversation, ["unread"])


def keep_draft(conversation: Conversation, text: str, *, of: Membership) -> None:
    """Keep what a member has begun to write; an empty text keeps nothing."""
    if not text.strip():
        Draft.objects.filter(conversation=conversation, member=of).delete()
        return
    seal = Draft._meta.get_field("text").seal
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO inbox_draft AS d (id, workspace_id, conversation_id, member_id, text, changed_at)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (workspace_id, conversation_id, member_id)"
            " DO UPDATE SET text = excluded.text, changed_at = excluded.changed_at",
            [new_id(), conversation.workspace_id, conversation.id, of.id, seal(text[:DRAFT_MAX]), now()],
        )


def tell_line(conversation: Conversation, kind: str, *, by: Membership) -> None:
    """Put a line into a thread: what a member did with its person."""
    _changed(conversation, [], kind=kind, by=by)


def _changed(
    conversation: Conversation,
    fields: list[str],
    *,
    kind: str = "",
    by: Membership | None = None,
    other: Membership | None = None,
) -> None:
    conversation.changed_at = now()
    conversation.save(update_fields=[*fields, "changed_at"])
    if together := {field: getattr(conversation, field) for field in fields if field in ("closed_at", "closed_by")}:
        Conversation.objects.filter(folded_into=conversation).update(**together)
    if kind:
        at = conversation.changed_at.replace(microsecond=0)  # as messages are told: in whole seconds
        Activity(conversation=conversation, kind=kind, member=by, other=other, at=at).save()
    poke("conversation", conversation.id, workspace_id=conversation.workspace_id, about=conversation.channel_id)
