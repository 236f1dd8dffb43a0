"""Whatever the order in which WhatsApp names people: one person never splits, and two never become one without a reason."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import House, kopi
from troth.base.phones import Phone, one_form
from troth.contacts.merging import root_of
from troth.contacts.models import Identity, Likeness, Merge
from troth.contacts.recognise import recognise
from troth.contacts.sighting import Sighting
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L14")]
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
WAYS = {  # of one number
    "BR": ("5511987654321", "551187654321"),
    "MX": ("5215512345678", "525512345678"),
    "AR": ("5491112345678", "541112345678"),
    "MY": ("60123456789", "60123456789"),
}
ACCOUNT = "200000000000001"
often = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def house() -> House:
    return kopi()


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def roots(house: House, batches: Sequence[Sequence[Sighting]]) -> list[UUID]:
    """Recognise these and return who each is in the end."""
    with scope(house.id):
        found = [contact for batch in batches for contact in recognise(batch)]
        return [root_of(contact) for contact in found if contact is not None]


def cut(row: Sequence[Sighting], places: Sequence[bool]) -> list[list[Sighting]]:
    batches: list[list[Sighting]] = [[]]
    for one, ends in zip(row, places, strict=True):
        batches[-1].append(one)
        if ends:
            batches.append([])
    return [batch for batch in batches if batch]


@often
@given(data=st.data(), country=st.sampled_from(sorted(WAYS)))
def test_one_person_under_every_name_is_one(house: House, data: st.DataObject, country: str) -> None:
    both = [Sighting(at=NOON, phone=way, bsuid="XX.1", account=ACCOUNT) for way in WAYS[country]]
    alone = [Sighting(at=NOON, phone=way) for way in WAYS[country]] + [Sighting(at=NOON, bsuid="XX.1", account=ACCOUNT)]
    seconds = st.integers(0, 20 * 86_400)
    facts = [data.draw(st.sampled_from(both)), *data.draw(st.lists(st.sampled_from([*both, *alone]), max_size=6))]
    row = [replace(one, at=NOON + timedelta(seconds=data.draw(seconds))) for one in data.draw(st.permutations(facts))]
    places = data.draw(st.lists(st.booleans(), min_size=len(row), max_size=len(row)))
    with taken_back():
        assert len(set(roots(house, cut(row, places)))) == 1


@often
@given(data=st.data())
def test_two_people_never_become_one(house: House, data: st.DataObject) -> None:
    """Their numbers differ, or the number went from one to the other."""
    recycled = data.draw(st.booleans())
    mei = Sighting(at=NOON, phone="60123456789", bsuid="MY.1", account=ACCOUNT)
    raj = replace(mei, phone="60123456789" if recycled else "60129999999", bsuid="MY.2")
    named = [(0, mei), (1, raj), (0, replace(mei, phone=None)), (1, replace(raj, phone=None))]
    if not recycled:
        named += [(0, replace(mei, bsuid=None)), (1, replace(raj, bsuid=None))]
    drawn = [named[0], named[1], *data.draw(st.lists(st.sampled_from(named), max_size=6))]
    order = data.draw(st.permutations(drawn))
    late = timedelta(days=200)
    facts = [
        (who, replace(one, at=NOON + who * late + timedelta(seconds=data.draw(st.integers(0, 3_600)))))
        for who, one in order
    ]
    places = data.draw(st.lists(st.booleans(), min_size=len(facts), max_size=len(facts)))
    with taken_back():
        found = roots(house, cut([one for _, one in facts], places))
        people = {who: {root for (mine, _), root in zip(facts, found, strict=True) if mine == who} for who in (0, 1)}
        assert not people[0] & people[1]


def test_a_number_in_other_hands_is_theirs_from_then_on(house: House) -> None:
    first = Sighting(at=NOON, phone="60123456789", bsuid="MY.1", account=ACCOUNT)
    later = replace(first, at=NOON + timedelta(days=100), bsuid="MY.2")
    for order in ([first, later], [later, first]):
        with taken_back(), scope(house.id):
            contacts = {
                one.bsuid: contact for one, contact in zip(order, [recognise([o])[0] for o in order], strict=True)
            }
            held = {one.contact_id: one for one in Identity.objects.filter(kind="phone")}
            assert set(contacts.values()) == set(held)
            assert held[contacts["MY.2"]].valid_to is None
            assert held[contacts["MY.1"]].valid_to == later.at - timedelta(microseconds=1)
            assert [one.reason for one in Likeness.objects.all()] == ["same_number"]
            between = Sighting(at=NOON + timedelta(days=50), phone="60123456789")
            assert recognise([between, replace(between, at=NOON + timedelta(days=150))]) == [
                contacts["MY.1"],
                contacts["MY.2"],
            ]


def test_an_old_number_and_an_id_are_only_suggested(house: House) -> None:
    """A number known for long may have been given to somebody else: WhatsApp's word is no proof then."""
    old = Sighting(at=NOON - timedelta(days=60), phone="60123456789")
    alone = Sighting(at=NOON, bsuid="MY.1", account=ACCOUNT)
    both = Sighting(at=NOON, phone="60123456789", bsuid="MY.1", account=ACCOUNT)
    assert len(set(roots(house, [[old], [alone], [both]]))) == 2
    with scope(house.id):
        assert not Merge.objects.exists()
        assert [one.reason for one in Likeness.objects.all()] == ["named_together"]


@pytest.mark.parametrize("country", sorted(WAYS))
def test_all_ways_to_write_a_number_are_compared_as_one(country: str) -> None:
    for way in WAYS[country]:
        assert {one_form(one.number) for one in Phone.from_wa_id(way).variants()} == {one_form(f"+{way}")}
