"""The engine as it is installed, in a process of its own and behind walls, lives through what a linked device lives through.

Its WhatsApp is the edge on loopback (`tests/edge`).
"""

import base64
import os

import pytest

from port.contract import (
    Changed,
    Chats,
    File,
    Limited,
    Message,
    Outgoing,
    People,
    Said,
    Seen,
    State,
    Typing,
    Went,
)
from port.tests.at_the_edge import World, needs_the_engine, receipt, states, words
from tests.edge import media, protos
from tests.edge.binary import Node
from tests.edge.edge import Group
from tests.edge.engine import Refusal

pytestmark = needs_the_engine


async def test_it_shows_a_code_is_linked_and_tells_the_past(world: World) -> None:
    chat = world.past.conversations.add(
        ID=str(world.anna.lid), pnJID=str(world.anna.phone), name="Anna A", unreadCount=1
    )
    for at, (mine, text) in enumerate([(False, "first"), (True, "second")]):
        web = chat.messages.add().message
        web.key.ID, web.key.fromMe, web.key.remoteJID = f"H{at}", mine, chat.ID
        web.messageTimestamp, web.message.conversation = 1_790_000_000 + at, text
    await world.link()
    told = await world.engine.told(Said)
    assert told.history
    assert [(one.text, one.sender) for one in told.messages] == [("first", str(world.anna.lid)), ("second", "")]
    chats = await world.engine.told(Chats)
    assert [(one.name, one.unread) for one in chats.chats] == [("Anna A", 1)]
    told = await world.engine.told(People, lambda event: event.people[0].name == "Anna A")
    assert told.people[0].phone == "+4915110000001"
    assert states(world.engine)[0] is State.CODE
    assert states(world.engine)[-2:] == [State.SYNCING, State.READY]


async def test_it_is_linked_with_a_code_that_is_typed_on_the_phone(world: World) -> None:
    await world.engine.code()
    code = await world.engine.ask("pair_code", phone="+49 151 19999999")
    assert len(code) == 8
    await world.edge.type(world.phone, code)
    await world.engine.told(Went, lambda went: went.state is State.READY)


async def test_it_hears_and_is_heard(world: World) -> None:
    connection = await world.link()
    heard = connection.deliver(world.anna, words("Do you have it in blue?"))
    message = await world.engine.said("Do you have it in blue?")
    assert (message.id, message.chat, message.sender) == (heard, str(world.anna.lid), str(world.anna.lid))
    quote = Message(id=heard, chat=message.chat, at=message.at, sender=message.sender, text=message.text)
    out = Outgoing(id="1", chat=message.chat, text="Yes: https://example.com/blue", quoted=heard, quote=quote)
    answer = await world.engine.send(out)
    assert (answer["text"], answer["quoted"], answer["status"]) == (out.text, heard, "sent")
    id, said = await world.heard(world.anna)
    assert id == answer["id"]
    assert said.extendedTextMessage.text == out.text
    assert said.extendedTextMessage.contextInfo.stanzaID == heard
    assert said.extendedTextMessage.contextInfo.quotedMessage.conversation == "Do you have it in blue?"
    assert not said.extendedTextMessage.HasField("matchedText")
    assert set(world.edge.asked_for) == {"web.whatsapp.com", media.HOST}


@pytest.mark.parametrize("by", ["phone", "lid"])
async def test_what_it_says_is_marked_as_said_by_no_bot(world: World, by: str) -> None:
    connection = await world.link()
    chat = str(world.anna.phone if by == "phone" else world.anna.lid)
    await world.engine.send(Outgoing(id="1", chat=chat, text="Hello"))
    id, _said = await world.heard(world.anna)
    [stanza] = [node for node in connection.heard if node.tag == "message" and node.get("id") == id]
    assert stanza.child("bot") is None


async def test_the_same_request_again_says_it_once(world: World) -> None:
    await world.link()
    out = Outgoing(id="same", chat=str(world.anna.lid), text="Once")
    first, second = await world.engine.send(out), await world.engine.send(out)
    assert first == second
    assert len(world.edge.said) == 1


async def test_receipts_go_forward(world: World) -> None:
    connection = await world.link()
    sent = await world.engine.send(Outgoing(id="1", chat=str(world.anna.lid), text="Hello"))
    for kind in ("", "read", ""):
        receipt(connection, world.anna, sent["id"], kind)
    await world.engine.told(Changed, lambda changed: changed.status == "read")
    connection.deliver(world.anna, words("later"))
    await world.engine.said("later")
    assert [one.status for one in world.engine.events if isinstance(one, Changed)] == ["delivered", "read"]


async def test_a_receipt_that_the_library_cannot_tell_does_not_end_it(world: World) -> None:
    connection = await world.link()
    receipt(connection, world.anna, "3EB0", "server-error")
    again = await world.edge.until(
        lambda: next((one for one in world.edge.connections if one is not connection and one.is_in), None)
    )
    again.deliver(world.anna, words("still there?"))
    await world.engine.said("still there?")
    await world.engine.until(lambda: states(world.engine)[-1] is State.READY)
    await world.engine.send(Outgoing(id="1", chat=str(world.anna.lid), text="Yes"))
    assert states(world.engine)[-2:] == [State.RECONNECTING, State.READY]


async def test_changes_go_both_ways(world: World) -> None:
    connection = await world.link()
    chat = str(world.anna.lid)
    theirs = connection.deliver(world.anna, words("Hallo"))
    await world.engine.said("Hallo")
    edit = protos.e2e().Message()
    protocol = edit.editedMessage.message.protocolMessage
    protocol.type, protocol.key.ID, protocol.editedMessage.conversation = protocol.MESSAGE_EDIT, theirs, "Hello"
    connection.deliver(world.anna, edit, edit="1")
    await world.engine.told(Changed, lambda one: (one.id, one.text) == (theirs, "Hello"))
    reaction = protos.e2e().Message()
    reaction.reactionMessage.key.ID, reaction.reactionMessage.text = theirs, "👍"
    connection.deliver(world.anna, reaction)
    changed = await world.engine.told(Changed, lambda one: one.reaction is not None)
    assert (changed.reaction.emoji, changed.reaction.by) == ("👍", chat)
    back = protos.e2e().Message()
    back.protocolMessage.type, back.protocolMessage.key.ID = back.protocolMessage.REVOKE, theirs
    connection.deliver(world.anna, back, edit="7")
    await world.engine.told(Changed, lambda one: one.id == theirs and one.deleted)

    ours = (await world.engine.send(Outgoing(id="1", chat=chat, text="Helo")))["id"]
    await world.engine.ask("edit", chat=chat, id=ours, text="Hello!")
    await world.engine.ask("react", chat=chat, id=theirs, emoji="❤")
    await world.engine.ask("delete", chat=chat, id=ours)
    _id, edited = await world.heard(world.anna, after=1)
    assert edited.editedMessage.message.protocolMessage.editedMessage.conversation == "Hello!"
    _id, reacted = await world.heard(world.anna, after=2)
    assert (reacted.reactionMessage.text, reacted.reactionMessage.key.ID) == ("❤", theirs)
    assert not reacted.reactionMessage.key.fromMe
    _id, revoked = await world.heard(world.anna, after=3)
    assert (revoked.protocolMessage.key.ID, revoked.protocolMessage.type) == (ours, back.protocolMessage.REVOKE)


async def test_who_writes_and_what_was_read_is_told_both_ways(world: World) -> None:
    connection = await world.link()
    chat = str(world.anna.lid)
    id = connection.deliver(world.anna, words("Hello"))
    await world.engine.said("Hello")
    connection.tell("chatstate", {"from": world.anna.lid}, Node("composing"))
    assert (await world.engine.told(Typing)).who == chat
    await world.engine.ask("typing", chat=chat, on=True)
    await world.edge.until(lambda: [one for one in connection.heard if one.tag == "chatstate"])
    await world.engine.ask("read", chat=chat, ids=[id])
    await world.edge.until(
        lambda: [one for one in connection.heard if one.tag == "receipt" and one.get("type") == "read"]
    )
    assert (await world.engine.told(Seen)).chat == chat


async def test_files_go_both_ways_and_are_fetched_when_somebody_asks(world: World) -> None:
    connection = await world.link()
    picture = b"\xff\xd8\xff" + os.urandom(150_000)
    sent = protos.e2e().Message()
    world.edge.media.keep(picture, media.IMAGE).tell(sent.imageMessage)
    sent.imageMessage.mimetype, sent.imageMessage.caption = "image/jpeg", "The blue one"
    connection.deliver(world.anna, sent)
    message = await world.engine.said("The blue one")
    assert message.file.size_bytes == len(picture)
    before = len(world.edge.media.fetched)
    fetched = await world.engine.ask("file", ref=message.file.ref)
    assert base64.b64decode(fetched["data"]) == picture
    assert fetched["pieces"] == 3
    assert len(world.edge.media.fetched) == before + 1

    offer = b"%PDF-1.4 " + os.urandom(5_000)
    file = File(ref="chosen", kind="document", mime="application/pdf", name="offer.pdf")
    answer = await world.engine.send(Outgoing(id="1", chat=message.chat, text="Our offer", file=file), offer)
    _id, said = await world.heard(world.anna)
    assert (said.documentMessage.fileName, said.documentMessage.caption) == ("offer.pdf", "Our offer")
    assert world.edge.media.read(said.documentMessage, media.DOCUMENT) == offer
    assert (answer["file"]["kind"], answer["file"]["name"]) == ("document", "offer.pdf")
    again = await world.engine.ask("file", ref=answer["file"]["ref"])
    assert base64.b64decode(again["data"]) == offer


async def test_a_file_that_is_gone_is_refused(world: World) -> None:
    connection = await world.link()
    sent = protos.e2e().Message()
    kept = world.edge.media.keep(b"x" * 100, media.DOCUMENT)
    kept.tell(sent.documentMessage)
    sent.documentMessage.caption = "gone soon"
    connection.deliver(world.anna, sent)
    message = await world.engine.said("gone soon")
    world.edge.media.files.clear()
    with pytest.raises(Refusal, match="file_gone"):
        await world.engine.ask("file", ref=message.file.ref)


async def test_a_group_has_a_name_members_and_who_speaks(world: World) -> None:
    group = Group("120363000000000001", "Team", [world.anna, world.ben], timer_s=86_400)
    world.edge.groups[group.id] = group
    connection = await world.link()
    chats = await world.engine.told(Chats, lambda event: event.chats[0].group)
    [chat] = chats.chats
    assert (chat.name, chat.timer_s) == ("Team", 86_400)
    assert set(chat.members) == {str(world.anna.lid), str(world.ben.lid)}
    id = connection.deliver(world.ben, words("Lunch?"), group=group.id)
    message = await world.engine.said("Lunch?")
    assert (message.chat, message.sender) == (chat.id, str(world.ben.lid))
    answer = await world.engine.send(Outgoing(id="1", chat=chat.id, text="Yes", quoted=id))
    assert answer["expires_at"] == answer["at"] + 86_400_000
    for member in group.members:
        _id, said = await world.heard(member)
        about = said.extendedTextMessage.contextInfo
        assert (said.extendedTextMessage.text, about.participant, about.expiration) == (
            "Yes",
            str(world.ben.lid),
            86_400,
        )


async def test_what_disappears_and_what_may_be_viewed_once_is_told_as_such(world: World) -> None:
    connection = await world.link()
    fleeting = protos.e2e().Message()
    fleeting.extendedTextMessage.text, fleeting.extendedTextMessage.contextInfo.expiration = "until tomorrow", 86_400
    connection.deliver(world.anna, fleeting)
    message = await world.engine.said("until tomorrow")
    assert message.expires_at == message.at + 86_400_000
    once = protos.e2e().Message()
    once.viewOnceMessageV2.message.imageMessage.caption = "secret"
    connection.deliver(world.anna, once)
    told = await world.engine.told(Said, lambda event: event.messages[0].kind == "view_once")
    assert (told.messages[0].text, told.messages[0].file) == ("", None)


async def test_first_messages_that_whatsapp_does_not_take_are_refused_and_told(world: World) -> None:
    await world.link()
    world.edge.refuses_messages = "463"
    with pytest.raises(Refusal, match="limited"):
        await world.engine.send(Outgoing(id="1", chat=str(world.anna.lid), text="Hello"))
    await world.engine.told(Limited)


async def test_whoever_is_not_on_whatsapp_is_refused(world: World) -> None:
    await world.link()
    with pytest.raises(Refusal, match="not_on_whatsapp|not_sent"):
        await world.engine.send(Outgoing(id="1", chat="4915118888888@s.whatsapp.net", text="Hello"))


async def test_before_it_is_linked_it_refuses_and_stands(world: World) -> None:
    await world.engine.code()
    for does, given in (
        ("typing", {"chat": "1@lid", "on": True}),
        ("file", {"ref": ""}),
        ("older", {"chat": "1@lid", "before": "", "count": 1}),
    ):
        with pytest.raises(Refusal):
            await world.engine.ask(does, **given)
    can = await world.engine.ask("capabilities")
    assert (can["engine"], can["version"]) == ("neonize", "0.5.2")
    assert {name: can[name] for name in ("older", "labels", "passkey", "presence", "pair_code", "groups", "files")} == {
        "older": False,
        "labels": False,
        "passkey": False,
        "presence": False,
        "pair_code": True,
        "groups": True,
        "files": True,
    }
    await world.link()
