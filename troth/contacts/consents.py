"""Keeps what people allowed or stopped, as facts that are added and never changed."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import ring
from troth.contacts.merging import group_of
from troth.contacts.models import Consent, Contact
from troth.workspaces.scope import current_workspace_id

MARKETING = "marketing_messages"  # the category by which WhatsApp calls it too
STOP = "stop"


class Fact(NamedTuple):
    """One fact about one contact. `once_hash` is the same for the same fact, however often it comes."""

    contact: UUID
    category: str
    value: str
    source: str
    at: datetime
    once_hash: bytes


def keep_facts(facts: Sequence[Fact]) -> list[bool]:
    """Keep these facts and return for each whether it was new."""
    if not facts:
        return []
    columns = list(map(list, zip(*facts, strict=True)))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_consent (id, workspace_id, contact_id, category, value, source, at, once_hash)"
            " SELECT id, %s, contact, category, value, source, at, once FROM unnest(%b::uuid[], %b::uuid[], %s::text[],"
            " %s::text[], %s::text[], %b::timestamptz[], %b::bytea[])"
            " AS new (id, contact, category, value, source, at, once) ON CONFLICT DO NOTHING RETURNING once_hash",
            [current_workspace_id(), [new_id() for _ in facts], *columns],
        )
        new = {bytes(row[0]) for row in cursor.fetchall()}
    answer = []
    for fact in facts:
        answer.append(fact.once_hash in new)
        new.discard(fact.once_hash)
    return answer


def say_by_member(contact_id: UUID, category: str, value: str, *, source: str) -> None:
    """Keep what a person said to us rather than in WhatsApp's own screen, unless it holds already: of all contacts that
    were merged into one, since a "no" of any of them would hold against it."""
    if latest(contact_id, category) == value:
        return
    at = now()
    facts = []
    for id in group_of(contact_id):
        once = ring().index(f"{id}|{category}|{value}|{at.isoformat()}|{source}", place="consent")
        facts.append(Fact(id, category, value, source, at, once))
    keep_facts(facts)


def latest(contact_id: UUID, category: str) -> str | None:
    """Return what a person said last about a category, None where nothing is known.

    Where contacts were merged, each has said something: a "no" of any of them holds.
    """
    said = Consent.objects.filter(contact_id__in=group_of(contact_id), category=category)
    each = list(said.order_by("contact_id", "-at", "-id").distinct("contact_id"))
    no = next((one for one in each if one.value == STOP), None)
    newest = no or max(each, key=lambda one: (one.at, one.id), default=None)
    return newest.value if newest else None


def refuses_marketing(contact_id: UUID) -> bool:
    """Return whether a person wants no marketing: said so, in WhatsApp or to us, under any of their identities."""
    objected = Contact.objects.filter(id__in=group_of(contact_id), objected_at__isnull=False)
    return latest(contact_id, MARKETING) == STOP or objected.exists()
