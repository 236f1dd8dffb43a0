"""Messages: what people write, what we write from the phone app, and what is done to either afterwards."""

from typing import Any

from msgspec.structs import replace

from troth.channels.cloud.wire import identity
from troth.channels.cloud.wire.contents import content, type_of
from troth.channels.cloud.wire.occasion import occasion
from troth.channels.cloud.wire.place import Place
from troth.channels.cloud.wire.reading import identifier, instant, is_true, phone, piece, word
from troth.channels.contract import (
    Content,
    Event,
    MessageEchoed,
    MessageEdited,
    MessageReceived,
    MessageRevoked,
    Quote,
    ReactionChanged,
    Who,
)

EMOJI_CHARS_MAX = 64


def received(item: Any, place: Place, *, observed: bool = False) -> Event:
    """Return the event of one item of `messages`."""
    if not isinstance(item, dict) or not item:
        return place.unrecognised("empty" if not item else "not_an_object", item)
    number = phone(item.get("from"))
    if number is not None and number == place.display and ("to" in item or "to_user_id" in item):
        return echoed(item, place)
    who = place.who(
        phone=number,
        bsuid=identifier(item.get("from_user_id")),
        parent_bsuid=identifier(item.get("from_parent_user_id")),
        identity_hash=identifier(piece(item.get("identity")).get("hash")),
    )
    if item.get("type") == "system" and (change := identity.from_system_message(item, place, who=who)):
        return change
    return _event(item, place, who=identity.with_shared_number(who, item), from_us=False, observed=observed)


def echoed(item: Any, place: Place, *, peer: Who | None = None) -> Event:
    """Return the event of one message that we sent from elsewhere. `peer` is the addressee where it names none."""
    if not isinstance(item, dict) or not item:
        return place.unrecognised("empty" if not item else "not_an_object", item)
    number = phone(item.get("to"))
    if number is None or number == place.display:
        # Some bodies name both ends the wrong way round: the one that is not us is the person.
        other = phone(item.get("from"))
        number = other if other != place.display and number is not None else None
    bsuid = identifier(item.get("to_user_id"))
    if number is None and bsuid is None and peer is not None:
        who: Who | None = peer
    else:
        who = place.who(phone=number, bsuid=bsuid, parent_bsuid=identifier(item.get("to_parent_user_id")))
    return _event(item, place, who=who, from_us=True, observed=False)


def _event(item: dict[str, Any], place: Place, *, who: Who | None, from_us: bool, observed: bool) -> Event:
    external_id = identifier(item.get("id"))
    if who is None:
        return place.unrecognised("no_person", item, external_id=external_id)
    if external_id is None:
        return place.unrecognised("no_id", item)
    kind = type_of(item)
    facts = place.facts(item, at=instant(item.get("timestamp")), external_id=external_id)
    if kind == "reaction":
        return _reaction(item, place, facts, who=who, from_us=from_us)
    if kind == "edit":
        return _edit(item, place, facts, who=who, from_us=from_us)
    if kind == "revoke":
        return _revoke(item, place, facts, who=who, from_us=from_us)
    said, group_id = content(item), identifier(item.get("group_id"))
    context = item.get("context")
    if led := occasion(item.get("referral"), context):
        said = replace(said, occasion=led)
    quote = _quote(context) if context else None
    if from_us:
        status = word(piece(item.get("history_context")).get("status"))
        return MessageEchoed(
            who=who, content=said, quote=quote, group_id=group_id, status=status.lower() if status else None, **facts
        )
    return MessageReceived(
        who=who,
        content=said,
        quote=quote,
        group_id=group_id,
        observed=observed,
        **facts,
    )


def _reaction(item: dict[str, Any], place: Place, facts: dict[str, Any], *, who: Who, from_us: bool) -> Event:
    part = piece(item.get("reaction"))
    target_id = identifier(part.get("message_id"))
    if target_id is None:
        return place.unrecognised("no_target", item, external_id=facts["external_id"])
    return ReactionChanged(
        who=who,
        target_id=target_id,
        emoji=word(part.get("emoji"), chars_max=EMOJI_CHARS_MAX),
        from_us=from_us,
        group_id=identifier(item.get("group_id")),
        **facts,
    )


def _edit(item: dict[str, Any], place: Place, facts: dict[str, Any], *, who: Who, from_us: bool) -> Event:
    part = piece(item.get("edit"))
    target_id = identifier(part.get("original_message_id"))
    if target_id is None:
        return place.unrecognised("no_target", item, external_id=facts["external_id"])
    message = piece(part.get("message"))
    said = content(message) if message else Content(kind="unsupported", data={"type": "edit"})
    return MessageEdited(who=who, target_id=target_id, content=said, from_us=from_us, **facts)


def _revoke(item: dict[str, Any], place: Place, facts: dict[str, Any], *, who: Who, from_us: bool) -> Event:
    target_id = identifier(piece(item.get("revoke")).get("original_message_id"))
    if target_id is None:
        return place.unrecognised("no_target", item, external_id=facts["external_id"])
    return MessageRevoked(who=who, target_id=target_id, from_us=from_us, **facts)


def _quote(context: Any) -> Quote | None:
    part = piece(context)
    quote = Quote(
        external_id=identifier(part.get("id")),
        author=identifier(part.get("from")) or identifier(part.get("from_user_id")),
        forwarded=is_true(part.get("forwarded")),
        frequently_forwarded=is_true(part.get("frequently_forwarded")),
    )
    return quote if quote != Quote() else None
