"""One row of a copy: plain values by name, the same whatever the form it is written in."""

import base64
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from troth.accounts.models import User
from troth.audit.models import Entry
from troth.audit.record import open_detail
from troth.base.registry import REGISTRY
from troth.contacts.models import Contact
from troth.inbox.models import Message, Reaction
from troth.privacy.rights.exports.walk import Part, kept
from troth.workspaces.models import Membership

Row = dict[str, Any]
Maker = Callable[[models.Model], Any]


@dataclass(frozen=True)
class Reader:
    """For whom rows are written. For a contact, nothing of anybody else is: `contact` is theirs, as those `merged` with it are; `roles` stand in for
    the names of members (by membership). For a workspace, nothing of those who are being forgotten is: `asked_at` says
    since when they have to be."""

    contact: UUID | None = None
    merged: frozenset[UUID] = frozenset()
    asked_at: datetime | None = None
    roles: Mapping[UUID, str] = field(default_factory=dict)


def rows_of(part: Part, found: Sequence[models.Model], *, reader: Reader) -> list[Row]:
    """Return these rows as plain values."""
    makers = {name: _maker(part, name, reader) for name in part.fields}
    rows = [{name: make(one) for name, make in makers.items()} for one in found]
    if part.model is Reaction:
        _say_what_reactions_sit_on(found, rows, reader)
    if part.model is Message and reader.contact is not None:
        _leave_out_ids_of_groups(found, rows)
    if part.model is Entry:
        _open_details(found, rows)
    return rows


def _maker(part: Part, name: str, reader: Reader) -> Maker:
    key = part.model._meta.get_field(name)
    attribute = key.attname  # type: ignore[union-attr]  # a column, since only those are declared
    if reader.contact is not None and isinstance(key, models.ForeignKey):
        if key.remote_field.model is Contact:
            return lambda one: _own(getattr(one, attribute), {reader.contact, *reader.merged})
        if key.remote_field.model in (Membership, User):
            return lambda one: reader.roles.get(getattr(one, attribute), "member") if getattr(one, attribute) else None
    return lambda one: plain(getattr(one, attribute))


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: instants in UTC with microseconds, days, ids and exact numbers as text,
    bytes in base64."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value


def _own(value: UUID | None, contacts: Collection[UUID | None]) -> str | None:
    return str(value) if value is not None and value in contacts else None


def _say_what_reactions_sit_on(found: Sequence[models.Model], rows: list[Row], reader: Reader) -> None:
    """Name the message that a reaction sits on; None where that message never came, or is not in the copy."""
    marks = {bytes(one.target_hash) for one in found if isinstance(one, Reaction)}
    theirs = Message.objects.filter(kept(REGISTRY[Message._meta.label], reader.asked_at), external_hash__in=marks)
    known = {
        (channel, bytes(mark or b"")): str(id)
        for id, channel, mark in theirs.values_list("id", "channel_id", "external_hash")
    }
    for one, row in zip(found, rows, strict=True):
        assert isinstance(one, Reaction)
        row["message"] = known.get((one.channel_id, bytes(one.target_hash)))


def _leave_out_ids_of_groups(found: Sequence[models.Model], rows: list[Row]) -> None:
    """In a group, WhatsApp's ids may hold the numbers of others."""
    for one, row in zip(found, rows, strict=True):
        if isinstance(one, Message) and one.sender_id is not None:
            row["external_id"] = row["quote_id"] = None


def _open_details(found: Sequence[models.Model], rows: list[Row]) -> None:
    for one, row in zip(found, rows, strict=True):
        assert isinstance(one, Entry)
        row["detail"] = open_detail(one)


ADDED: dict[str, tuple[str, ...]] = {"inbox.Reaction": ("message",)}


def columns(part: Part) -> tuple[str, ...]:
    """Return the names of a part's values, in the order in which they stand in every form."""
    return (*part.fields, *ADDED.get(part.label, ()))
