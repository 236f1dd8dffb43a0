"""What belongs to a page of messages beside them: reactions, quotes, files, gaps, lines, the person. One question."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.contacts.consents import STOP
from troth.contacts.models import Identity
from troth.inbox.models import Attachment, Conversation, Draft, Message, MessageStatus, Reaction, ScheduledMessage
from troth.inbox.screens.files import WITH_FILES, Show
from troth.workspaces.models import Membership
from troth.workspaces.scope import current_workspace_id


@dataclass(frozen=True, slots=True)
class Reacting:
    """A reaction message of ours: no emoji takes the reaction away. `code` is why it was refused."""

    id: UUID
    at: datetime
    emoji: str
    code: int | None = None


@dataclass(slots=True)
class Around:
    """What belongs to a page of messages: by keyed id reactions (emoji, ours, when), the newest reaction message of ours that was
    not refused and the newest that was, and quoted messages; gaps; lines; by message and place its files."""

    reactions: dict[bytes, list[tuple[str, bool, datetime]]] = field(default_factory=dict)
    reacting: dict[bytes, Reacting] = field(default_factory=dict)
    refused: dict[bytes, Reacting] = field(default_factory=dict)
    quoted: dict[bytes, tuple[UUID, str, dict[str, Any], UUID | None]] = field(default_factory=dict)
    gaps: list[tuple[UUID, datetime, str]] = field(default_factory=list)
    lines: list[tuple[UUID, datetime, str, UUID | None, UUID | None]] = field(default_factory=list)
    files: dict[UUID, dict[str, dict[str, Any]]] = field(default_factory=dict)


@dataclass(slots=True)
class Surroundings:
    """What belongs to a page of messages, read in one query."""

    around: Around
    identities: list[tuple[str, str]] = field(default_factory=list)
    draft: str = ""
    said: list[tuple[bool, datetime, str, str]] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)  # what else there is: a likeness, a merge, a block, a changed code
    consent: tuple[str, str] = ("", "")  # what holds about marketing, and where it was said
    scheduled: list[tuple[UUID, datetime, str, UUID, UUID, dict[str, Any]]] = field(default_factory=list)


def surroundings_of(
    conversation: Conversation,
    threads: list[UUID],
    member: Membership,
    messages: list[Message],
    *,
    first_page: bool,
    before: UUID | None,
    show_file: Show,
) -> Surroundings:
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


def _sorted(rows: Sequence[tuple[Any, ...]], show_file: Show) -> Surroundings:
    """Put what the one query found where it belongs."""
    found = Surroundings(Around())
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
