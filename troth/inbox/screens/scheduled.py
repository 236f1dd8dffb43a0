"""What waits in a thread for its time, or missed it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.urls import reverse

from troth.channels.contract import Content
from troth.contacts.masking import Veil
from troth.inbox.files import drafting
from troth.inbox.heads import shown_ids
from troth.inbox.models import Conversation, ScheduledState
from troth.inbox.saying.clocks import Zones, both_ways, zones_of_number
from troth.inbox.saying.not_said import reason_text
from troth.inbox.saying.scheduling import FILES
from troth.inbox.screens.file_place import chosen_file
from troth.inbox.screens.files import MEDIA
from troth.inbox.screens.items import drawn
from troth.inbox.screens.names import Person
from troth.workspaces.models import Membership

Found = tuple[UUID, datetime, str, UUID, UUID, dict[str, Any]]
Shown = dict[str, dict[str, Any]]


def scheduled_items(
    found: Sequence[Found],
    *,
    conversation: Conversation,
    member: Membership,
    people: dict[UUID, Person],
    handle: str,
    veil: Veil,
    name: str,
    phone: str | None,
) -> list[dict[str, Any]]:
    """Return what templates show of it, the earliest first; times as `name`, the person, and the reader have them."""
    if not found:
        return []
    zones = zones_of_number(phone) if phone else Zones()
    files = _files(found, conversation, member, handle=handle)
    items = []
    for one in sorted(found, key=lambda one: (one[1], one[0])):
        item = _item(one, files, veil) | {"author": people.get(one[3])}
        item["url"] = reverse("scheduled_one", args=[handle, conversation.id, one[0]])
        item["can_edit"] = one[3] == member.id and item["message"]["kind"] in ("text", *MEDIA)
        item["time"] = both_ways(item["send_at"], item["zone"], zones, name=name)
        closes = conversation.window_expires_at
        item["too_late"] = item["message"]["kind"] != "template" and closes is not None and item["send_at"] > closes
        items.append(item)
    return items


def _item(one: Found, files: dict[str, dict[str, Any]], veil: Veil) -> dict[str, Any]:
    id, send_at, facts, _author, client_id, content = one
    told = json.loads(facts)
    missed = told["state"] == ScheduledState.NOT_SENT
    carried = {slot: files[file] for slot, file in (content.get(FILES) or {}).items() if file in files}
    return {
        "id": id,
        "client_id": client_id,
        "message": drawn(msgspec.convert(content, Content), carried, veil=veil),
        "send_at": send_at,
        "zone": told["zone"],
        "missed": missed,
        "why": reason_text(told["reason"]) if missed else "",
    }


def _files(found: Sequence[Found], conversation: Conversation, member: Membership, *, handle: str) -> Shown:
    """Return what is shown of the files that this member has chosen for it, by their ids: others see what they are called."""
    ids = [UUID(id) for one in found if one[3] == member.id for id in (one[5].get(FILES) or {}).values()]
    if not ids:
        return {}
    kept = drafting.kept_for_later(ids, shown_ids(conversation), by=member)
    where: dict[str, Any] = {"handle": handle, "conversation_id": conversation.id, "member_id": member.id}
    return {str(id): chosen_file(file, **where) for id, file in kept.items()}
