"""What is to be said goes to neonize as a message that WhatsApp understands, and comes back from it the same."""

import pytest

from port.contract import File, Message, Outgoing
from port.drivers import is_there
from port.drivers.neonize import library, writes
from port.drivers.neonize.reads import content_of
from port.tests.neonize_words import ANNA, AT_MS, BEN, TEAM

pytestmark = pytest.mark.skipif(not is_there("neonize"), reason="neonize is not installed (bin/setup --port)")


def test_plain_words_are_plain() -> None:
    message = writes.said(Outgoing(id="1", chat=ANNA, text="Hello\nthere"))
    assert message.conversation == "Hello\nthere"
    assert [field.name for field, _value in message.ListFields()] == ["conversation"]


def test_a_link_in_the_words_brings_no_preview() -> None:
    context = writes.context(timer_s=60)
    message = writes.said(Outgoing(id="1", chat=ANNA, text="see https://example.com/"), context=context)
    names = {field.name for field, _value in message.extendedTextMessage.ListFields()}
    assert names == {"text", "contextInfo"}


def test_an_answer_quotes_words_and_who_said_them() -> None:
    quote = Message(id="3EB0", chat=TEAM, at=AT_MS, sender=BEN, text="Lunch?")
    context = writes.context(quoted="3EB0", by=BEN, quote=quote)
    about = writes.said(Outgoing(id="1", chat=TEAM, text="Yes"), context=context).extendedTextMessage.contextInfo
    assert (about.stanzaID, about.participant, about.quotedMessage.conversation) == ("3EB0", BEN, "Lunch?")


def test_what_is_said_where_messages_disappear_disappears_too() -> None:
    content = content_of(writes.said(Outgoing(id="1", chat=ANNA, text="x"), context=writes.context(timer_s=86_400)))
    assert content is not None
    assert content.lasts_s == 86_400


def test_a_place_and_cards_come_back_the_same() -> None:
    place = content_of(writes.said(Outgoing(id="1", chat=ANNA, place=(52.5, 13.4, "Station"))))
    assert place is not None
    assert place.place == (52.5, 13.4, "Station")
    for cards in ([("Cleo; C, D", "+4915110000003")], [("A", "+491"), ("B", "+492")]):
        content = content_of(writes.said(Outgoing(id="1", chat=ANNA, cards=cards)))
        assert content is not None
        assert (content.kind, content.cards) == ("contact", cards)


def test_a_name_ends_no_line_of_a_card() -> None:
    card = writes.card("Eve\nTEL:+1", "+491")
    assert [line for line in card.splitlines() if line.startswith("TEL")] == ["TEL;type=CELL;type=VOICE;waid=491:+491"]


@pytest.mark.parametrize(
    ("kind", "text", "field"),
    [
        ("image", "look", "imageMessage"),
        ("video", "", "videoMessage"),
        ("voice", "", "audioMessage"),
        ("audio", "with words", "documentMessage"),
        ("document", "the offer", "documentMessage"),
    ],
)
def test_a_file_goes_as_what_it_is_with_its_words(kind: str, text: str, field: str) -> None:
    out = Outgoing(id="1", chat=ANNA, text=text, file=File(ref="r", kind=kind, mime="x/y", name="a.bin"))
    uploaded = library.told().UploadResponse(
        url="https://mmg.whatsapp.net/a",
        DirectPath="/a",
        MediaKey=b"k",
        FileEncSHA256=b"e",
        FileSHA256=b"f",
        FileLength=3,
    )
    message = writes.said(out, uploaded)
    assert [one.name for one, _value in message.ListFields()] == [field]
    content = content_of(message)
    assert content is not None
    assert content.file is not None
    assert (content.text, content.file.size_bytes, content.file.mime) == (text, 3, "x/y")


def test_changes_name_the_message_that_they_change() -> None:
    edit = writes.edited(ANNA, "3EB0", "new", at=AT_MS).editedMessage.message.protocolMessage
    assert (edit.key.ID, edit.key.fromMe, edit.key.remoteJID) == ("3EB0", True, ANNA)
    assert (edit.type, edit.editedMessage.conversation) == (edit.MESSAGE_EDIT, "new")
    back = writes.revoked(ANNA, "3EB0").protocolMessage
    assert back.HasField("type")
    assert (back.key.ID, back.key.fromMe, back.type) == ("3EB0", True, back.REVOKE)
    theirs = writes.reacted(TEAM, "3EB0", "👍", by=BEN, at=AT_MS).reactionMessage.key
    assert (theirs.fromMe, theirs.participant) == (False, BEN)
    alone = writes.reacted(ANNA, "3EB0", "👍", by=ANNA, at=AT_MS).reactionMessage.key
    assert (alone.fromMe, alone.participant) == (False, "")
    assert writes.reacted(ANNA, "3EB0", "👍", by="", at=AT_MS).reactionMessage.key.fromMe
