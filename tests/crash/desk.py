"""What a pen writes with: takes one order a line from its input, as JSON, and answers each with a line."""

import json
import sys
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import Error, connection

from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.contract import Content
from troth.contacts.recognise import recognise
from troth.contacts.sighting import Sighting
from troth.inbox.models import Conversation, Message
from troth.inbox.outbox import offer_again, queue, settle
from troth.inbox.receive.threads import conversations_of, open_conversations
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope


def main() -> None:
    """Take orders until the input ends."""
    for line in sys.stdin:
        order = json.loads(line)
        try:
            with scope(UUID(order["house"])):
                answer = {"done": _do(order)}
        except Error as error:
            connection.close()
            answer = {"error": type(error).__name__}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _do(order: dict[str, Any]) -> Any:
    if order["do"] == "write":
        return _write(order)
    message = Message.objects.get(id=UUID(order["id"]))
    if order["do"] == "offer_again":
        return offer_again(message)
    return settle(message, arrived=order["arrived"])


def _write(order: dict[str, Any]) -> list[str]:
    author = Membership.objects.order_by("id")[0]
    quoted = Message.objects.get(id=UUID(order["quoted"])) if order.get("quoted") else None
    threads = _threads(UUID(order["channel"]), sorted({to for to, _ in order["texts"]}))
    return [
        str(queue(threads[to], _content(order, text), by=author, client_id=new_id(), quoted=quoted).id)
        for to, text in order["texts"]
    ]


def _content(order: dict[str, Any], text: str) -> Content:
    if order.get("template"):
        return Content(kind="template", data={"name": order["template"], "language": "en_US"})
    return Content(kind="text", text=text)


def _sighting(to: str, at: datetime) -> Sighting:
    return Sighting(at=at, phone=to) if to.isdigit() else Sighting(at=at, bsuid=to)


def _threads(channel: UUID, people: list[str]) -> dict[str, Conversation]:
    """Return the conversations of these people, made with an open window where there is none."""
    instant = now()
    contacts = recognise([_sighting(to, instant) for to in people])
    by_person = {to: contact for to, contact in zip(people, contacts, strict=True) if contact is not None}
    keys = [(channel, contact) for contact in by_person.values()]
    found = conversations_of(keys)
    new = open_conversations({key: instant for key in keys if key not in found})
    Conversation.objects.filter(id__in=new.values()).update(window_expires_at=instant + timedelta(hours=20))
    by_contact = {row.contact_id: row for row in Conversation.objects.filter(id__in=(found | new).values())}
    return {to: by_contact[contact] for to, contact in by_person.items()}
