"""Old messages that a phone app hands over when its number is connected."""

from typing import Any

from troth.channels.cloud.wire.messages import echoed, received
from troth.channels.cloud.wire.place import Place
from troth.channels.cloud.wire.reading import identifier, items, phone, piece, problems, whole, word
from troth.channels.contract import Event, HistoryChunk, MessageEchoed, MessageReceived, Who


def chunk(item: Any, place: Place) -> list[Event]:
    """Return one chunk, and after it whatever it holds beside messages (reactions, edits, things unread)."""
    part = piece(item)
    metadata = piece(part.get("metadata"))
    messages: list[Event] = []
    for thread in items(part.get("threads")):
        messages.extend(_thread(thread, place))
    errors = problems(part.get("errors"))
    if not messages and not errors and not metadata:
        return [place.unrecognised("empty", item)]
    return _gathered(
        messages,
        place,
        raw=part,
        phase=whole(metadata.get("phase")),
        order=whole(metadata.get("chunk_order")),
        progress=whole(metadata.get("progress")),
        problems=errors,
    )


def late_messages(part: Any, place: Place) -> list[Event]:
    """Return the chunk of messages that come again with their media, after the history that had placeholders."""
    messages = [_message(item, place, peer=None) for item in items(part)]
    return _gathered(messages, place, raw={"messages": part}) if messages else []


def _thread(thread: Any, place: Place) -> list[Event]:
    part = piece(thread)
    context = piece(part.get("context"))
    number = phone(part.get("id")) or phone(context.get("wa_id"))
    bsuid = identifier(context.get("user_id"))
    username = word(context.get("username"))
    peer = place.who(phone=number, bsuid=bsuid) if number or bsuid else None
    if peer and username and not peer.username:
        peer = Who(
            phone=peer.phone,
            bsuid=peer.bsuid,
            parent_bsuid=peer.parent_bsuid,
            username=username.removeprefix("@") or None,
            name=peer.name,
        )
    messages = items(part.get("messages"))
    if not messages:
        return [place.unrecognised("empty", thread)]
    return [_message(item, place, peer=peer) for item in messages]


def _message(item: Any, place: Place, *, peer: Who | None) -> Event:
    part = piece(item)
    number = phone(part.get("from"))
    if number is not None and number == place.display:
        return echoed(item, place, peer=peer)
    if peer and part and (number is None or number == peer.phone) and not part.get("from_user_id"):
        # The thread knows its person better than the message does.
        return received({**part, "from": peer.phone, "from_user_id": peer.bsuid}, place)
    return received(item, place)


def _gathered(messages: list[Event], place: Place, *, raw: dict[str, Any], **facts: Any) -> list[Event]:
    whole_chunk = HistoryChunk(
        received=tuple(event for event in messages if isinstance(event, MessageReceived)),
        echoed=tuple(event for event in messages if isinstance(event, MessageEchoed)),
        **facts,
        **place.facts(raw),
    )
    return [whole_chunk, *(event for event in messages if not isinstance(event, MessageReceived | MessageEchoed))]
