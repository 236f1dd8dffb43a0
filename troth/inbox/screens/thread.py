"""One conversation: a page of its messages with all that belongs to them, in three queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.channels.models import Channel
from troth.contacts.masking import Veil, eyes_of, numbers_of
from troth.contacts.models import Identity, IdentityKind
from troth.contacts.unmasking import WORDS_MAX, Reason
from troth.inbox.models import Conversation, Draft, Message, Reaction
from troth.inbox.screens.items import Around, items_of
from troth.inbox.screens.names import Person, contact_name
from troth.inbox.screens.person_acts import person_acts
from troth.ui.slots import details_blocks
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import current_workspace_id

PAGE = 40


@dataclass(slots=True)
class _Surroundings:
    """What belongs to a page of messages, read in one query."""

    around: Around
    identities: list[tuple[str, str]] = field(default_factory=list)
    draft: str = ""
    consent: tuple[str, str] = ("", "")  # what was said last about marketing, and where


def thread(
    conversation: Conversation,
    member: Membership,
    *,
    handle: str,
    channel: Channel,
    people: dict[UUID, Person],
    before: UUID | None = None,
) -> dict[str, Any]:
    """Return what the thread's templates show: the latest page, or the page before a message."""
    messages = _page(conversation, before)
    more = len(messages) > PAGE
    messages = messages[:PAGE][::-1]
    found = _surroundings(conversation, member, messages, first_page=not more, before=before)
    address = reverse("conversation", args=[handle, conversation.id])
    phone = next((value for kind, value in found.identities if kind == IdentityKind.PHONE), None)
    veil = _veil(conversation, member)
    name = contact_name(conversation.contact, phone, veil=veil)
    shown_phone = veil.phone(phone) if phone else ""
    return {
        "conversation": _conversation(conversation, member, handle, channel, people, name, shown_phone),
        "items": items_of(
            messages,
            found.around,
            people=people,
            contact=Person(str(conversation.contact_id), name, str(conversation.contact_id)),
            veil=veil,
            channel_kind=channel.kind,
            unread=conversation.unread if before is None else 0,
        ),
        "older_url": f"{address}?before={messages[0].id}" if more else None,
        "draft": found.draft,
        "members": sorted(people.values(), key=lambda one: one.name.casefold()),
        "details": {
            "identities": [_identity(kind, value, veil) for kind, value in found.identities],
            "unmask": _unmask(conversation, handle, veil) if phone else None,
            "opened_until": veil.until,
            "consent": _consent(*found.consent),
            "consent_value": found.consent[0],
            "facts": [],
            "blocks": details_blocks(),
            "acts": person_acts(member, handle, conversation.id),
        },
    }


def _page(conversation: Conversation, before: UUID | None) -> list[Message]:
    # What somebody said in a group who is being forgotten is not shown any more.
    rows = Message.objects.filter(Q(sender=None) | Q(sender__erasing_at=None), conversation=conversation)
    if before is not None:
        edge = Message.objects.filter(id=before, conversation=conversation).values_list("at", "id").first()
        if edge is not None:
            rows = rows.filter(Q(at__lte=edge[0]) & (Q(at__lt=edge[0]) | Q(id__lt=edge[1])))
    return list(rows.defer("tokens", "external_id", "quote_id", "pricing").order_by("-at", "-id")[: PAGE + 1])


def _surroundings(
    conversation: Conversation,
    member: Membership,
    messages: list[Message],
    *,
    first_page: bool,
    before: UUID | None,
) -> _Surroundings:
    """Read reactions, quoted messages, gaps, lines, identities, the draft and consent, all at once."""
    since = messages[0].at if messages and not first_page else datetime.min.replace(tzinfo=now().tzinfo)
    until = messages[-1].at if messages and before is not None else None
    hashes = [bytes(m.external_hash) for m in messages if m.external_hash]
    have = set(hashes)
    quoted = [bytes(m.quote_hash) for m in messages if m.quote_hash and bytes(m.quote_hash) not in have]
    found = _Surroundings(Around())
    unseal = {
        "reaction": Reaction._meta.get_field("emoji").unseal,
        "identity": Identity._meta.get_field("value").unseal,
        "draft": Draft._meta.get_field("text").unseal,
        "quoted": Message._meta.get_field("content").unseal,
    }
    reactions: dict[bytes, list[tuple[str, bool]]] = defaultdict(list)
    workspace = current_workspace_id()
    with connection.cursor() as cursor:
        cursor.execute(
            _SURROUNDINGS,
            [
                *(workspace, conversation.channel_id, hashes),
                *(workspace, conversation.channel_id, quoted),
                *(workspace, conversation.id, since, until, until),
                *(workspace, conversation.id, since, until, until),
                *(workspace, conversation.contact_id),
                *(workspace, conversation.id, member.id),
                *(workspace, conversation.contact_id),
            ],
        )
        for kind, id, at, word, who, other, sealed, digest in cursor.fetchall():
            value: Any = unseal[kind](sealed) if sealed is not None else None
            if kind == "reaction":
                reactions[bytes(digest)].append((value, who is None))
            elif kind == "quoted":
                found.around.quoted[bytes(digest)] = (id, word, value or {}, who)
            elif kind == "gap":
                found.around.gaps.append((id, at, word))
            elif kind == "line":
                found.around.lines.append((id, at, word, who, other))
            elif kind == "identity":
                found.identities.append((word, value))
            elif kind == "draft":
                found.draft = value
            elif kind == "consent":
                value_said, _dot, source = word.partition(":")
                found.consent = value_said, source
    found.around.reactions = dict(reactions)
    return found


_SURROUNDINGS = """
    SELECT 'reaction', id, at, '', reactor_id, NULL::uuid, emoji, target_hash FROM inbox_reaction
    WHERE workspace_id = %s AND channel_id = %s AND target_hash = ANY(%s::bytea[]) AND emoji IS NOT NULL
    UNION ALL
    SELECT 'quoted', id, at, direction, author_id, NULL, content, external_hash FROM inbox_message
    WHERE workspace_id = %s AND channel_id = %s AND external_hash = ANY(%s::bytea[])
        AND NOT EXISTS (SELECT 1 FROM contacts_contact p WHERE p.id = sender_id AND p.erasing_at IS NOT NULL)
    UNION ALL
    SELECT 'gap', id, at, reason, NULL, NULL, NULL, NULL FROM inbox_gap
    WHERE workspace_id = %s AND conversation_id = %s AND at >= %s AND (%s::timestamptz IS NULL OR at <= %s)
    UNION ALL
    SELECT 'line', id, at, kind, member_id, other_id, NULL, NULL FROM inbox_activity
    WHERE workspace_id = %s AND conversation_id = %s AND at >= %s AND (%s::timestamptz IS NULL OR at <= %s)
    UNION ALL
    SELECT 'identity', id, valid_from, kind, NULL, NULL, value, NULL FROM contacts_identity
    WHERE workspace_id = %s AND contact_id = %s AND valid_to IS NULL
    UNION ALL
    SELECT 'draft', id, changed_at, '', NULL, NULL, text, NULL FROM inbox_draft
    WHERE workspace_id = %s AND conversation_id = %s AND member_id = %s
    UNION ALL
    (SELECT 'consent', id, at, value || ':' || source, NULL::uuid, NULL::uuid, NULL::bytea, NULL::bytea FROM contacts_consent
    WHERE workspace_id = %s AND contact_id = %s AND category = 'marketing_messages' ORDER BY at DESC LIMIT 1)
"""


def _conversation(
    conversation: Conversation,
    member: Membership,
    handle: str,
    channel: Channel,
    people: dict[UUID, Person],
    name: str,
    shown_phone: str,
) -> dict[str, Any]:
    may_write = member.may(Role.AGENT)
    at = [handle, conversation.id]
    urls = {
        "send": reverse("messages", args=at),
        "draft": reverse("draft", args=at),
        "close": reverse("closure", args=at),
        "reopen": reverse("reopening", args=at),
        "assign": reverse("assignment", args=at),
        "unread": reverse("unread", args=at),
        "read": reverse("reading", args=at),
    }
    return {
        "id": conversation.id,
        "name": name,
        "seed": str(conversation.contact_id),
        "subtitle": shown_phone,
        "channel_name": channel.name,
        "stored": channel.stored,
        "closed": conversation.closed_at is not None,
        "assignee": people.get(conversation.assignee_id) if conversation.assignee_id else None,
        "window_expires_at": conversation.window_expires_at,
        "window_open": conversation.window_is_open(at=now()),
        "url": reverse("conversation", args=at),
        "urls": urls if may_write else {},
    }


def _veil(conversation: Conversation, member: Membership) -> Veil:
    """Return what the member sees of the contact's numbers, now and before."""
    eyes, contact = eyes_of(member), conversation.contact_id
    return eyes.veil(contact, numbers=() if eyes.sees_all else numbers_of([contact]).get(contact, ()))


def _unmask(conversation: Conversation, handle: str, veil: Veil) -> dict[str, Any] | None:
    """Return how a member asks to see the numbers, where they are masked."""
    if veil.is_open:
        return None
    return {"url": reverse("number", args=[handle, conversation.id]), "reasons": Reason.choices, "words_max": WORDS_MAX}


def _identity(kind: str, value: str, veil: Veil) -> dict[str, Any]:
    is_phone = kind == IdentityKind.PHONE
    return {
        "kind_label": str(IdentityKind(kind).label),
        "value": veil.phone(value) if is_phone else value,
        "masked": is_phone and not veil.is_open,
    }


def _consent(value: str, source: str) -> str:
    if source != "whatsapp":
        return {"stop": _("Not wanted"), "resume": _("Allowed")}.get(value, value)
    return {
        "stop": _("Stopped in WhatsApp"),
        "resume": _("Given in WhatsApp"),
        "signup": _("Signed up in WhatsApp"),
    }.get(value, value)
