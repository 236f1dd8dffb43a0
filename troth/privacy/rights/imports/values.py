"""From a row of a copy to the values of a model's fields, each checked against what its field can hold."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, models

from troth.base.clock import now
from troth.base.fields import HashField, SealedJSON, SealedText
from troth.base.sealing import Ring
from troth.channels.contract import Content
from troth.contacts.models.identity import ONE_FORM
from troth.contacts.names import name_tokens
from troth.contacts.recognise import identity_hash
from troth.inbox.index import external_hash, tokens_of
from troth.inbox.models import AttachmentState
from troth.privacy.rights.exports.rows import ADDED
from troth.privacy.rights.exports.walk import Part
from troth.privacy.rights.imports.brought import VERBATIM
from troth.privacy.rights.imports.moving import Mover

TEXT_CHARS_MAX = 100_000
_DIGITS = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
Row = Mapping[str, Any]
Values = dict[str, Any]
Convert = Callable[[Any], Any]


class BadRow(Exception):
    """A row holds what its field cannot: `field` names it. What stands there is not repeated."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Reader:
    """Turns rows of one part into values by column."""

    def __init__(self, part: Part, *, move: Mover, keys: Ring, workspace_id: UUID) -> None:
        self.part = part
        self._keys, self._move, self._workspace_id = keys, move, workspace_id
        self._named = {*part.fields, *ADDED.get(part.label, ())}
        self._fields: list[Any] = [part.model._meta.get_field(name) for name in part.fields]
        self._converts: dict[str, Convert] = {field.name: self._convert(field) for field in self._fields}

    def read(self, row: Row) -> Values:
        """Return the values of a row. Raises: BadRow."""
        if set(row) != self._named:
            raise BadRow(next(iter(sorted(self._named ^ set(row)))) if len(row) < 500 else "")
        for name in ADDED.get(self.part.label, ()):
            _must_name_a_row(row, name)
        values: Values = {}
        for field in self._fields:
            values[field.attname] = self._value(field, row[field.name])
        _CHECKS.get(self.part.label, _nothing)(values)
        return values | self._derived(values)

    def _value(self, field: Any, value: Any) -> Any:
        if field.name == "workspace":
            return self._workspace_id
        if value is None:
            if not field.null:
                raise BadRow(field.name)
            return None
        try:
            return self._converts[field.name](value)
        except (ValueError, TypeError, AttributeError, OverflowError):
            raise BadRow(field.name) from None

    def _convert(self, field: Any) -> Convert:
        if isinstance(field, models.ForeignKey | models.UUIDField):
            if (self.part.label, field.name) in VERBATIM:
                return _uuid
            return lambda value: self._move(_uuid(value))
        if isinstance(field, SealedText):
            return _text
        if isinstance(field, SealedJSON | models.JSONField):
            return _plain_json
        if isinstance(field, models.DateTimeField):
            return _instant
        if isinstance(field, models.DateField):
            return _day
        if isinstance(field, models.DecimalField):
            return lambda value: _exact(value, field)
        if isinstance(field, models.BooleanField):
            return _boolean
        if isinstance(field, models.IntegerField):
            low, high = connection.ops.integer_field_range(field.get_internal_type())
            return lambda value: _whole(value, low, high)
        if isinstance(field, models.CharField):
            return lambda value: _short(value, field)
        raise AssertionError(f"{self.part.label}.{field.name} is of a kind that no import knows")

    def _derived(self, values: Values) -> Values:
        """Return what is made from what stands beside it, under this workspace's keys."""
        derive = _DERIVED.get(self.part.label)
        made: Values = derive(self._keys, values) if derive is not None else {}
        for field in self.part.model._meta.local_fields:
            if isinstance(field, HashField) and field.attname not in made and not field.null:
                once = f"{self.part.label}|{field.name}|{values['id']}"
                made[field.attname] = self._keys.index(once, place="privacy.imported")
        return made


def _must_name_a_row(row: Row, name: str) -> None:
    if row[name] is not None:
        try:
            _uuid(row[name])
        except ValueError:
            raise BadRow(name) from None


def _uuid(value: Any) -> UUID:
    if not isinstance(value, str) or len(value) != 36:
        raise ValueError
    return UUID(value)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > TEXT_CHARS_MAX:
        raise ValueError
    return value


def _short(value: Any, field: Any) -> str:
    if not isinstance(value, str) or "\0" in value or len(value) > field.max_length:
        raise ValueError
    value.encode()  # no halves of characters
    if field.choices and value not in {choice for choice, _ in field.flatchoices} | ({""} if field.blank else set()):
        raise ValueError
    return value


def _instant(value: Any) -> datetime:
    if not isinstance(value, str):
        raise TypeError
    return datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def _day(value: Any) -> date:
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError
    return date.fromisoformat(value)


def _exact(value: Any, field: Any) -> Decimal:
    """Return a number as it was written out, if its field keeps all of its digits."""
    if not isinstance(value, str) or not _DIGITS.fullmatch(value):
        raise ValueError
    whole, _, part = value.lstrip("-").partition(".")
    if len(part) > field.decimal_places or len(whole) > field.max_digits - field.decimal_places:
        raise ValueError
    return Decimal(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(value: Any, low: int | None, high: int | None) -> int:
    if type(value) is not int or (low is not None and value < low) or (high is not None and value > high):
        raise ValueError
    return value


def _plain_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {_short_key(key): _plain_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain_json(one) for one in value]
    if isinstance(value, str):
        value.encode()
        if "\0" in value:
            raise ValueError
    return value


def _short_key(key: str) -> str:
    if len(key) > 200:
        raise ValueError
    return str(_plain_json(key))


def _check_message(values: Values) -> None:
    """Check that a message says what a bubble can show, and let nothing that waited be sent."""
    if values["content"] is not None:
        try:
            msgspec.convert(values["content"], Content)
        except msgspec.ValidationError:
            raise BadRow("content") from None
    if values["status"] in (10, 20):
        values["status"] = 30
    values["next_attempt_at"] = values["lane"] = None


def _check_conversation(values: Values) -> None:
    values["unread"] = 0


def _check_file(values: Values) -> None:
    """Let a file count as not here until its bytes are; what was chosen and never sent goes within a minute."""
    values["copy_of"] = None
    if values["state"] == AttachmentState.DRAFT:
        values |= {"next_attempt_at": now(), "has_preview": False}
    else:
        values |= {
            "state": AttachmentState.FAILED,
            "reason": "not_brought",
            "next_attempt_at": None,
            "has_preview": False,
        }


def _check_contact(values: Values) -> None:
    values["erasing_at"] = None


def _nothing(_: Values) -> None:
    """Most rows need no more than that their fields fit."""


def _of_identity(keys: Ring, values: Values) -> Values:
    return {"value_hash": identity_hash(keys, values["kind"], values["value"]), "hash_form": ONE_FORM}


def _of_contact(keys: Ring, values: Values) -> Values:
    return {"name_tokens": name_tokens(keys, values["name"] or values["profile_name"] or "")}


def _of_message(keys: Ring, values: Values) -> Values:
    content = msgspec.convert(values["content"], Content) if values["content"] is not None else None
    return {
        "external_hash": external_hash(keys, values["external_id"]) if values["external_id"] else None,
        "quote_hash": external_hash(keys, values["quote_id"]) if values["quote_id"] else None,
        "tokens": tokens_of(keys, content) if content is not None else [],
    }


_CHECKS: dict[str, Callable[[Values], None]] = {
    "contacts.Contact": _check_contact,
    "inbox.Attachment": _check_file,
    "inbox.Message": _check_message,
    "inbox.Conversation": _check_conversation,
}
_DERIVED: dict[str, Callable[[Ring, Values], Values]] = {
    "contacts.Identity": _of_identity,
    "contacts.Contact": _of_contact,
    "inbox.Message": _of_message,
}
