"""Whoever sees masked numbers may see one contact's for a quarter of an hour, by saying why; nothing opens unwritten."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from tests import cast
from tests.cast import House
from troth.audit.models import Entry
from troth.audit.record import Actor, open_detail, record
from troth.base.clock import now
from troth.base.ids import new_id
from troth.contacts.masking import OPEN_FOR, UNMASKED, eyes_of, sees_phones, shown_phone
from troth.contacts.unmasking import NoReason, unmask
from troth.workspaces.models import Membership, Role, Workspace
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.clause("A2.2a"), pytest.mark.django_db]
NUMBER = "+60123456789"


@pytest.fixture
def house(db: None) -> House:
    return cast.kopi()


def member(house: House, who: str) -> Membership:
    return Membership.objects.select_related("user", "workspace").get(id=house.members[who])


@pytest.mark.parametrize(
    ("least", "seeing"),
    [("viewer", {"Alice", "Bob", "Vera"}), ("agent", {"Alice", "Bob"}), ("admin", {"Alice"}), ("owner", {"Alice"})],
)
def test_owners_choose_who_sees_numbers(house: House, least: str, seeing: set[str]) -> None:
    with scope(house.id):
        Workspace.objects.update(phones_from=least)
        assert {who for who in house.members if sees_phones(member(house, who))} == seeing
        assert {who for who in house.members if shown_phone(NUMBER, member(house, who)) == "+60 12-345 6789"} == seeing


def test_viewers_see_masked_numbers_unless_somebody_chose_otherwise(house: House) -> None:
    with scope(house.id):
        assert Workspace.current().phones_from == Role.AGENT
        assert shown_phone(NUMBER, member(house, "Vera")) == "+60 ••• •• 789"


def test_a_removed_member_sees_nothing(house: House) -> None:
    with scope(house.id):
        gone = member(house, "Bob")
        gone.removed_at = now()
        assert not sees_phones(gone)


def test_asking_opens_one_contact_for_a_while_and_nothing_else(house: House) -> None:
    mei, raj = new_id(), new_id()
    with scope(house.id):
        vera = member(house, "Vera")
        unmask(mei, by=vera, reason="call")
        assert shown_phone(NUMBER, vera, contact_id=mei) == "+60 12-345 6789"
        assert shown_phone(NUMBER, vera, contact_id=raj) == "+60 ••• •• 789"
        assert shown_phone(NUMBER, vera) == "+60 ••• •• 789"
    with scope(house.id):
        Workspace.objects.update(phones_from="owner")
        bob = member(house, "Bob")
        assert shown_phone(NUMBER, bob, contact_id=mei) == "+60 ••• •• 789", "it opened to Vera alone"


@pytest.mark.clause("A2.2d")
@pytest.mark.parametrize(("later", "open_"), [(OPEN_FOR - timedelta(seconds=1), True), (OPEN_FOR, False)])
def test_it_closes_again_to_the_second(house: House, later: timedelta, open_: bool) -> None:
    mei = new_id()
    with time_machine.travel(now(), tick=False) as clock, scope(house.id):
        vera = member(house, "Vera")
        unmask(mei, by=vera, reason="check")
        clock.shift(later)
        assert eyes_of(vera).veil(mei).is_open == open_


def test_who_asked_whose_when_and_why_is_written_down_with_the_words_sealed(house: House) -> None:
    mei = new_id()
    with scope(house.id):
        unmask(mei, by=member(house, "Vera"), reason="other", words="  the courier wants it  ")
        entry = Entry.objects.get(action=UNMASKED)
        assert (entry.actor_id, entry.target_kind, entry.target_id) == (house.members["Vera"], "contact", mei)
        assert open_detail(entry) == {"reason": "other", "words": "the courier wants it", "minutes": 15}
        assert b"courier" not in bytes(entry.detail or b"")


@pytest.mark.parametrize(
    ("reason", "words"),
    [("", ""), ("because", "I want"), ("other", ""), ("other", "   "), ("CALL", ""), ("call ", "x")],
)
def test_without_a_reason_nothing_opens(house: House, reason: str, words: str) -> None:
    mei = new_id()
    with scope(house.id):
        vera = member(house, "Vera")
        with pytest.raises(NoReason):
            unmask(mei, by=vera, reason=reason, words=words)
        assert not eyes_of(vera).veil(mei).is_open
        assert not Entry.objects.exists()


def test_nothing_else_in_the_chain_opens_a_number(house: House) -> None:
    """Not another's entry, not another action about the same contact, not an entry about something that is no contact."""
    mei = new_id()

    def entry(action: str, by: UUID, target: tuple[str, Any]) -> None:
        record(action, by=Actor.member(by), target=target)

    with scope(house.id):
        entry("contact.seen", house.members["Vera"], ("contact", mei))
        entry(UNMASKED, house.members["Bob"], ("contact", mei))
        entry(UNMASKED, house.members["Vera"], ("", None))
        assert not eyes_of(member(house, "Vera")).opened


def test_an_entry_of_another_workspace_opens_nothing_here(house: House) -> None:
    rival, mei = cast.rival(), new_id()
    with scope(rival.id):
        record(UNMASKED, by=Actor.member(house.members["Vera"]), target=("contact", mei))
    with scope(house.id):
        assert not eyes_of(member(house, "Vera")).opened
