"""What the phone tells of the past comes out as people, conversations and messages."""

import pytest

from port.contract import Chats, People, Said
from port.drivers import is_there
from port.drivers.neonize import history
from port.drivers.neonize.known import Known
from port.tests.neonize_words import (
    ANNA,
    ANNA_PHONE,
    BEN,
    ME,
    ME_PHONE,
    TEAM,
    conversation,
    past,
    the,
)
from port.tests.neonize_words import history as part_of_history

pytestmark = pytest.mark.skipif(not is_there("neonize"), reason="neonize is not installed (bin/setup --port)")


@pytest.fixture
def known() -> Known:
    """Return an engine's knowledge of a phone that was just linked."""
    known = Known()
    known.ids.mine |= {ME, ME_PHONE}
    return known


def test_the_history_is_folded_into_people_conversations_and_messages(known: Known) -> None:
    part = part_of_history()
    part.phoneNumberToLidMappings.add(lidJID=ANNA, pnJID=ANNA_PHONE)
    part.pushnames.add(ID=ANNA_PHONE, pushname="Anna")
    chat = conversation(part, ANNA, name="Anna A", unreadCount=1, conversationTimestamp=1_790_000_100)
    chat.ephemeralExpiration, chat.archived = 86_400, True
    past(chat, "H2", "second", at_s=1_790_000_100, mine=True, status=4)
    past(chat, "H1", "first", at_s=1_790_000_000)
    told = [one for some in history.told_by(part, known) for one in some]
    people = [person for one in told if isinstance(one, People) for person in one.people]
    assert (people[-1].id, people[-1].name, people[-1].called) == (ANNA, "Anna A", "Anna")
    assert people[-1].phone == "+4915110000001"
    [shown] = the(Chats, told).chats
    assert (shown.name, shown.unread, shown.timer_s, shown.archived) == ("Anna A", 1, 86_400, True)
    assert shown.at == 1_790_000_100_000
    messages = the(Said, told).messages
    assert the(Said, told).history
    assert [(one.id, one.sender, one.text, one.status) for one in messages] == [
        ("H1", ANNA, "first", ""),
        ("H2", "", "second", "read"),
    ]


def test_the_history_of_a_phone_number_lands_with_the_lid(known: Known) -> None:
    part = part_of_history()
    past(conversation(part, ANNA_PHONE, lidJID=ANNA), "H1", "hi", at_s=1_790_000_000)
    told = [one for some in history.told_by(part, known) for one in some]
    [message] = the(Said, told).messages
    assert (message.chat, message.sender) == (ANNA, ANNA)


def test_the_history_tells_what_disappears_when(known: Known) -> None:
    part = part_of_history()
    chat = conversation(part, ANNA)
    past(chat, "H1", "a day", at_s=1_790_000_000, ephemeralDuration=86_400)
    past(chat, "H2", "after reading", at_s=1_790_000_000, ephemeralDuration=60, ephemeralStartTimestamp=1_790_000_030)
    past(chat, "H3", "stays", at_s=1_790_000_000)
    messages = the(Said, [one for some in history.told_by(part, known) for one in some]).messages
    assert {one.id: one.expires_at for one in messages} == {
        "H1": 1_790_086_400_000,
        "H2": 1_790_000_090_000,
        "H3": 0,
    }


def test_the_history_tells_reactions_what_was_taken_back_and_missed_calls(known: Known) -> None:
    part = part_of_history()
    chat = conversation(part, TEAM, name="Team")
    loved = past(chat, "H1", "cake", at_s=1_790_000_000, participant=BEN)
    loved.reactions.add(text="❤", key={"fromMe": True, "remoteJID": TEAM})
    loved.reactions.add(text="👍", key={"fromMe": False, "remoteJID": TEAM, "participant": ANNA})
    past(chat, "H2", at_s=1_790_000_001, participant=BEN, messageStubType=1)
    past(chat, "H3", at_s=1_790_000_002, participant=BEN, messageStubType=40)
    past(chat, "H4", at_s=1_790_000_003, messageStubType=20)
    told = [one for some in history.told_by(part, known) for one in some]
    messages = the(Said, told).messages
    assert [(one.id, one.kind, one.sender) for one in messages] == [
        ("H1", "text", BEN),
        ("H2", "deleted", BEN),
        ("H3", "call", BEN),
    ]
    assert [(one.emoji, one.by) for one in messages[0].reactions] == [("❤", ""), ("👍", ANNA)]


def test_many_people_are_told_at_once(known: Known) -> None:
    part = part_of_history()
    for at in range(3_000):
        part.pushnames.add(ID=f"4915{at:08d}@s.whatsapp.net", pushname=f"Nr {at}")
        part.phoneNumberToLidMappings.add(lidJID=f"77{at}@lid", pnJID=f"4915{at:08d}@s.whatsapp.net")
    told = [one for some in history.told_by(part, known) for one in some]
    [people] = told
    assert isinstance(people, People)
    assert len({one.id for one in people.people}) == 3_000
    assert ("775@lid", "Nr 5", "+491500000005") in {(one.id, one.called, one.phone) for one in people.people}


def test_a_change_to_the_copy_that_was_told_changes_nothing_here(known: Known) -> None:
    part = part_of_history()
    conversation(part, TEAM, name="Team", participant=[{"userJID": BEN}])
    told = [one for some in history.told_by(part, known) for one in some]
    the(Chats, told).chats[0].members.append("x")
    the(Chats, told).chats[0].unread = 9
    assert (known.chats[TEAM].members, known.chats[TEAM].unread) == ([BEN], 0)
