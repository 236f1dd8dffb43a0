"""Fills a workspace with a past, really sealed, in the product's own environment: `python -m bench.seeding <wishes>`.

Rows go in by COPY through the superuser's connection, with the checks of foreign keys off: only the filling is quick,
the rows are what the product would have written. One conversation in a thousand is long, the others hold a few messages.
"""

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import django

django.setup()

import msgspec  # noqa: E402
import psycopg  # noqa: E402

from bench.bank import FIRST, LAST, Bank  # noqa: E402
from troth.base.clock import now  # noqa: E402  # after setup()
from troth.base.fields import SealedField  # noqa: E402
from troth.base.ids import id_at, new_id  # noqa: E402
from troth.base.sealing import Ring, ring  # noqa: E402
from troth.channels.contract import Content  # noqa: E402
from troth.contacts.models import Contact, Identity, IdentityKind  # noqa: E402
from troth.contacts.names import name_tokens  # noqa: E402
from troth.contacts.recognise import identity_hash  # noqa: E402
from troth.inbox.index import external_hash, tokens_of  # noqa: E402
from troth.inbox.models import Conversation, Direction, Message, MessageStatus  # noqa: E402
from troth.inbox.preview import preview_text  # noqa: E402
from troth.inbox.screens.thread import PAGE  # noqa: E402
from troth.workspaces.scope import scope  # noqa: E402

LONG_EVERY = 1_000
LONG = 500
PAST = timedelta(days=400)
CLOSED_SHARE = 0.6
ASSIGNED_SHARE = 0.5

Row = tuple[Any, ...]

COLUMNS = {
    "contacts_contact": (
        "id uuid, workspace_id uuid, profile_name bytea, profile_at timestamptz, name_tokens int4[], is_group bool,"
        " created_at timestamptz, changed_at timestamptz"
    ),
    "contacts_identity": (
        "id uuid, workspace_id uuid, contact_id uuid, kind text, value bytea, value_hash bytea, valid_from timestamptz,"
        " source text"
    ),
    "inbox_conversation": (
        "id uuid, workspace_id uuid, channel_id uuid, contact_id uuid, assignee_id uuid, opened_at timestamptz,"
        " closed_at timestamptz, closed_by_id uuid, last_message_at timestamptz, last_message_id uuid, preview bytea,"
        " preview_kind text, preview_direction text, preview_status int2, unread int4, window_expires_at timestamptz,"
        " changed_at timestamptz"
    ),
    "inbox_message": (
        "id uuid, workspace_id uuid, conversation_id uuid, channel_id uuid, direction text, kind text, content bytea,"
        " tokens int4[], external_id bytea, external_hash bytea, forwarded int2, history bool, status int2, held bool,"
        " at timestamptz, author_id uuid, created_at timestamptz, attempts int2"
    ),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows belong."""

    workspace: UUID
    channel: UUID
    members: list[UUID]
    bank: Bank
    chance: random.Random


@dataclass(slots=True)
class Thread:
    """A person with a conversation, and how its messages turn out."""

    number: int
    contact: UUID
    conversation: UUID
    size: int
    began: datetime
    last: tuple[datetime, UUID, Content, Direction, int] | None = None
    earlier: UUID | None = None  # the first message of its latest page


def main(wishes: dict[str, Any]) -> dict[str, Any]:
    """Write so many conversations with so many messages in all; return ids to look at."""
    workspace = UUID(wishes["workspace"])
    bank = Bank(**wishes["bank"])
    members = [UUID(id) for id in wishes["members"]]
    place = Place(workspace, UUID(wishes["channel"]), members, bank, random.Random(bank.seed))
    threads = list(_threads(place, wishes["conversations"], wishes["messages"]))
    with scope(workspace), psycopg.connect(wishes["address"]) as connection:
        connection.execute("SET session_replication_role = replica")
        keys = ring()
        _copy(connection, "contacts_contact", (_contact(place, keys, one) for one in threads))
        _copy(connection, "contacts_identity", (row for one in threads for row in _identities(place, keys, one)))
        _copy(connection, "inbox_message", (row for one in threads for row in _messages(place, keys, one)))
        _copy(connection, "inbox_conversation", (_conversation(place, one) for one in threads))
    return {
        "messages": sum(one.size for one in threads),
        "long": [[str(one.conversation), str(one.earlier)] for one in threads if one.size >= LONG][:200],
        "some": [str(one.conversation) for one in place.chance.sample(threads, min(1000, len(threads)))],
    }


def _copy(connection: psycopg.Connection[Any], table: str, rows: Iterator[Row]) -> None:
    names, types = zip(*(column.strip().split(" ") for column in COLUMNS[table].split(",")), strict=True)
    with connection.cursor().copy(f"COPY {table} ({', '.join(names)}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _threads(place: Place, conversations: int, messages: int) -> Iterator[Thread]:
    long = conversations // LONG_EVERY
    few = (messages - long * LONG) / (conversations - long)
    owed = 0.0
    for number in range(conversations):
        owed += few
        size = LONG if number % LONG_EVERY == 7 and long else min(12, max(1, round(place.chance.gauss(owed, 1))))
        if size != LONG:
            owed -= size
        began = now() - PAST * place.chance.random()
        yield Thread(number, id_at(began.timestamp()), id_at(began.timestamp()), size, began)


def _contact(place: Place, keys: Ring, one: Thread) -> Row:
    name = f"{FIRST[one.number % len(FIRST)]} {LAST[one.number // len(FIRST) % len(LAST)]} {one.number}"
    sealed = _field(Contact, "profile_name").seal(name)
    return (one.contact, place.workspace, sealed, one.began, name_tokens(keys, name), False, one.began, one.began)


def _identities(place: Place, keys: Ring, one: Thread) -> Iterator[Row]:
    person = place.bank.contact(one.number)
    for kind, value in ((IdentityKind.PHONE, f"+{person['wa_id']}"), (IdentityKind.BSUID, person["user_id"])):
        sealed, digest = _field(Identity, "value").seal(value), identity_hash(keys, kind.value, value)
        yield (new_id(), place.workspace, one.contact, kind.value, sealed, digest, one.began, "message")


def _messages(place: Place, keys: Ring, one: Thread) -> Iterator[Row]:
    content_field, external_field = _field(Message, "content"), _field(Message, "external_id")
    at = one.began
    for index in range(one.size):
        at += timedelta(seconds=place.chance.expovariate(1 / 3600))
        at = min(at, datetime.now(UTC))
        number = one.number * LONG * 2 + index
        content = Content(kind="text", text=place.bank.text(number))
        came_in = index % 2 == 0
        direction = Direction.IN if came_in else Direction.OUT
        status = MessageStatus.RECEIVED if came_in else MessageStatus.READ
        id, wamid = id_at(at.timestamp()), f"{place.bank.wamid(number)}{one.number:X}"
        one.last = (at, id, content, direction, int(status))
        if index == one.size - PAGE:
            one.earlier = id
        yield (
            id, place.workspace, one.conversation, place.channel, direction.value, "text",
            content_field.seal(msgspec.to_builtins(content)), tokens_of(keys, content), external_field.seal(wamid),
            external_hash(keys, wamid), 0, False, int(status), False, at,
            None if came_in else place.members[number % len(place.members)], at, 0 if came_in else 1,
        )  # fmt: skip


def _conversation(place: Place, one: Thread) -> Row:
    assert one.last is not None
    at, message, content, direction, status = one.last
    closed = place.chance.random() < CLOSED_SHARE
    somebody = place.members[one.number % len(place.members)]
    return (
        one.conversation, place.workspace, place.channel, one.contact,
        somebody if place.chance.random() < ASSIGNED_SHARE else None, one.began, at if closed else None,
        somebody if closed else None, at, message, _field(Conversation, "preview").seal(preview_text(content)), "text",
        direction.value, status, 0 if closed else one.number % 4, at + timedelta(hours=24), at,
    )  # fmt: skip


def _field(model: Any, name: str) -> SealedField:
    found: SealedField = model._meta.get_field(name)
    return found


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
