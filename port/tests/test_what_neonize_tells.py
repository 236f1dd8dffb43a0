"""What neonize tells of messages, receipts and people comes out in words of the contract."""

from typing import Any

import pytest

from port.contract import Alias, Changed, Chats, People, Said, Seen, Typing
from port.drivers import is_there
from port.drivers.neonize import files, history, library, live
from port.drivers.neonize.known import Known
from port.tests.neonize_words import (
    ANNA,
    ANNA_PHONE,
    AT_MS,
    BEN,
    BEN_PHONE,
    ME,
    ME_PHONE,
    TEAM,
    conversation,
    event,
    jid,
    receipt,
    said,
    source,
    the,
    words,
)
from port.tests.neonize_words import history as part_of_history

pytestmark = pytest.mark.skipif(not is_there("neonize"), reason="neonize is not installed (bin/setup --port)")


@pytest.fixture
def known() -> Known:
    """Return an engine's knowledge of a phone that was just linked."""
    known = Known()
    known.ids.mine |= {ME, ME_PHONE}
    return known


def test_words_come_with_who_said_them_when_and_where(known: Known) -> None:
    told = live.message(event(words("Hello"), origin=source(ANNA, alt=ANNA_PHONE), name="Anna"), known)
    message = said(told)
    assert (message.id, message.chat, message.sender) == ("3EB01", ANNA, ANNA)
    assert (message.text, message.at, message.kind, message.status) == ("Hello", AT_MS, "text", "")
    [anna] = the(People, told).people
    assert (anna.id, anna.called, anna.phone) == (ANNA, "Anna", "+4915110000001")
    [chat] = the(Chats, told).chats
    assert (chat.id, chat.group) == (ANNA, False)


def test_what_we_say_on_the_phone_has_no_sender_and_was_sent(known: Known) -> None:
    told = live.message(event(words("On my way"), origin=source(ANNA_PHONE, ME_PHONE, alt=ANNA, mine=True)), known)
    message = said(told)
    assert (message.chat, message.sender, message.status) == (ANNA, "", "sent")


def test_a_phone_and_a_lid_that_turn_out_to_be_one_person_become_one(known: Known) -> None:
    first = live.message(event(words("Hi"), origin=source(ANNA_PHONE), name="Anna"), known)
    assert said(first).chat == ANNA_PHONE
    told = live.message(event(words("Again"), id="3EB02", origin=source(ANNA, alt=ANNA_PHONE)), known)
    assert the(Alias, told) == Alias(old=ANNA_PHONE, id=ANNA)
    assert said(told).chat == ANNA
    [anna] = the(People, told).people
    assert (anna.called, anna.phone) == ("Anna", "+4915110000001")


def test_the_digits_of_a_lid_are_never_a_phone(known: Known) -> None:
    told = live.message(event(words("Hi"), name="Anna"), known)
    [anna] = the(People, told).people
    assert anna.phone == ""


def test_a_group_tells_who_speaks(known: Known) -> None:
    told = live.message(event(words("Lunch?"), origin=source(TEAM, BEN, alt=BEN_PHONE), name="Ben"), known)
    message = said(told)
    assert (message.chat, message.sender) == (TEAM, BEN)
    [chat] = the(Chats, told).chats
    assert chat.group


def test_an_answer_names_what_it_answers(known: Known) -> None:
    answer = library.e2e().Message()
    answer.extendedTextMessage.text = "Yes"
    answer.extendedTextMessage.contextInfo.stanzaID = "3EB00"
    message = said(live.message(event(answer), known))
    assert (message.text, message.quoted) == ("Yes", "3EB00")


def test_a_picture_is_told_with_its_words_and_without_its_bytes(known: Known) -> None:
    picture = library.e2e().Message()
    part = picture.imageMessage
    part.caption, part.mimetype, part.fileLength, part.width, part.height = "The door", "image/jpeg", 12, 640, 480
    part.directPath, part.mediaKey, part.JPEGThumbnail = "/v/t62/1.enc", b"k" * 32, b"thumbnail"
    message = said(live.message(event(picture), known))
    assert (message.kind, message.text) == ("file", "The door")
    assert message.file is not None
    assert (message.file.kind, message.file.mime, message.file.size_bytes) == ("image", "image/jpeg", 12)
    assert (message.file.width, message.file.height) == (640, 480)
    fetched = files.to_fetch(message.file.ref).imageMessage
    assert (fetched.directPath, fetched.mediaKey) == ("/v/t62/1.enc", b"k" * 32)
    assert not fetched.JPEGThumbnail
    assert not fetched.caption


@pytest.mark.parametrize(
    ("field", "given", "kind"),
    [
        ("videoMessage", {"seconds": 3}, "video"),
        ("ptvMessage", {"seconds": 3}, "video"),
        ("audioMessage", {"seconds": 3, "PTT": True}, "voice"),
        ("audioMessage", {"seconds": 3}, "audio"),
        ("documentMessage", {"fileName": "offer.pdf"}, "document"),
        ("stickerMessage", {}, "sticker"),
    ],
)
def test_every_kind_of_file_is_told_as_what_it_is(known: Known, field: str, given: dict[str, Any], kind: str) -> None:
    sent = library.e2e().Message()
    part = getattr(sent, field)
    part.mimetype = "x/y"
    for name, value in given.items():
        setattr(part, name, value)
    file = said(live.message(event(sent), known)).file
    assert file is not None
    assert (file.kind, file.mime) == (kind, "x/y")
    assert file.duration_s == given.get("seconds", 0)
    assert file.name == given.get("fileName", "")


@pytest.mark.parametrize("wrapping", ["viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension"])
def test_what_may_be_viewed_once_is_named_and_no_more(known: Known, wrapping: str) -> None:
    once = library.e2e().Message()
    getattr(once, wrapping).message.imageMessage.caption = "secret"
    message = said(live.message(event(once), known))
    assert (message.kind, message.text, message.file) == ("view_once", "", None)


def test_a_picture_that_says_view_once_itself_is_named_and_no_more(known: Known) -> None:
    once = library.e2e().Message()
    once.imageMessage.viewOnce, once.imageMessage.caption = True, "secret"
    assert said(live.message(event(once), known)).kind == "view_once"
    unwrapped = library.e2e().Message()
    unwrapped.audioMessage.seconds = 3
    assert said(live.message(event(unwrapped, id="3EB02", IsViewOnceV2=True), known)).kind == "view_once"


def test_a_place_and_cards_are_told(known: Known) -> None:
    place = library.e2e().Message()
    place.locationMessage.degreesLatitude, place.locationMessage.degreesLongitude = 52.5, 13.4
    place.locationMessage.name = "Station"
    assert said(live.message(event(place), known)).place == (52.5, 13.4, "Station")
    card = library.e2e().Message()
    card.contactMessage.displayName = "Cleo"
    card.contactMessage.vcard = "BEGIN:VCARD\r\nFN:Cleo C\r\nitem1.TEL;waid=4915110000003:+49 151 10000003\r\nEND:VCARD"
    message = said(live.message(event(card, id="3EB02"), known))
    assert (message.kind, message.cards) == ("contact", [("Cleo", "+4915110000003")])


def test_what_disappears_says_when_and_its_conversation_after_how_long(known: Known) -> None:
    fleeting = library.e2e().Message()
    inner = fleeting.ephemeralMessage.message.extendedTextMessage
    inner.text, inner.contextInfo.expiration = "gone tomorrow", 86_400
    told = live.message(event(fleeting), known)
    assert said(told).expires_at == AT_MS + 86_400_000
    [chat] = the(Chats, told).chats
    assert chat.timer_s == 86_400


def test_a_timer_that_is_set_or_taken_away_is_told(known: Known) -> None:
    live.message(event(words("Hi")), known)
    for seconds in (604_800, 0):
        setting = library.e2e().Message()
        setting.protocolMessage.type = setting.protocolMessage.EPHEMERAL_SETTING
        setting.protocolMessage.ephemeralExpiration = seconds
        told = live.message(event(setting, id=f"3EB{seconds}"), known)
        assert [chat.timer_s for chat in the(Chats, told).chats] == [seconds]
        assert not [one for one in told if isinstance(one, Said)]


def test_a_conversation_that_is_told_again_keeps_its_name_and_what_is_unread(known: Known) -> None:
    part = part_of_history()
    conversation(part, ANNA, name="Anna A", unreadCount=2, conversationTimestamp=1_789_000_000)
    list(history.told_by(part, known))
    live.message(event(words("Hi")), known)
    setting = library.e2e().Message()
    setting.protocolMessage.type = setting.protocolMessage.EPHEMERAL_SETTING
    setting.protocolMessage.ephemeralExpiration = 86_400
    [chat] = the(Chats, live.message(event(setting, id="3EB02"), known)).chats
    assert (chat.name, chat.unread, chat.at) == ("Anna A", 3, AT_MS)


def test_an_edit_a_reaction_and_taking_back_change_a_message(known: Known) -> None:
    live.message(event(words("Hallo")), known)
    edit = library.e2e().Message()
    protocol = edit.editedMessage.message.protocolMessage
    protocol.type, protocol.key.ID, protocol.editedMessage.conversation = 14, "3EB01", "Hello"
    assert live.message(event(edit, id="3EB02"), known)[-1] == Changed(chat=ANNA, id="3EB01", text="Hello")
    reaction = library.e2e().Message()
    reaction.reactionMessage.key.ID, reaction.reactionMessage.text = "3EB01", "👍"
    changed = live.message(event(reaction, id="3EB03"), known)[-1]
    assert isinstance(changed, Changed)
    assert changed.reaction is not None
    assert (changed.id, changed.reaction.emoji, changed.reaction.by) == ("3EB01", "👍", ANNA)
    back = library.e2e().Message()
    back.protocolMessage.key.ID, back.protocolMessage.type = "3EB01", back.protocolMessage.REVOKE
    assert live.message(event(back, id="3EB04"), known)[-1] == Changed(chat=ANNA, id="3EB01", deleted=True)


def test_a_reaction_of_ours_on_the_phone_is_by_nobody_else(known: Known) -> None:
    reaction = library.e2e().Message()
    reaction.reactionMessage.key.ID, reaction.reactionMessage.text = "3EB01", ""
    changed = live.message(event(reaction, origin=source(ANNA, ME, mine=True)), known)[-1]
    assert isinstance(changed, Changed)
    assert changed.reaction is not None
    assert (changed.reaction.emoji, changed.reaction.by) == ("", "")


def test_keys_settings_and_what_the_phone_tells_its_devices_are_no_messages(known: Known) -> None:
    keys = library.e2e().Message()
    keys.senderKeyDistributionMessage.groupID = TEAM
    notice = library.e2e().Message()
    notice.protocolMessage.type = notice.protocolMessage.HISTORY_SYNC_NOTIFICATION
    for one in (event(keys), event(notice, id="2"), event(words("peer"), id="3", category="peer")):
        assert not [told for told in live.message(one, known) if isinstance(told, Said)]


def test_a_status_and_a_channel_are_no_conversations(known: Known) -> None:
    for chat in ("status@broadcast", "120363@newsletter", "0@s.whatsapp.net"):
        told = live.message(event(words("ad"), origin=source(chat, ANNA)), known)
        assert not [one for one in told if isinstance(one, Said | Chats)]


def test_what_nobody_here_understands_is_named_unsupported(known: Known) -> None:
    poll = library.e2e().Message()
    poll.pollCreationMessageV3.name = "Pizza?"
    assert said(live.message(event(poll), known)).kind == "unsupported"


def test_receipts_go_forward_only(known: Known) -> None:
    live.message(event(words("Hi"), origin=source(ANNA, ME, mine=True)), known)
    assert live.receipt(receipt(live.READ, "3EB01"), known) == [Changed(chat=ANNA, id="3EB01", status="read")]
    assert live.receipt(receipt(live.DELIVERED, "3EB01"), known) == []


def test_a_receipt_of_one_member_says_nothing_of_a_group(known: Known) -> None:
    live.message(event(words("Hi"), origin=source(TEAM, ME, mine=True)), known)
    assert live.receipt(receipt(live.READ, "3EB01", origin=source(TEAM, BEN)), known) == []


def test_what_was_read_on_the_phone_is_seen(known: Known) -> None:
    own = receipt(live.READ_SELF, "3EB01", origin=source(ANNA, ME, mine=True))
    assert live.receipt(own, known) == [Seen(chat=ANNA)]


def test_who_writes_is_told_and_when_they_stop(known: Known) -> None:
    presence = library.told().ChatPresence
    for state, on in ((1, True), (2, False)):
        told = live.writing(presence(MessageSource=source(TEAM, BEN), State=state, Media=1), known)
        assert told == [Typing(chat=TEAM, who=BEN, on=on)]


def test_a_call_is_named_where_it_came_from(known: Known) -> None:
    offer = library.told().CallOffer()
    meta = offer.basicCallMeta
    meta.callCreator.CopyFrom(jid(ANNA))
    meta.callCreatorAlt.CopyFrom(jid(ANNA_PHONE))
    meta.timestamp, meta.callID = AT_MS // 1000, "CALL1"
    message = said(live.call(offer, known))
    assert (message.kind, message.chat, message.sender, message.at) == ("call", ANNA, ANNA, AT_MS)
    assert not [one for one in live.call(offer, known) if isinstance(one, Said)]


def test_what_could_not_be_read_is_named_unless_it_came_after_all(known: Known) -> None:
    missed = library.told().UndecryptableMessage(Info=event(words("?")).Info, IsUnavailable=False, DecryptFailMode=1)
    assert said(live.unreadable(missed, known)).kind == "unsupported"
    assert live.unreadable(missed, known) == []


def test_a_group_tells_its_name_its_members_without_us_and_its_timer(known: Known) -> None:
    info = library.told().GroupInfo()
    info.JID.CopyFrom(jid(TEAM))
    info.GroupName.Name, info.GroupEphemeral.IsEphemeral, info.GroupEphemeral.DisappearingTimer = "Team", True, 86_400
    for lid, phone in ((BEN, BEN_PHONE), (ME, ME_PHONE)):
        info.Participants.add(JID=jid(lid), LID=jid(lid), PhoneNumber=jid(phone), DisplayName="")
    [chat] = the(Chats, live.group(info, known)).chats
    assert (chat.id, chat.name, chat.members, chat.timer_s) == (TEAM, "Team", [BEN], 86_400)
    change = library.told().GroupInfoEvent(Join=[jid(ANNA)], Leave=[jid(BEN)])
    change.JID.CopyFrom(jid(TEAM))
    change.Name.Name = "The team"
    [chat] = the(Chats, live.group_changed(change, known)).chats
    assert (chat.name, chat.members, chat.timer_s) == ("The team", [ANNA], 86_400)
