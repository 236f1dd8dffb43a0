"""A picture of all that a workspace knows, without ids of ours: two that are equal hold the same."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from troth.channels.models import Channel, ChannelNotice, MessageTemplate
from troth.contacts.models import Consent, Contact, Identity, Likeness
from troth.inbox.models import Activity, Conversation, Gap, Message, PendingChange, Reaction

Picture = dict[str, list[Any]]


def picture() -> Picture:
    """Return the picture of the workspace in scope."""
    return _Eye().look()


def differences(one: Picture, other: Picture) -> list[str]:
    """Return in a line each what stands in one picture and not in the other."""
    found = []
    for part in one:
        mine, theirs = [repr(row) for row in one[part]], [repr(row) for row in other[part]]
        found += [f"- {part}: {row}" for row in mine if row not in theirs]
        found += [f"+ {part}: {row}" for row in theirs if row not in mine]
        if not found and mine != theirs:
            found.append(f"{part}: {len(mine)} and {len(theirs)} rows")
    return found


class _Eye:
    def __init__(self) -> None:
        self.people: dict[UUID, str] = {}
        self.threads: dict[UUID, str] = {}
        self.bubbles: dict[UUID, str] = {}

    def look(self) -> Picture:
        contacts = self._contacts()
        conversations = list(Conversation.objects.order_by())
        for row in conversations:
            self.threads[row.id] = f"{row.channel_id}/{self.people[row.contact_id]}"
        messages = list(Message.objects.order_by())
        for message in messages:
            self.bubbles[message.id] = message.external_id or str(message.id)
        return {
            "contacts": contacts,
            "conversations": _sorted(self._conversation(row) for row in conversations),
            "messages": _sorted(self._message(row) for row in messages),
            "reactions": _sorted(
                (row.target_hash, self._person(row.reactor_id), row.emoji, _at(row.at))
                for row in Reaction.objects.order_by()
            ),
            "activities": _sorted(
                (self.threads[row.conversation_id], row.kind, _at(row.at)) for row in Activity.objects.order_by()
            ),
            "consents": _sorted(
                (self._person(row.contact_id), row.category, row.value, row.source, _at(row.at))
                for row in Consent.objects.order_by()
            ),
            "likenesses": _sorted(
                sorted([str(self._person(row.first_id)), str(self._person(row.second_id))])
                for row in Likeness.objects.order_by()
            ),
            "waiting": _sorted(
                (row.target_hash, row.kind, repr(row.detail)) for row in PendingChange.objects.order_by()
            ),
            "gaps": _sorted((row.reason, row.field, repr(row.raw)) for row in Gap.objects.order_by()),
            "channels": _sorted((row.number_id, row.quality, row.status) for row in Channel.objects.order_by()),
            "notices": _sorted(
                (row.channel_id, row.aspect, row.value, repr(row.detail)) for row in ChannelNotice.objects.order_by()
            ),
            "templates": _sorted(_template(row) for row in MessageTemplate.objects.order_by()),
        }

    def _contacts(self) -> list[Any]:
        ways: dict[UUID, list[Any]] = {}
        for identity in Identity.objects.order_by():
            way = (identity.kind, identity.value, _at(identity.valid_from), _at(identity.valid_to))
            ways.setdefault(identity.contact_id, []).append(way)
        rows = []
        for contact in Contact.objects.order_by():
            known = sorted(ways.get(contact.id, []), key=repr)
            self.people[contact.id] = "+".join(f"{kind}:{value}" for kind, value, *_ in known)
            named = (contact.name, contact.profile_name, contact.username, _at(contact.profile_at))
            rows.append((known, contact.is_group, named, sorted(contact.name_tokens)))
        return _sorted(rows)

    def _conversation(self, row: Conversation) -> Any:
        last = self.bubbles.get(row.last_message_id) if row.last_message_id else None
        return (
            self.threads[row.id],
            ("opened", _at(row.opened_at)),
            ("closed", row.closed_at is not None),
            ("last", last, _at(row.last_message_at)),
            ("preview", row.preview, row.preview_kind, row.preview_direction, row.preview_status),
            ("unread", row.unread),
            ("window", _at(row.window_expires_at)),
        )

    def _message(self, row: Message) -> Any:
        times = {
            name: _at(getattr(row, name))
            for name in ("at", "sent_at", "delivered_at", "read_at", "failed_at", "edited_at", "revoked_at")
        }
        return (
            row.external_id or str(row.id),
            self.threads[row.conversation_id],
            row.direction,
            row.kind,
            repr(row.content),
            sorted(row.tokens),
            ("quotes", row.quote_id, row.forwarded),
            ("status", row.status, row.error_code, repr(sorted((row.pricing or {}).items()))),
            times,
            ("history", row.history),
            ("by", self._person(row.sender_id)),
        )

    def _person(self, id: UUID | None) -> str | None:
        return self.people[id] if id else None


def _template(row: MessageTemplate) -> Any:
    words = (row.account_id, row.external_id, row.name, row.language)
    return (*words, row.status, row.quality, row.category, row.reason, repr(row.components))


def _at(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def _sorted(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=repr)
