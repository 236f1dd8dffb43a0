"""The simulated engine tells what happens on the phone, and does on the phone what it is asked."""

import asyncio
import time
from typing import Any

import pytest

from port.contract import (
    Alias,
    Changed,
    Chats,
    File,
    Gone,
    Limited,
    Outgoing,
    People,
    Reaction,
    Refused,
    Said,
    Seen,
    State,
    Typing,
)
from port.tests.played import ANN, LONG_S, Played

TEAM = {"group": "Team", "members": [{"name": "Ann", "number": "+44 7700 900001"}, {"called": "Bo"}]}
MUM = {"name": "Mum", "number": "+44 7700 900002", "more": 120}
OLU = {"called": "Olu", "number": "+44 7700 900003", "lid": "none", "lines": [{"text": "Hey"}]}
LIAM = {"name": "Liam", "number": "+44 7700 900004", "lines": [{"mine": True, "text": "Hello?"}]}
SOON = 1_900_000_000_000


async def test_a_code_is_told_scanned_and_leads_to_ready(played: Played) -> None:
    await played.link()
    code = played.went(State.CODE)
    assert len(code.code) > 200
    assert 0 < code.until - time.time() * 1000 <= 60_000
    assert played.states() == [State.CODE, State.SYNCING, State.READY]


async def test_eight_characters_can_be_typed_instead(played: Played) -> None:
    await played.begin()
    with pytest.raises(Refused, match="not_a_number"):
        await played.driver.pair_code("nonsense")
    code = await played.driver.pair_code(f"+{played.phone['number']}")
    assert len(code) == 8
    await played.happens("type", code=code)
    await played.reaches(State.READY)
    with pytest.raises(Refused, match="already_linked"):
        await played.driver.pair_code(f"+{played.phone['number']}")


async def test_the_history_comes_with_progress_and_aliases_between(played: Played) -> None:
    played.phone = {"id": "mei"}  # the demo's, which has one of everything
    await played.driver.start(played.hear)
    await played.happens("behave", behaviour={"chunk": 10, "chunk_ms": 0})
    await played.happens("scan", code=played.went(State.CODE).code)
    await played.reaches(State.READY)
    kinds = [type(event) for event in played.events]
    assert kinds.index(People) < kinds.index(Chats) < kinds.index(Said) < kinds.index(Alias)
    assert Said in kinds[kinds.index(Alias) :]
    percents = [event.percent for event in played.all_went(State.SYNCING)]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    said = played.history()
    assert {one.kind for one in said} == {
        "text", "file", "location", "contact", "view_once", "call", "system", "deleted", "unsupported",
    }  # fmt: skip
    assert {one.file.kind for one in said if one.file} == {"image", "voice", "document"}
    assert any(one.quoted and one.reactions for one in said)
    assert any(one.edited for one in said)
    assert any(one.expires_at > one.at for one in said)
    assert {one.status for one in said if not one.sender} == {"read"}


async def test_a_person_is_known_by_lid_and_a_phone_only_where_it_is_shown(played: Played) -> None:
    await played.link(chats=[ANN, TEAM])
    people = next(event for event in played.events if isinstance(event, People)).people
    assert [(one.name, one.called, one.phone) for one in people] == [("Ann", "", "+447700900001"), ("", "Bo", "")]
    assert all(one.id.endswith("@lid") for one in people)
    team = next(one for event in played.events if isinstance(event, Chats) for one in event.chats if one.group)
    assert team.members == [one.id for one in people]


async def test_somebody_writes(played: Played) -> None:
    await played.link()
    await played.happens("say", chat="Ann", text="Are you open?", expires=SOON)
    message = await played.said(lambda one: one.text == "Are you open?")
    assert message.chat == message.sender == played.chat()
    assert message.expires_at == SOON


async def test_a_stranger_writes(played: Played) -> None:
    await played.link()
    await played.happens("say", number="+44 7700 900009", called="Zoë", text="Hi")
    message = await played.said(lambda one: one.text == "Hi")
    kinds = [type(event) for event in played.events][-3:]
    assert kinds == [People, Chats, Said]
    assert message.sender != played.chat()


async def test_the_phones_owner_writes_on_the_phone(played: Played) -> None:
    await played.link()
    await played.happens("say", chat="Ann", mine=True, text="From the phone")
    message = await played.said(lambda one: one.text == "From the phone")
    assert (message.sender, message.status) == ("", "sent")


@pytest.mark.parametrize(
    ("wish", "fact", "expected"),
    [
        ({"place": [3.1, 101.6, "Here"]}, "place", (3.1, 101.6, "Here")),
        ({"cards": [["Bo", "+44 7700 900009"]]}, "cards", [("Bo", "+44 7700 900009")]),
        ({"view_once": True}, "kind", "view_once"),
        ({"kind": "call"}, "kind", "call"),
        ({"kind": "poll"}, "kind", "unsupported"),
        ({"kind": "notice", "text": "Ann changed her number"}, "kind", "system"),
    ],
)
async def test_other_kinds_are_told(played: Played, wish: dict[str, Any], fact: str, expected: object) -> None:
    await played.link()
    id = (await played.happens("say", chat="Ann", **wish))["id"]
    assert getattr(await played.said(lambda one: one.id == id), fact) == expected


async def test_a_file_comes_piece_by_piece(played: Played) -> None:
    await played.link()
    await played.happens("say", chat="Ann", file={"kind": "document", "size": 200_000, "name": "a.pdf"})
    message = await played.said(lambda one: one.file is not None)
    assert message.file is not None
    assert (message.file.name, message.file.size_bytes) == ("a.pdf", 200_000)
    pieces = [piece async for piece in played.driver.file(message.file.ref)]
    assert sum(map(len, pieces)) == 200_000
    assert len(pieces) > 2
    with pytest.raises(Refused, match="file_gone"):
        _ = [piece async for piece in played.driver.file("none")]


async def test_a_message_changes(played: Played) -> None:
    await played.link()
    id = (await played.happens("say", chat="Ann", text="Helo"))["id"]
    await played.happens("edit", chat="Ann", id=id, text="Hello")
    await played.happens("react", chat="Ann", id=id, emoji="👍")
    await played.happens("delete", chat="Ann", id=id)
    await played.changed(id, lambda event: event.deleted)
    chat = played.chat()
    assert [event for event in played.events if isinstance(event, Changed)] == [
        Changed(chat=chat, id=id, text="Hello"),
        Changed(chat=chat, id=id, reaction=Reaction(emoji="👍", by=chat)),
        Changed(chat=chat, id=id, deleted=True),
    ]


async def test_typing_reading_renaming_deleting(played: Played) -> None:
    await played.link(chats=[ANN, TEAM])
    ann, team = played.chat(), played.chat("Team")
    await played.happens("typing", chat="Ann")
    await played.happens("read", chat="Ann")
    await played.happens("rename", chat="Ann", name="Ann Lee")
    await played.happens("clear", chat="Team")
    assert await played.until(Typing) == Typing(chat=ann, who=ann, on=True)
    assert await played.until(Seen) == Seen(chat=ann)
    assert await played.until(Gone) == Gone(chat=team)
    assert played.chat("Ann Lee") == ann


async def test_a_lid_appears_for_somebody_known_by_number(played: Played) -> None:
    await played.link(chats=[OLU])
    old = played.history()[0].chat
    assert old == "447700900003@s.whatsapp.net"
    lid = (await played.happens("alias", who="Olu"))["lid"]
    assert await played.until(Alias) == Alias(old=old, id=lid)
    message = await played.driver.send(Outgoing(id="r", chat=old, text="Whichever id it is"))
    assert message.chat == lid


async def test_what_is_said_stands_in_the_conversation_and_gets_its_ticks(played: Played) -> None:
    await played.link()
    hello = played.history()[0]
    message = await played.driver.send(played.out("Yes, until seven", quoted=hello.id))
    assert (message.text, message.sender, message.status, message.quoted) == ("Yes, until seven", "", "sent", hello.id)
    await played.changed(message.id, lambda event: event.status == "read")
    told = [event for event in played.events if isinstance(event, Said) and event.messages[0].id == message.id]
    ticks = [event.status for event in played.events if isinstance(event, Changed)]
    assert len(told) == 1
    assert ticks == ["delivered", "read"]
    assert played.events.index(told[0]) < played.events.index(await played.changed(message.id))


async def test_ticks_wait_for_the_message_that_they_are_of(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    exchange, ticks = played.driver._exchange, asyncio.Event()

    async def slow(method: str, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
        status, answer = await exchange(method, path, **more)
        if path.endswith("/do"):
            await ticks.wait()
        elif any(event["type"] == "change" for event in answer.get("events", [])):
            ticks.set()
        return status, answer

    monkeypatch.setattr(played.driver, "_exchange", slow)
    await played.link()
    async with asyncio.timeout(LONG_S):
        message = await played.driver.send(played.out("Slow"))
    tick = await played.changed(message.id)
    said = await played.until(Said, lambda event: event.messages[0].id == message.id)
    assert played.events.index(said) < played.events.index(tick)


async def test_the_same_request_again_says_nothing_twice(played: Played) -> None:
    await played.link()
    out = played.out("Once")
    assert (await played.driver.send(out)).id == (await played.driver.send(out)).id
    assert len(await played.acts("send")) == 1


async def test_files_places_and_cards_are_said(played: Played) -> None:
    await played.link()
    file = File(ref="ours", kind="image", mime="image/png", name="a.png")
    message = await played.driver.send(played.out("Look", file=file), b"\x89PNG bytes")
    assert message.file is not None
    assert (message.file.kind, message.file.mime, message.file.size_bytes) == ("image", "image/png", 10)
    assert b"".join([piece async for piece in played.driver.file(message.file.ref)]) == b"\x89PNG bytes"
    place = await played.driver.send(played.out(place=(3.1, 101.6, "Here")))
    assert place.place == (3.1, 101.6, "Here")
    card = await played.driver.send(played.out(cards=[("Bo", "+44 7700 900009")]))
    assert card.cards == [("Bo", "+44 7700 900009")]
    with pytest.raises(Refused, match="file_gone"):
        await played.driver.send(played.out(file=file))


async def test_acts_reach_the_phone_and_are_told(played: Played) -> None:
    await played.link()
    chat, hello = played.chat(), played.history()[0]
    ours = await played.driver.send(played.out("Helo"))
    await played.driver.react(chat, hello.id, "👍")
    await played.driver.edit(chat, ours.id, "Hello")
    await played.driver.delete(chat, ours.id)
    await played.driver.read(chat, [hello.id])
    await played.driver.typing(chat, True)
    for what in ("react", "edit", "delete", "read", "typing"):
        assert len(await played.acts(what)) == 1, what
    assert (await played.acts("read"))[0]["ids"] == [hello.id]
    assert Changed(chat=chat, id=hello.id, reaction=Reaction(emoji="👍")) in played.events
    assert Changed(chat=chat, id=ours.id, text="Hello") in played.events
    assert Changed(chat=chat, id=ours.id, deleted=True) in played.events


async def test_what_is_not_ours_cannot_be_changed(played: Played) -> None:
    await played.link()
    chat, hello = played.chat(), played.history()[0]
    with pytest.raises(Refused, match="not_ours"):
        await played.driver.edit(chat, hello.id, "x")
    with pytest.raises(Refused, match="no_message"):
        await played.driver.delete(chat, "none")
    with pytest.raises(Refused, match="no_chat"):
        await played.driver.typing("nobody@lid", True)


async def test_older_messages_come_as_history(played: Played) -> None:
    await played.link(chats=[MUM])
    chat = played.chat("Mum")
    assert len(played.history()) == 50
    assert await played.driver.older(chat, played.history()[0].id, 50) == 50
    assert len(played.history()) == 100
    oldest = min(played.history(), key=lambda one: one.at)
    assert await played.driver.older(chat, oldest.id, 50) == 20
    oldest = min(played.history(), key=lambda one: one.at)
    assert await played.driver.older(chat, oldest.id, 50) == 0
    assert len({one.id for one in played.history()}) == 120


async def test_first_messages_may_be_refused_for_a_while(played: Played) -> None:
    await played.link(chats=[ANN, LIAM])
    await played.happens("limit", until=SOON)
    with pytest.raises(Refused, match="limited") as refused:
        await played.driver.send(played.out("Hello again", chat="Liam"))
    assert refused.value.until == SOON
    assert await played.until(Limited) == Limited(until=SOON)
    await played.driver.send(played.out("Here we go on"))


async def test_a_limit_may_be_announced(played: Played) -> None:
    await played.link()
    await played.happens("limit", until=SOON, announced=True)
    assert await played.until(Limited) == Limited(until=SOON)


async def test_people_write_back(played: Played) -> None:
    await played.link(chats=[{**ANN, "answers": ["Thank you!"]}], answers=True, answer_ms=10)
    await played.driver.send(played.out("It is ready"))
    await played.said(lambda one: one.text == "Thank you!")
    assert [event.on for event in played.events if isinstance(event, Typing)] == [True, False]


async def test_fifty_thousand_messages_come_in_order_of_their_progress(played: Played) -> None:
    await played.link(chats=[], history=50_000, history_chats=500, chunk=1_000)
    assert len({one.id for one in played.history()}) == 50_000


async def test_it_says_what_it_can(played: Played) -> None:
    can = played.driver.capabilities
    assert can.pair_code
    assert can.older
    assert can.groups
    assert can.files
    assert can.presence
    assert not can.passkey
    assert not can.labels
    assert can.engine == "simulated"
