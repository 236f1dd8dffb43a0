"""What WhatsApp's refusals tell of people, beside the message: wants no marketing, is blocked, has another security code."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from troth.base.sealing import ring
from troth.channels.registry import person_fact
from troth.contacts.consents import MARKETING, STOP, Fact, keep_facts
from troth.contacts.security_codes import mismatched
from troth.inbox import blocking
from troth.inbox.models import Conversation, Message


class Refused(NamedTuple):
    """A message that was refused, why, and when."""

    message: UUID
    code: int | None
    at: datetime


def learn(refused: Sequence[Refused]) -> None:
    """Keep what these refusals tell. Doing it twice does no harm."""
    telling = [one for one in refused if one.code and person_fact("cloud", one.code)]
    if not telling:
        return
    rows = Message.objects.filter(id__in=[one.message for one in telling]).select_related("channel", "conversation")
    messages = {row.id: row for row in rows.defer("content", "tokens")}
    for one in telling:
        row = messages.get(one.message)
        fact = person_fact(row.channel.kind, one.code) if row else None
        if row is None or fact is None:
            continue
        if fact == "no_marketing":
            _no_marketing(row.conversation, one)
        elif fact == "blocked":
            blocking.found_blocked([row.conversation_id])
        else:
            mismatched([row.conversation.contact_id], at=one.at)


def _no_marketing(conversation: Conversation, one: Refused) -> None:
    contact = conversation.contact_id
    once = ring().index(f"{contact}|{MARKETING}|{STOP}|{one.message}", place="consent")
    keep_facts([Fact(contact, MARKETING, STOP, "whatsapp", one.at, once)])
