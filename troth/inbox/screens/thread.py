"""One conversation: a page of its messages with all that belongs to them, in three queries."""

from collections import defaultdict
from collections.abc import Sequence
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
from troth.contacts.consents import STOP
from troth.contacts.masking import Veil, eyes_of, numbers_of
from troth.contacts.models import Identity, IdentityKind
from troth.contacts.unmasking import WORDS_MAX, Reason
from troth.inbox.doubles import suggestions
from troth.inbox.heads import shown_ids
from troth.inbox.models import (
    Attachment,
    Conversation,
    Draft,
    Message,
    MessageStatus,
    Reaction,
    ScheduledMessage,
)
from troth.inbox.saying.countries import offered_to
from troth.inbox.screens.files import WITH_FILES, Show, shower
from troth.inbox.screens.items import Around, Reacting, items_of
from troth.inbox.screens.names import Person, contact_name
from troth.inbox.screens.person_acts import person_acts
from troth.inbox.screens.scheduled import scheduled_items
from troth.inbox.screens.staying import why_it_stays
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import current_workspace_id

PAGE = 40


@dataclass(slots=True)
class _Surroundings:
    """What belongs to a page of messages, read in one query."""

    around: Around
    identities: list[tuple[str, str]] = field(default_factory=list)
    draft: str = ""
    said: list[tuple[bool, datetime, str, str]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)  # what else there is: a likeness, a merge, a block, a changed code
    consent: tuple[str, str] = ("", "")  # what holds about marketing, and where it was said
    scheduled: list[tuple[UUID, datetime, str, UUID, UUID, dict[str, Any]]] = field(default_factory=list)


def thread(
    conversation: Conversation,
    member: Membership,
    *,
    handle: str,
    channel: Channel,
    people: dict[UUID, Person],
    before: UUID | None = None,
    has_others: bool = False,
) -> dict[str, Any]:
    """Return what the thread's templates show: the latest page, or the page before a message. `has_others` is whether the
    member has other numbers to write from."""
    threads = shown_ids(conversation)
    messages = _page(threads, before)
    more = len(messages) > PAGE
    messages = messages[:PAGE][::-1]
    show_file = shower(conversation.id, member=member, handle=handle)
    found = _surroundings(
        conversation, threads, member, messages, first_page=not more, before=before, show_file=show_file
    )
    address = reverse("conversation", args=[handle, conversation.id])
    phone = next((value for kind, value in found.identities if kind == IdentityKind.PHONE), None)
    veil = _veil(conversation, member)
    name = contact_name(conversation.contact, phone, veil=veil)
    shown_phone = veil.phone(phone) if phone else ""
    shown = _conversation(conversation, member, handle, channel, people, name, shown_phone)
    shown |= _standing(conversation, member, handle, channel, found.marks)
    return {
        "conversation": shown,
        "items": items_of(
            messages,
            found.around,
            people=people,
            contact=Person(str(conversation.contact_id), name, str(conversation.contact_id)),
            veil=veil,
            channel=channel,
            unread=conversation.unread if before is None else 0,
            handle=handle,
            member_id=member.id if member.may(Role.AGENT) else None,
            stays=why_it_stays(conversation, channel, found.marks),
        ),
        "scheduled": scheduled_items(
            found.scheduled,
            conversation=conversation,
            member=member,
            people=people,
            handle=handle,
            veil=veil,
            name=name,
            phone=phone,
        ),
        "older_url": f"{address}?before={messages[0].id}" if more else None,
        "draft": found.draft,
        "members": sorted(people.values(), key=lambda one: one.name.casefold()),
        "details": {
            "identities": [_identity(kind, value, veil) for kind, value in _number_first(found.identities)],
            "unmask": _unmask(conversation, handle, veil) if phone else None,
            "opened_until": veil.until,
            "consent": _consent(*found.consent),
            "facts": [],
            "person": _person(conversation, member, handle, found.marks, has_others=has_others),
            "acts": person_acts(member, handle, conversation.id),
        },
    }


def _page(threads: list[UUID], before: UUID | None) -> list[Message]:
    # What somebody said in a group who is being forgotten is not shown any more.
    rows = Message.objects.filter(Q(sender=None) | Q(sender__erasing_at=None)).exclude(kind="reaction")
    if before is not None:
        edge = Message.objects.filter(id=before, conversation__in=threads).values_list("at", "id").first()
        if edge is not None:
            rows = rows.filter(Q(at__lte=edge[0]) & (Q(at__lt=edge[0]) | Q(id__lt=edge[1])))
    rows = rows.defer("tokens", "external_id", "quote_id").order_by("-at", "-id")
    # Of each thread by itself: together they would all be sorted.
    found = [message for one in threads for message in rows.filter(conversation=one)[: PAGE + 1]]
    return sorted(found, key=lambda message: (message.at, message.id), reverse=True)[: PAGE + 1]


def _surroundings(
    conversation: Conversation,
    threads: list[UUID],
    member: Membership,
    messages: list[Message],
    *,
    first_page: bool,
    before: UUID | None,
    show_file: Show,
) -> _Surroundings:
    """Read reactions, quoted messages, gaps, lines, identities, the draft and consent, all at once."""
    since = messages[0].at if messages and not first_page else datetime.min.replace(tzinfo=now().tzinfo)
    until = messages[-1].at if messages and before is not None else None
    hashes = [bytes(m.external_hash) for m in messages if m.external_hash]
    have = set(hashes)
    quoted = [bytes(m.quote_hash) for m in messages if m.quote_hash and bytes(m.quote_hash) not in have]
    workspace = current_workspace_id()
    with connection.cursor() as cursor:
        cursor.execute(
            _SURROUNDINGS,
            [
                *(workspace, conversation.channel_id, hashes),
                *(workspace, threads, hashes),
                *(workspace, conversation.channel_id, quoted),
                *(workspace, threads, since, until, until),
                *(workspace, threads, since, until, until),
                *(workspace, conversation.contact_id, conversation.contact_id),
                *(workspace, conversation.id, member.id),
                *(workspace, [m.id for m in messages if m.kind in WITH_FILES and m.revoked_at is None]),
                *(workspace, conversation.contact_id, conversation.contact_id),
                *(workspace, conversation.contact_id, conversation.contact_id, conversation.channel_id),
                *(workspace, threads, before is None),
            ],
        )
        return _sorted(cursor.fetchall(), show_file)


def _sorted(rows: Sequence[tuple[Any, ...]], show_file: Show) -> _Surroundings:
    """Put what the one query found where it belongs."""
    found = _Surroundings(Around())
    unseal = {
        "reaction": Reaction._meta.get_field("emoji").unseal,
        "identity": Identity._meta.get_field("value").unseal,
        "draft": Draft._meta.get_field("text").unseal,
        "quoted": Message._meta.get_field("content").unseal,
        "reacting": Message._meta.get_field("content").unseal,
        "scheduled": ScheduledMessage._meta.get_field("content").unseal,
        "file": Attachment._meta.get_field("wave").unseal,
    }
    reactions: dict[bytes, list[tuple[str, bool, datetime]]] = defaultdict(list)
    for kind, id, at, word, who, other, sealed, digest in rows:
        value: Any = unseal[kind](sealed) if sealed is not None else None
        if kind == "reaction":
            reactions[bytes(digest)].append((value, who is None, at))
        elif kind == "reacting":
            _keep_newest(found.around, bytes(digest), id, at, word, value)
        elif kind == "scheduled":
            found.scheduled.append((id, at, word, who, other, value))
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
        elif kind == "file":
            shown = show_file(id, word, value or "")
            found.around.files.setdefault(who, {})[shown["slot"]] = shown
        elif kind == "mark":
            found.marks.add(word)
        elif kind == "consent":
            said, _dot, source = word.partition(":")
            found.said.append((said == STOP, at, said, source))
    found.around.reactions = dict(reactions)
    # Each of merged people has said something: a "no" holds, else the newest.
    found.consent = max(found.said)[2:] if found.said else ("", "")
    return found


def _keep_newest(
    around: Around, digest: bytes, id: UUID, at: datetime, word: str, content: dict[str, Any] | None
) -> None:
    """Keep a reaction message of ours (`word` is its status and code) unless a newer one is known."""
    status, _colon, code = word.partition(":")
    known = around.refused if int(status) == MessageStatus.FAILED else around.reacting
    emoji = str(((content or {}).get("data") or {}).get("emoji") or "")
    if digest not in known or id > known[digest].id:
        known[digest] = Reacting(id, at, emoji, int(code) if code else None)


_SURROUNDINGS = """
    SELECT 'reaction', id, at, '', reactor_id, NULL::uuid, emoji, target_hash FROM inbox_reaction
    WHERE workspace_id = %s AND channel_id = %s AND target_hash = ANY(%s::bytea[]) AND emoji IS NOT NULL
    UNION ALL
    SELECT 'reacting', id, at, status || ':' || COALESCE(error_code::text, ''), NULL, NULL, content, quote_hash
    FROM inbox_message WHERE workspace_id = %s AND conversation_id = ANY(%s::uuid[]) AND kind = 'reaction'
        AND direction = 'out'
        AND quote_hash = ANY(%s::bytea[])
    UNION ALL
    SELECT 'quoted', id, at, direction, author_id, NULL, content, external_hash FROM inbox_message
    WHERE workspace_id = %s AND channel_id = %s AND external_hash = ANY(%s::bytea[])
        AND NOT EXISTS (SELECT 1 FROM contacts_contact p WHERE p.id = sender_id AND p.erasing_at IS NOT NULL)
    UNION ALL
    SELECT 'gap', id, at, reason, NULL, NULL, NULL, NULL FROM inbox_gap
    WHERE workspace_id = %s AND conversation_id = ANY(%s::uuid[]) AND at >= %s AND (%s::timestamptz IS NULL OR at <= %s)
    UNION ALL
    SELECT 'line', id, at, kind, member_id, other_id, NULL, NULL FROM inbox_activity
    WHERE workspace_id = %s AND conversation_id = ANY(%s::uuid[]) AND at >= %s AND (%s::timestamptz IS NULL OR at <= %s)
    UNION ALL
    SELECT 'identity', id, valid_from, kind, NULL, NULL, value, NULL FROM contacts_identity
    WHERE workspace_id = %s AND valid_to IS NULL
        AND contact_id = ANY(ARRAY(SELECT id FROM contacts_contact p WHERE p.id = %s OR p.merged_into_id = %s))
    UNION ALL
    SELECT 'draft', id, changed_at, '', NULL, NULL, text, NULL FROM inbox_draft
    WHERE workspace_id = %s AND conversation_id = %s AND member_id = %s
    UNION ALL
    SELECT 'file', id, fetched_at, json_build_object('state', state, 'reason', reason, 'mime', mime, 'size_bytes',
        size_bytes, 'width', width, 'height', height, 'has_preview', has_preview, 'duration_ms', duration_ms, 'slot', slot,
        'made', copy_of IS NULL)::text,
        message_id, NULL, wave, NULL
    FROM inbox_attachment WHERE workspace_id = %s AND message_id = ANY(%s::uuid[])
    UNION ALL
    SELECT 'consent', id, at, value || ':' || source, NULL::uuid, NULL::uuid, NULL::bytea, NULL::bytea FROM (
        SELECT DISTINCT ON (contact_id) id, at, value, source FROM contacts_consent
        WHERE workspace_id = %s AND category = 'marketing_messages'
            AND contact_id = ANY(ARRAY(SELECT id FROM contacts_contact p WHERE p.id = %s OR p.merged_into_id = %s))
        ORDER BY contact_id, at DESC, id DESC
    ) said
    UNION ALL
    SELECT 'mark', one.id, NULL, mark, NULL, NULL, NULL, NULL
    FROM (SELECT id, coalesce(security_changed_at > coalesce(security_confirmed_at, '-infinity'), false) AS doubted
        FROM contacts_contact WHERE workspace_id = %s AND (id = %s OR merged_into_id = %s)) one
    CROSS JOIN LATERAL (
        SELECT 'doubt' AS mark WHERE one.doubted
        UNION ALL SELECT 'double' WHERE EXISTS (SELECT 1 FROM contacts_likeness l
            WHERE l.settled_at IS NULL AND (l.first_id = one.id OR l.second_id = one.id))
        UNION ALL SELECT 'merge' WHERE EXISTS (SELECT 1 FROM contacts_contact m WHERE m.merged_into_id = one.id)
        UNION ALL SELECT 'block' WHERE EXISTS (SELECT 1 FROM inbox_block b
            WHERE b.channel_id = %s AND b.contact_id = one.id)
    ) marks
    UNION ALL
    SELECT 'scheduled', id, send_at, json_build_object('state', state, 'reason', reason, 'zone', zone)::text, author_id,
        client_id, content, NULL
    FROM inbox_scheduledmessage WHERE workspace_id = %s AND conversation_id = ANY(%s::uuid[]) AND %s
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
        "templates": reverse("templates", args=at),
        "files": reverse("choose_file", args=at),
        "close": reverse("closure", args=at),
        "reopen": reverse("reopening", args=at),
        "assign": reverse("assignment", args=at),
        "unread": reverse("unread", args=at),
        "read": reverse("reading", args=at),
        "say": reverse("conversation", args=at) + "say/",
        "preview": reverse("preview", args=at),
        "schedule": reverse("scheduled", args=at),
    }
    return {
        "id": conversation.id,
        "name": name,
        "seed": str(conversation.contact_id),
        "subtitle": shown_phone,
        "channel_name": channel.name,
        "has_catalog": bool(channel.catalog_id),
        "offers": offered_to(channel.display_number),
        "stored": channel.stored,
        "closed": conversation.closed_at is not None,
        "assignee": people.get(conversation.assignee_id) if conversation.assignee_id else None,
        "window_expires_at": conversation.window_expires_at,
        "window_open": conversation.window_is_open(at=now()),
        "url": reverse("conversation", args=at),
        "urls": urls if may_write else {},
    }


def _standing(
    conversation: Conversation, member: Membership, handle: str, channel: Channel, marks: set[str]
) -> dict[str, Any]:
    """Return whether anything stands against writing to this person, and how a member settles it."""
    at = [handle, conversation.id]
    may_write = member.may(Role.AGENT)
    return {
        "blocked": "block" in marks,
        "of_another": conversation.is_of_another(at=now()),
        "unconfirmed": channel.confirms_identity and "doubt" in marks,
        "block_url": reverse("block", args=at) if may_write and not conversation.contact.is_group else None,
        "confirm_url": reverse("confirm_identity", args=at) if may_write else None,
    }


def _person(
    conversation: Conversation, member: Membership, handle: str, marks: set[str], *, has_others: bool
) -> dict[str, Any]:
    """Return who may be the same person as this, and how a member merges and separates them."""
    if not member.may(Role.AGENT) or conversation.contact.is_group:
        return {}
    at = [handle, conversation.id]
    return {
        "suggested": suggestions(conversation.contact_id, member) if "double" in marks else [],
        "merge_url": reverse("merge", args=at),
        "begin_url": f"{reverse('begin', args=[handle])}?with={conversation.contact_id}" if has_others else None,
        "parting_url": reverse("parting", args=at) if "merge" in marks else None,
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


def _number_first(identities: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(identities, key=lambda one: one[0] != IdentityKind.PHONE)


def _identity(kind: str, value: str, veil: Veil) -> dict[str, Any]:
    is_phone = kind == IdentityKind.PHONE
    return {
        "kind_label": str(IdentityKind(kind).label),
        "value": veil.phone(value) if is_phone else value,
        "masked": is_phone and not veil.is_open,
    }


def _consent(value: str, source: str) -> str:
    if not value:
        return _("Never asked")
    if source != "whatsapp":
        return {"stop": _("Not wanted"), "resume": _("Allowed")}.get(value, value)
    return {
        "stop": _("Stopped in WhatsApp"),
        "resume": _("Given in WhatsApp"),
        "signup": _("Signed up in WhatsApp"),
    }.get(value, value)
