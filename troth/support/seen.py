"""What staff see once they are through the gate: plain values, each let through by the data registry.

A field is shown where its class of data may be seen by staff, or where it was ticked; anything else is None, which
pages show as hidden. Secrets and what comes from Google are never let through, and no WhatsApp Web chat is stored.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from troth.base.registry import REGISTRY, Staff
from troth.channels.models import Channel, ChannelKind
from troth.channels.registry import explain, explain_check
from troth.channels.state import State, quality_of, state_of
from troth.channels.steps import TITLES
from troth.contacts.models import Identity
from troth.inbox.heads import thread_ids
from troth.inbox.models import Conversation, Direction, Message, MessageStatus
from troth.inbox.screens.names import kind_label
from troth.support.models import Sight
from troth.workspaces.models import Membership, Role, Workspace

ROWS_MAX = 100
MESSAGES_MAX = 200


class NotThere(Exception):
    """There is no such thing in the workspace."""


def shown(row: models.Model, name: str, *, ticked: bool = False) -> Any:
    """Return a field's value where staff may see it, None where not."""
    may = REGISTRY[row._meta.label].staff(name)
    return getattr(row, name) if may is Staff.VISIBLE or (may is Staff.TICKED and ticked) else None


@dataclass(frozen=True)
class NumberSeen:
    """A connected number as staff see it: how it is, not what it is called."""

    place: int
    number_id: str
    kind: str
    state: State
    quality: State | None
    problem: str
    paused_until: datetime | None
    first_delivery_at: datetime | None
    steps: list[tuple[str, bool, str]]


def settings() -> dict[str, Any]:
    """Return the state of a workspace and its numbers."""
    workspace = Workspace.current()
    roles = Membership.objects.filter(removed_at=None).values_list("role", flat=True)
    channels = Channel.objects.order_by("id")
    return {
        "handle": shown(workspace, "handle"),
        "since": shown(workspace, "created_at"),
        "members": [(role.label, sum(1 for one in roles if one == role)) for role in Role],
        "numbers": [_number(place, channel) for place, channel in enumerate(channels, 1)],
    }


@dataclass(frozen=True)
class ConversationSeen:
    """A conversation in a list, without a name and without text."""

    id: UUID
    number: int
    last_message_at: datetime
    direction: str
    kind: str
    status: str
    unread: int
    closed: bool
    assigned: bool


def conversations(*, as_shown: bool = True) -> list[ConversationSeen]:
    """Return the latest conversations, without names and text: those of merged people as one, as the inbox shows them, or
    each by itself."""
    places = _places()
    stored = Conversation.objects.heads() if as_shown else Conversation.objects.get_queryset()
    rows = stored.latest_first().exclude(channel__kind=ChannelKind.WEB)[:ROWS_MAX]
    return [
        ConversationSeen(
            id=row.pk,
            number=places[row.channel_id],
            last_message_at=shown(row, "last_message_at"),
            direction=str(Direction(row.preview_direction).label) if shown(row, "preview_direction") else "",
            kind=kind_label(shown(row, "preview_kind") or ""),
            status=str(MessageStatus(shown(row, "preview_status")).label),
            unread=shown(row, "unread"),
            closed=shown(row, "closed_at") is not None,
            assigned=row.assignee_id is not None,
        )
        for row in rows.defer("preview")
    ]


@dataclass(frozen=True)
class MessageSeen:
    """A message: what became of it always, what it says where that was ticked."""

    id: UUID
    direction: str
    kind: str
    status: str
    error: str
    at: datetime
    text: str | None


@dataclass(frozen=True)
class TalkSeen:
    """A conversation with its messages, the latest last. `name` and `numbers` are None where they were not ticked."""

    id: UUID
    number: int
    opened_at: datetime
    closed_at: datetime | None
    window_expires_at: datetime | None
    name: str | None
    numbers: list[str] | None
    messages: list[MessageSeen]
    more: bool


def conversation(
    sight: Sight, conversation_id: UUID, *, most: int | None = MESSAGES_MAX, as_shown: bool = True
) -> TalkSeen:
    """Return one conversation as far as it may be seen, with its latest messages: with what is shown in it of people who were
    merged, as in the inbox, or what is its own alone. One that is shown in another is only ever itself: more was not allowed.

    Raises: NotThere.
    """
    stored = Conversation.objects.exclude(channel__kind=ChannelKind.WEB).select_related("channel", "contact")
    found = stored.filter(pk=conversation_id).first()
    if found is None:
        raise NotThere
    threads = thread_ids(found.pk) if as_shown else [found.pk]
    said = Message.objects.filter(conversation__in=threads).exclude(kind="reaction")
    messages = list(said.order_by("-at", "-id")[: most + 1 if most else None])
    return TalkSeen(
        id=found.pk,
        number=_places()[found.channel_id],
        opened_at=shown(found, "opened_at"),
        closed_at=shown(found, "closed_at"),
        window_expires_at=shown(found, "window_expires_at"),
        name=_name(found, sight),
        numbers=_numbers(threads, sight),
        messages=[_message(one, found, sight) for one in messages[:most][::-1]],
        more=most is not None and len(messages) > most,
    )


def _number(place: int, channel: Channel) -> NumberSeen:
    code = shown(channel, "problem_code")
    checks = channel.checks or {}
    return NumberSeen(
        place=place,
        number_id=shown(channel, "number_id"),
        kind=str(ChannelKind(channel.kind).label),
        state=state_of(channel),
        quality=quality_of(channel),
        problem=_explained(channel.kind, code),
        paused_until=shown(channel, "paused_until"),
        first_delivery_at=shown(channel, "first_delivery_at"),
        steps=[_step(channel.kind, step, line) for step, line in checks.items() if step in TITLES],
    )


def _step(kind: str, step: str, line: dict[str, Any]) -> tuple[str, bool, str]:
    # What a step found may name the number; whether it went well, and what that means, do not.
    ok = bool(line["ok"])
    return str(TITLES[step]), ok, "" if ok else explain_check(kind, line["code"])


def _explained(kind: str, code: int | None) -> str:
    return explain(kind, code) if code is not None and kind == ChannelKind.CLOUD else ""


def _places() -> dict[UUID, int]:
    """Number the channels in the order in which they were connected, so that they can be told apart unnamed."""
    return {id: place for place, id in enumerate(Channel.objects.order_by("id").values_list("pk", flat=True), 1)}


def _name(found: Conversation, sight: Sight) -> str | None:
    given = shown(found.contact, "name", ticked=sight.names) or shown(found.contact, "profile_name", ticked=sight.names)
    return str(given) if given else None


def _numbers(threads: list[UUID], sight: Sight) -> list[str] | None:
    if not sight.names:
        return None
    people = Conversation.objects.filter(id__in=threads).values("contact_id")
    ways = Identity.objects.filter(contact_id__in=people, valid_to=None).order_by("valid_from", "id")
    return [str(shown(way, "value", ticked=sight.names)) for way in ways]


def _message(message: Message, of: Conversation, sight: Sight) -> MessageSeen:
    content = shown(message, "content", ticked=sight.bodies)
    code = shown(message, "error_code")
    return MessageSeen(
        id=message.pk,
        direction=str(Direction(message.direction).label),
        kind=kind_label(message.kind),
        status=str(MessageStatus(message.status).label),
        error=_explained(of.channel.kind, code),
        at=shown(message, "at"),
        text=None if content is None else str(content.get("text") or ""),
    )
