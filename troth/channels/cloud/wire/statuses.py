"""What became of our messages, and of our calls."""

from typing import Any

from troth.channels.cloud.wire.place import Place
from troth.channels.cloud.wire.reading import identifier, instant, items, phone, problems, whole, word
from troth.channels.contract import CallChanged, ChannelChanged, Event, StatusChanged, Who


def status(item: Any, place: Place) -> Event:
    """Return the event of one item of `statuses`. The wire's word is kept, also one that we do not know."""
    if not isinstance(item, dict) or not item:
        return place.unrecognised("empty" if not item else "not_an_object", item)
    about = item.get("type")
    if about == "call":
        return _call_status(item, place)
    if about == "payment":
        return _payment_status(item, place)
    if about is not None and about != "message":
        return place.unrecognised("unknown_status_type", item, external_id=identifier(item.get("id")))
    external_id, our_id = identifier(item.get("id")), identifier(item.get("biz_opaque_callback_data"))
    state = word(item.get("status"))
    if external_id is None and our_id is None:
        return place.unrecognised("no_id", item)
    if state is None:
        return place.unrecognised("no_value", item, external_id=external_id)
    pricing, conversation = item.get("pricing"), item.get("conversation")
    return StatusChanged(
        status=state,
        who=_recipient(item, place) or Who(),
        our_id=our_id,
        problems=problems(item.get("errors")),
        pricing=pricing if isinstance(pricing, dict) and pricing else None,
        conversation=conversation if isinstance(conversation, dict) and conversation else None,
        group_id=identifier(item.get("recipient_id")) if item.get("recipient_type") == "group" else None,
        **place.facts(item, at=instant(item.get("timestamp")), external_id=external_id),
    )


def call(item: Any, place: Place) -> Event:
    """Return the event of one item of `calls`. The person is the end that is not us."""
    if not isinstance(item, dict) or not item:
        return place.unrecognised("empty" if not item else "not_an_object", item)
    external_id = identifier(item.get("id")) or identifier(item.get("wacid"))
    from_us = item.get("direction") == "BUSINESS_INITIATED"
    end = "to" if from_us else "from"
    number = phone(item.get(end))
    who = place.who(
        phone=number if number != place.display else None,
        bsuid=identifier(item.get(f"{end}_user_id")),
        parent_bsuid=identifier(item.get(f"{end}_parent_user_id")),
    )
    if who is None:
        return place.unrecognised("no_person", item, external_id=external_id)
    event = word(item.get("event")) or word((items(item.get("status")) or [None])[0])
    if event is None:
        return place.unrecognised("no_value", item, external_id=external_id)
    return CallChanged(
        who=who,
        event=event,
        from_us=from_us,
        duration_s=whole(item.get("duration")),
        **place.facts(
            item, at=instant(item.get("timestamp")) or instant(item.get("start_time")), external_id=external_id
        ),
    )


def _call_status(item: dict[str, Any], place: Place) -> Event:
    external_id, state = identifier(item.get("id")), word(item.get("status"))
    who = _recipient(item, place)
    if who is None:
        return place.unrecognised("no_person", item, external_id=external_id)
    if state is None:
        return place.unrecognised("no_value", item, external_id=external_id)
    facts = place.facts(item, at=instant(item.get("timestamp")), external_id=external_id)
    return CallChanged(who=who, event=state, from_us=True, **facts)


def _payment_status(item: dict[str, Any], place: Place) -> Event:
    """Return news of a payment within a chat: "failed" is said of the money here, not of the message."""
    return ChannelChanged(
        aspect="order_payment",
        value=word(item.get("status")),
        who=place.who(phone=phone(item.get("from")) or phone(item.get("recipient_id")), bsuid=None),
        problems=problems(item.get("errors")),
        **place.facts(item, at=instant(item.get("timestamp")), external_id=identifier(item.get("id"))),
    )


def _recipient(item: dict[str, Any], place: Place) -> Who | None:
    """Return whom a status speaks of: in a group it is one participant, and `recipient_id` is the group."""
    if item.get("recipient_type") == "group":
        number = phone(item.get("recipient_participant_id")) or phone(item.get("participant_recipient_id"))
        bsuid = identifier(item.get("recipient_participant_user_id")) or identifier(item.get("recipient_user_id"))
        parent = identifier(item.get("recipient_participant_parent_user_id"))
        return place.who(phone=number, bsuid=bsuid, parent_bsuid=parent)
    return place.who(
        phone=phone(item.get("recipient_id")),
        bsuid=identifier(item.get("recipient_user_id")),
        parent_bsuid=identifier(item.get("recipient_parent_user_id") or item.get("parent_recipient_user_id")),
        identity_hash=identifier(item.get("recipient_identity_key_hash")),
    )
