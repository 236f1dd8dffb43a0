"""What waits in a thread for its time, or missed it."""

import json
import zoneinfo
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _

from troth.channels.contract import Content
from troth.contacts.masking import Veil
from troth.inbox.models import ScheduledState
from troth.inbox.preview import preview_text
from troth.inbox.saying.scheduling import reason_text
from troth.inbox.screens.names import Person, kind_label

Found = tuple[UUID, datetime, str, UUID, UUID, dict[str, Any]]


def scheduled_items(
    found: Sequence[Found],
    *,
    people: dict[UUID, Person],
    handle: str,
    conversation_id: UUID,
    veil: Veil,
    member_id: UUID,
) -> list[dict[str, Any]]:
    """Return what templates show of it, the earliest first."""
    items = []
    for one in sorted(found, key=lambda one: (one[1], one[0])):
        item = _item(one, people, veil)
        item["url"] = reverse("scheduled_one", args=[handle, conversation_id, one[0]])
        item["can_edit"] = item["is_text"] and one[3] == member_id
        items.append(item)
    return items


def _item(one: Found, people: dict[UUID, Person], veil: Veil) -> dict[str, Any]:
    id, send_at, facts, author, client_id, content = one
    told = json.loads(facts)
    said = msgspec.convert(content, Content)
    missed = told["state"] == ScheduledState.NOT_SENT
    return {
        "id": id,
        "client_id": client_id,
        "author": people.get(author),
        "text": _words(said, veil),
        "is_text": said.kind == "text",
        "send_at": send_at,
        "their_time": _clock(send_at, told["zone"]),
        "missed": missed,
        "why": reason_text(told["reason"]) if missed else "",
    }


def _words(said: Content, veil: Veil) -> str:
    text = said.text or preview_text(said) or kind_label(said.kind)
    return veil.any(text) if said.kind == "contacts" else veil.said(text)


def _clock(instant: datetime, zone: str) -> str:
    """Return the time of the day in the zone in which it was chosen, with the zone's own name."""
    try:
        local = instant.astimezone(zoneinfo.ZoneInfo(zone))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    place = zone.rpartition("/")[2].replace("_", " ")
    return _("%(time)s in %(place)s") % {"time": f"{local:%H:%M}", "place": place}
