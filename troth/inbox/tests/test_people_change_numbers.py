"""A person stays the same person with a new number; a number that changes hands is another person's."""

import itertools
from typing import Any

import pytest
from django.db import transaction

from tests.bodies import encode
from tests.cast import House, kopi
from troth.contacts.models import Contact, Identity, Likeness
from troth.inbox.models import Activity, Conversation, Message
from troth.inbox.tests.arriving import NOON, moved, said, told, value
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L14")]
OLD: dict[str, Any] = {"phone": "60111111111", "bsuid": "MY.OLD"}
NEW: dict[str, Any] = {"phone": "60122222222", "bsuid": "MY.NEW"}
MOVE_AT = NOON + 100


@pytest.fixture
def house() -> House:
    return kopi()


def move(house: House, id: str = "wamid.MOVE") -> dict[str, object]:
    return moved(house, before=OLD, after=NEW, at=MOVE_AT, id=id)


def people(house: House) -> list[list[tuple[str, bool]]]:
    """Return of each contact what it is known by and whether it still is."""
    with scope(house.id):
        found = [
            sorted((i.value, i.valid_to is None) for i in Identity.objects.filter(contact=contact))
            for contact in Contact.objects.all()
        ]
    return sorted(found)


MOVED = [[("+60111111111", False), ("+60122222222", True), ("MY.NEW", True), ("MY.OLD", False)]]


@pytest.mark.clause("L14")
def test_the_conversation_goes_on_under_the_new_number(house: House) -> None:
    told(
        house,
        said(house, "old", id="wamid.1", **OLD),
        move(house),
        said(house, "new", id="wamid.2", at=MOVE_AT + 5, **NEW),
    )
    assert people(house) == MOVED
    with scope(house.id):
        assert Conversation.objects.count() == 1
        assert [line.kind for line in Activity.objects.all()] == ["number_changed"]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.clause("L14")
def test_who_writes_at_once_from_the_new_number_is_the_same_person(house: House, together: bool) -> None:
    told(house, move(house), said(house, "new", id="wamid.2", at=MOVE_AT + 1, **NEW), together=together)
    assert people(house) == MOVED
    with scope(house.id):
        assert not Likeness.objects.exists()


@pytest.mark.parametrize("together", [True, False])
def test_what_was_written_before_and_comes_late_is_theirs_too(house: House, together: bool) -> None:
    told(house, move(house), said(house, "late", id="wamid.1", at=MOVE_AT - 50, **OLD), together=together)
    assert people(house) == MOVED
    with scope(house.id):
        assert Conversation.objects.count() == 1


def test_the_order_of_a_batch_does_not_matter(house: House) -> None:
    seen = []
    parts = [
        said(house, "old", id="wamid.1", at=MOVE_AT - 50, **OLD),
        move(house),
        said(house, "new", id="wamid.2", at=MOVE_AT + 50, **NEW),
    ]
    for number, order in enumerate(itertools.permutations(parts)):
        with transaction.atomic():
            told(house, *[_again(body, number) for body in order], together=True)
            seen.append(people(house))
            transaction.set_rollback(True)
    assert seen == [MOVED] * 6


def _again(body: dict[str, object], number: int) -> bytes:
    return encode(body) + b" " * number


def test_hearing_of_a_move_again_makes_nobody_new(house: House) -> None:
    told(house, said(house, "old", id="wamid.1", **OLD), move(house))
    outcome = told(house, _again(move(house), 1), _again(move(house), 2))
    assert {line[1:] for lines in outcome for line in lines} == {("ignored", "repeated")}
    assert people(house) == MOVED
    with scope(house.id):
        assert not Likeness.objects.exists()
        assert Activity.objects.count() == 1


@pytest.mark.clause("L14")
def test_the_old_number_in_other_hands_is_another_person(house: House) -> None:
    told(house, said(house, "old", id="wamid.1", **OLD), move(house))
    told(house, said(house, "I am new here", id="wamid.3", at=MOVE_AT + 500, phone=OLD["phone"], bsuid="MY.OTHER"))
    assert people(house) == sorted([MOVED[0], [("+60111111111", True), ("MY.OTHER", True)]])
    with scope(house.id):
        assert Conversation.objects.count() == 2


def test_an_old_id_of_metas_is_still_the_same_person(house: House) -> None:
    told(house, said(house, "old", id="wamid.1", **OLD), move(house))
    preference = {"user_id": "MY.OLD", "category": "marketing_messages", "value": "stop", "timestamp": MOVE_AT + 500}
    told(house, value(house, "user_preferences", user_preferences=[preference]))
    assert people(house) == MOVED


def test_who_is_known_by_the_new_number_alone_is_linked_with_the_old_one(house: House) -> None:
    told(house, said(house, "new", id="wamid.2", at=MOVE_AT + 5, **NEW), move(house))
    assert people(house) == MOVED
    told(house, said(house, "late", id="wamid.1", at=MOVE_AT - 5, **OLD))
    assert people(house) == MOVED


def test_a_change_that_tells_numbers_only_ends_the_id_too(house: House) -> None:
    """Older news of a change names no ids. WhatsApp makes a new one all the same: it is no sign of other hands."""
    change = moved(house, before={"phone": OLD["phone"]}, after={"phone": NEW["phone"]}, at=MOVE_AT)
    parts = [
        said(house, "old", id="wamid.1", at=MOVE_AT - 50, **OLD),
        change,
        said(house, "new", id="wamid.2", at=MOVE_AT + 50, **NEW),
    ]
    told(house, *parts)
    assert people(house) == MOVED
    with scope(house.id):
        assert Conversation.objects.count() == 1
        assert not Likeness.objects.exists()


def test_two_known_people_are_never_merged_but_named_as_alike(house: House) -> None:
    told(house, said(house, "old", id="wamid.1", **OLD), said(house, "new", id="wamid.2", at=MOVE_AT + 5, **NEW))
    told(house, move(house))
    with scope(house.id):
        assert Contact.objects.count() == 2
        assert [likeness.reason for likeness in Likeness.objects.all()] == ["changed_number"]


def test_a_number_that_was_long_known_and_comes_with_anothers_id_is_a_likeness(house: House) -> None:
    told(house, said(house, "a", id="wamid.1", at=NOON - 60 * 86_400, phone="60111111111"))
    told(house, said(house, "b", id="wamid.2", phone=None, bsuid="MY.B"))
    told(house, said(house, "c", id="wamid.3", phone="60111111111", bsuid="MY.B"))
    with scope(house.id):
        assert Contact.objects.count() == 2
        assert Likeness.objects.count() == 1


def test_an_older_name_that_comes_late_does_not_replace_a_newer_one(house: House) -> None:
    names = [("Mei", NOON), ("Mei", NOON + 50), ("May", NOON + 20)]
    for number, (name, at) in enumerate(names):
        told(house, said(house, "x", id=f"wamid.{number}", at=at, name=name))
    with scope(house.id):
        assert Contact.objects.get().profile_name == "Mei"


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_a_name_and_a_username_that_are_told_apart_come_together(
    house: House, order: tuple[int, ...], together: bool
) -> None:
    """News of what was read names the username only, and may come before what was said before it."""
    profiles: list[dict[str, str]] = [{"name": "Mei"}, {"username": "mei.t"}]
    parts = []
    for number, profile in enumerate(profiles):
        body = said(house, "x", id=f"wamid.{number}", at=NOON + number, name="?", phone="60111111111")
        body["entry"][0]["changes"][0]["value"]["contacts"][0]["profile"] = profile
        parts.append(body)
    told(house, *[parts[number] for number in order], together=together)
    with scope(house.id):
        contact = Contact.objects.get()
    assert (contact.profile_name, contact.username) == ("Mei", "mei.t")


def test_a_group_is_one_conversation_and_names_who_spoke(house: House) -> None:
    for number, phone in enumerate(["60111111111", "60122222222"]):
        told(house, said(house, "hi", id=f"wamid.{number}", phone=phone, group_id="GROUP.1"))
    with scope(house.id):
        assert Conversation.objects.get().contact.is_group
        assert len({message.sender_id for message in Message.objects.all()}) == 2


def test_news_of_keys_of_somebody_unknown_makes_nobody_known(house: House) -> None:
    system = {"type": "customer_identity_changed", "body": "x", "identity": "h"}
    message = {"from": "60111111111", "id": "wamid.1", "timestamp": str(NOON), "type": "system", "system": system}
    assert told(house, value(house, messages=[message])) == [[("IdentityChanged", "ignored", "nobody-named")]]
    assert people(house) == []
