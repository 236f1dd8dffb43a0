"""What names a person without a key that leads to them: pieces of bodies that could not be read or placed.

They are sealed, so each is opened and looked through for the person's numbers and ids, also inside WhatsApp's message
ids, which contain the number in another form.
"""

import base64
import binascii
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from troth.base.phones import forms_of
from troth.channels.app_secrets import OWN_DOOR_ID
from troth.channels.models import Channel, ChannelNotice
from troth.contacts.models import Identity
from troth.inbox.models import Gap, PendingChange
from troth.inbox.receive.waiting import drop_waiting
from troth.ingest.models import Delivery

ROWS = 200  # opened in one transaction
DIGITS_MIN = 7


@dataclass(frozen=True)
class Mentioned:
    """One place where people may be named in a sealed body."""

    label: str
    column: str
    rows: Any
    drop: Callable[[Sequence[UUID]], None] | None = None  # where deleting rows is not all that there is to do

    def naming(self, contact_ids: Collection[UUID], *, after: str) -> tuple[list[UUID], str]:
        """Return the ids of rows that name these contacts among the next ones, and where to go on ("" at the end)."""
        ways = ways_of(contact_ids)
        rows: QuerySet[Any] = self.rows().order_by("id").only("id", self.column)
        some = list((rows.filter(id__gt=UUID(after)) if after else rows)[:ROWS])
        found = [row.id for row in some if names(getattr(row, self.column), ways)]
        return found, str(some[-1].id) if len(some) == ROWS else ""

    def forget(self, ids: Sequence[UUID]) -> None:
        """Delete these rows."""
        self.drop(ids) if self.drop is not None else self.rows().filter(id__in=ids).delete()


def mentions() -> list[Mentioned]:
    """Return every such place of the workspace in scope."""
    return [
        Mentioned("inbox.Gap", "raw", lambda: Gap.objects.filter(raw__isnull=False)),
        Mentioned("inbox.PendingChange", "detail", PendingChange.objects.all, drop_waiting),
        Mentioned("channels.ChannelNotice", "detail", lambda: ChannelNotice.objects.filter(detail__isnull=False)),
        Mentioned("ingest.Delivery", "body", _parked),
    ]


def ways_of(contact_ids: Collection[UUID]) -> list[str]:
    """Return what a person is known by, as it would stand in a body: digits without a plus, ids verbatim."""
    values = Identity.objects.filter(contact_id__in=contact_ids)
    return sorted({way.removeprefix("+") for one in values.only("value", "id") for way in forms_of(one.value)})


def names(body: Any, ways: Collection[str]) -> bool:
    """Return whether a body, as bytes or as JSON, names anybody by one of these ways."""
    if isinstance(body, bytes | memoryview):
        return _in_text(bytes(body).decode("utf-8", "replace"), ways)
    if isinstance(body, str):
        return _in_text(body, ways) or _in_text(_opened(body), ways)
    if isinstance(body, dict):
        return any(names(part, ways) for pair in body.items() for part in pair)
    if isinstance(body, list):
        return any(names(part, ways) for part in body)
    return isinstance(body, int) and _in_text(str(body), ways)


def _in_text(text: str, ways: Collection[str]) -> bool:
    return any(way in text for way in ways if len(way) >= DIGITS_MIN)


def _opened(word: str) -> str:
    """Return what a message's id says inside: "wamid." and base64 of bytes among which the number stands as text."""
    if not word.startswith("wamid."):
        return ""
    try:
        packed = word.removeprefix("wamid.")
        return base64.b64decode(packed + "=" * (-len(packed) % 4), validate=False).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""


def _parked() -> QuerySet[Delivery]:
    """Return deliveries that nobody could read, which came at the addresses of this workspace's channels, or of all."""
    ours = [*Channel.objects.values_list("id", flat=True), OWN_DOOR_ID]
    return Delivery.objects.filter(channel_id__in=ours, body__isnull=False, parked_at__isnull=False)
