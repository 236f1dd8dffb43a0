"""Old messages of a phone app: one quiet chunk, both directions, nothing lost."""

from typing import Any

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.tests.bodies import ANA_BSUID, ANA_PHONE, OUR_PHONE
from troth.channels.cloud.wire import parse
from troth.channels.contract import Event, HistoryChunk, Problem, ReactionChanged, Unrecognised


def history(*chunks: Any) -> list[Event]:
    return parse(bodies.body(bodies.change("history", bodies.value(history=list(chunks)))))


def old(**parts: Any) -> dict[str, Any]:
    return bodies.message(from_user_id=None, history_context={"status": "READ"}, **parts)


def thread(*messages: Any, **parts: Any) -> dict[str, Any]:
    return {
        "id": ANA_PHONE,
        "context": {"user_id": ANA_BSUID, "username": "@ana.p"},
        "messages": list(messages),
        **parts,
    }


def chunk(*threads: Any) -> dict[str, Any]:
    return {"metadata": {"phase": 1, "chunk_order": "3", "progress": 40}, "threads": list(threads)}


def test_a_chunk_holds_both_directions() -> None:
    sent = old(id="wamid.out9", **{"from": OUR_PHONE, "to": ANA_PHONE})
    [event] = history(chunk(thread(old(), sent)))
    assert isinstance(event, HistoryChunk)
    assert (event.phase, event.order, event.progress) == (1, 3, 40)
    [theirs], [ours] = event.received, event.echoed
    assert (theirs.external_id, theirs.who.phone, theirs.who.bsuid, theirs.who.username) == (
        "wamid.in1",
        ANA_PHONE,
        ANA_BSUID,
        None,
    )
    assert (ours.external_id, ours.who.phone, ours.who.bsuid, ours.status) == ("wamid.out9", ANA_PHONE, None, "read")


def test_what_we_sent_without_an_address_went_to_the_threads_person() -> None:
    [event] = history(chunk(thread(old(**{"from": OUR_PHONE}))))
    assert isinstance(event, HistoryChunk)
    [ours] = event.echoed
    assert (ours.who.phone, ours.who.bsuid, ours.who.username) == (ANA_PHONE, ANA_BSUID, "ana.p")


def test_a_thread_may_know_its_person_by_user_id_only() -> None:
    [event] = history(chunk(thread(old(**{"from": None}), id=ANA_BSUID)))
    assert isinstance(event, HistoryChunk)
    [theirs] = event.received
    assert (theirs.who.phone, theirs.who.bsuid) == (None, ANA_BSUID)


def test_a_file_that_comes_later_has_its_place() -> None:
    [event] = history(chunk(thread(old(type="media_placeholder", text=None))))
    assert isinstance(event, HistoryChunk)
    assert event.received[0].content.data == {"type": "media_placeholder"}


def test_the_file_comes_as_a_chunk_of_its_own() -> None:
    image = old(type="image", text=None, image={"id": "9"})
    [event] = parse(bodies.messages_body(image, field="history"))
    assert isinstance(event, HistoryChunk)
    assert (event.phase, event.received[0].content.kind) == (None, "image")


def test_what_is_no_message_stands_beside_the_chunk() -> None:
    reaction = old(id="wamid.r", type="reaction", text=None, reaction={"message_id": "wamid.out9", "emoji": "x"})
    events = history(chunk(thread(old(), reaction, "odd"), thread()))
    assert [type(event) for event in events] == [HistoryChunk, ReactionChanged, Unrecognised, Unrecognised]
    assert {event.field for event in events} == {"history"}


def test_a_refusal_to_share_is_told() -> None:
    [event] = history({"errors": [{"code": 2593109, "title": "Turned off"}]})
    assert isinstance(event, HistoryChunk)
    assert event.problems == (Problem(code=2593109, title="Turned off"),)


def test_several_chunks_are_several_events() -> None:
    assert [type(event) for event in history(chunk(thread(old())), chunk(thread(old())), {})] == [
        HistoryChunk,
        HistoryChunk,
        Unrecognised,
    ]
