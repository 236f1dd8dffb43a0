"""The envelope: entries, changes and values, and who reads which part of them."""

from collections.abc import Callable, Iterator
from typing import Any

from troth.channels.cloud.wire import account, history, identity, messages, statuses
from troth.channels.cloud.wire.json_body import Unreadable, read_object
from troth.channels.cloud.wire.place import Place
from troth.channels.cloud.wire.reading import identifier, instant, items, word
from troth.channels.contract import Event, Unrecognised

OBJECT = "whatsapp_business_account"
CONVERSATION_FIELDS = frozenset(
    {
        "messages",
        "standby",
        "smb_message_echoes",
        "message_echoes",
        "history",
        "smb_app_state_sync",
        "user_preferences",
        "user_id_update",
        "calls",
        "automatic_events",
        "group_lifecycle_update",
        "group_participants_update",
        "group_settings_update",
        "group_status_update",
    }
)
ENVELOPE_PARTS = frozenset({"object", "entry", "id", "time", "changes"})


def parse(body: bytes) -> list[Event]:
    """Return all that the body says, in its order. Never raises: what it cannot read becomes Unrecognised.

    Each change gives at least one event and carries its own `change`, counted across the body; so does an entry
    without changes, and a body without entries.
    """
    try:
        tree = read_object(body)
    except Unreadable as unreadable:
        return [Unrecognised(change=0, field="", why=str(unreadable))]
    ours = tree.get("object") in (OBJECT, None)
    events: list[Event] = []
    change = 0
    for entry in items(tree.get("entry")):
        known = entry if isinstance(entry, dict) else {}
        account_id, at = identifier(known.get("id")), instant(known.get("time"))
        changes = items(known.get("changes"))
        for part in changes or [None]:
            place = Place(change, _field(part), account_id=account_id, at=at)
            if not ours:
                events.append(place.unrecognised("foreign_object", part or entry))
            else:
                events.extend(_change(part, place) if changes else [place.unrecognised("empty", entry)])
            change += 1
        if len(known) > len(ENVELOPE_PARTS & known.keys()):
            events.extend(_unknown_parts(known, place, known_parts=ENVELOPE_PARTS))
    place = Place(max(change - 1, 0), "", account_id=None, at=None)
    if not events:
        events.append(place.unrecognised("empty" if ours else "foreign_object", tree))
    events.extend(_unknown_parts(tree, place, known_parts=ENVELOPE_PARTS))
    return events


def _field(change: Any) -> str:
    return (word(change.get("field")) if isinstance(change, dict) else None) or ""


def _change(part: Any, place: Place) -> list[Event]:
    if not isinstance(part, dict):
        return [place.unrecognised("not_an_object" if part else "empty", part)]
    value = part.get("value")
    if not value:
        return [place.unrecognised("empty", part)]
    if not isinstance(value, dict):
        return [place.unrecognised("not_an_object", part)]
    try:
        place.enter(value)
        return _value(value, place)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        # A hole in our own reading must cost one change, not all that came with it. The fuzz tests know of none.
        return [place.unrecognised("unreadable", part)]


def _value(value: dict[str, Any], place: Place) -> list[Event]:
    field = place.field
    if "message_template_id" in value or field in account.TEMPLATE_ASPECTS:
        return [account.template_change(value, place)]
    if field in CONVERSATION_FIELDS or (not field and "messaging_product" in value):
        return _parts(value, place)
    if field in account.ASPECTS:
        return [account.account_change(value, place)]
    if field == "messaging_handovers":
        return [account.handover(value, place)]
    return [place.unrecognised("unknown_field" if field else "no_field", value)]


def _parts(value: dict[str, Any], place: Place) -> list[Event]:
    events: list[Event] = []
    for key, part in value.items():
        if key == "messages":
            events.extend(_messages(part, place))
        elif read := _READERS.get(key):
            events.extend([read(item, place) for item in items(part)])
        elif key == "history":
            for item in items(part):
                events.extend(history.chunk(item, place))
    events.extend(_unknown_parts(value, place, known_parts=VALUE_PARTS))
    return events or [place.unrecognised("empty", value)]


def _messages(part: Any, place: Place) -> list[Event]:
    if place.field == "history":
        return history.late_messages(part, place)
    observed = place.field == "standby"
    return [messages.received(item, place, observed=observed) for item in items(part)]


def _unknown_parts(holder: dict[str, Any], place: Place, *, known_parts: frozenset[str]) -> Iterator[Event]:
    """Yield an event for each list of things that we know no name for: new keys are ignored, new items are not."""
    for key, part in holder.items():
        if key not in known_parts and isinstance(part, list) and any(isinstance(item, dict) for item in part):
            yield place.unrecognised("unknown_part", {key: part})


_READERS: dict[str, Callable[[Any, Place], Event]] = {
    "message_echoes": messages.echoed,
    "statuses": statuses.status,
    "calls": statuses.call,
    "errors": account.problem,
    "groups": account.group_change,
    "user_actions": account.user_action,
    "automatic_events": account.conversion,
    "conversation_context": account.conversation_context,
    "user_preferences": identity.preference,
    "user_id_update": identity.new_user_id,
    "state_sync": identity.address_book_entry,
}
VALUE_PARTS = frozenset({"metadata", "contacts", "messages", "history", *_READERS})
