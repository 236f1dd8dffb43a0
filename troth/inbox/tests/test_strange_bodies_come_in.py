"""Text that databases and encodings choke on, names without end, and a thousand changes at once."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bodies import contact, status, text
from tests.cast import House, kopi
from tests.deliver import digest, store
from troth.contacts.models import Contact
from troth.inbox.models import Conversation, Message, MessageStatus, Reaction
from troth.inbox.tests.arriving import NOON, echoed, said, told, value
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X16")]
APPLIED = [[("MessageReceived", "applied", "")]]


@pytest.fixture
def house() -> House:
    return kopi()


STRANGE = {
    "NUL": "a\x00b",
    "half of a pair": "a\ud83db",
    "the other half": "\udc4d",
    "a pair written as two": "\ud83d\udc4d",
    "right to left": "\u202eevil\u202c",
    "controls": "\x01\x1b[31m\x7f\x85",
    "no characters": "\ufffe\uffff",
    "beyond the first plane": "\U0001f468\u200d\U0001f469\u200d\U0001f467\U000e0067",
    "a flood of marks": "e" + "\u0301" * 500,
    "quotes": "'; DROP TABLE inbox_message; -- \" \\ %s %b {} $1",
}


@pytest.mark.parametrize("what", STRANGE)
def test_strange_text_comes_through_to_the_database_and_back(house: House, what: str) -> None:
    body = json.dumps(said(house, STRANGE[what], id="wamid.1", name=STRANGE[what])).encode()
    assert told(house, body) == APPLIED
    with scope(house.id):
        message = Message.objects.get()
        assert message.text().encode()
        assert "\x00" not in message.text()
        assert (Contact.objects.get().profile_name or "x").encode()
        assert (Conversation.objects.get().preview or "x").encode()


@pytest.mark.parametrize("what", STRANGE)
def test_strange_ids_are_ids_like_others(house: House, what: str) -> None:
    id, bsuid = f"wamid.{STRANGE[what]}", f"MY.{STRANGE[what]}"
    body = json.dumps(said(house, "x", id=id, phone=None, bsuid=bsuid, group_id=STRANGE[what])).encode()
    first = told(house, body)
    again = told(house, body + b" ")
    if first == APPLIED:
        assert again == [[("MessageReceived", "ignored", "repeated")]]
    else:
        assert {line[1] for lines in (*first, *again) for line in lines} == {"gap"}
    with scope(house.id):
        assert Message.objects.count() == (1 if first == APPLIED else 0)


def test_a_name_of_ten_thousand_letters_is_cut_and_stays_the_same(house: House) -> None:
    long = "Anna " * 2_000
    told(house, said(house, long, id="wamid.1", name=long), said(house, long, id="wamid.2", at=NOON + 1, name=long))
    with scope(house.id):
        assert len(Contact.objects.get().profile_name or "") <= 256
        assert Message.objects.count() == 2


def test_a_text_of_a_megabyte_is_kept(house: House) -> None:
    words = " ".join(f"word{n}" for n in range(100_000))
    assert told(house, said(house, words, id="wamid.1")) == APPLIED
    with scope(house.id):
        assert Message.objects.get().text() == words


def thousand(house: House, *, count: int) -> bytes:
    """Return a body with as many messages of one person, a status for each of as many of ours, and as many reactions."""
    messages = [text(f"No. {n}", id=f"wamid.IN.{n}", at=NOON + n) for n in range(count)]
    statuses = [status("read", id=f"wamid.E.{n}", at=NOON + n) for n in range(count)]
    return json.dumps(value(house, contacts=[contact(name="Mei")], messages=messages, statuses=statuses)).encode()


def test_a_thousand_messages_of_one_person_in_one_body(house: House) -> None:
    (outcome,) = told(house, thousand(house, count=1_000))
    assert {line[:2] for line in outcome} == {("MessageReceived", "applied"), ("StatusChanged", "applied")}
    with scope(house.id):
        assert Message.objects.count() == 1_000
        found = Conversation.objects.get()
        assert (found.unread, found.preview) == (1_000, "No. 999")


def test_more_messages_need_no_more_questions(house: House) -> None:
    needed = []
    for number, count in enumerate((10, 400)):
        store(house, thousand(house, count=count) + b" " * number)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            digest()
        needed.append(len(asked))
    assert needed[1] <= needed[0] + 3
    assert needed[0] < 45


def test_the_same_reaction_a_hundred_times_in_one_body_is_one(house: House) -> None:
    told(house, echoed(house, "Hi", id="wamid.E"))
    reaction = {"message_id": "wamid.E", "emoji": "❤"}
    one = {"from": "60123456789", "id": "wamid.R", "timestamp": str(NOON), "type": "reaction", "reaction": reaction}
    told(house, value(house, messages=[one] * 100))
    with scope(house.id):
        assert Reaction.objects.count() == 1
        assert Message.objects.get().status == MessageStatus.SENT
