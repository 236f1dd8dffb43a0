"""Numbers that were kept under the hash of one way to write them are found by every way again, and who was forgotten under
such a hash stays forgotten."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.cast import House, kopi
from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import ring
from troth.contacts.models import Contact, Identity, IdentityKind, Likeness, Suppression
from troth.contacts.models.identity import OLD_FORM, ONE_FORM
from troth.contacts.recognise import identity_hash, recognise
from troth.contacts.rehashing import rehash
from troth.contacts.sighting import Sighting
from troth.contacts.suppressions import erased_among, forgotten_since, is_suppressed, suppress
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
PLACE = f"contacts_identity.{IdentityKind.PHONE.value}"
PAIRS = [
    ("+5511987654321", "+551187654321"),
    ("+5215512345678", "+525512345678"),
    ("+5491123456789", "+541123456789"),
]
both_ways = pytest.mark.parametrize(("kept", "other"), [*PAIRS, *(pair[::-1] for pair in PAIRS)])


@pytest.fixture
def house() -> House:
    return kopi()


def of_old(number: str, *, days_ago: int = 10) -> UUID:
    """Keep a contact as it was kept before. In scope."""
    contact = Contact.objects.create()
    Identity.objects.create(
        contact=contact,
        kind=IdentityKind.PHONE,
        value=number,
        value_hash=ring().index(number, place=PLACE),
        valid_from=now() - timedelta(days=days_ago),
        hash_form=OLD_FORM,
    )
    return UUID(str(contact.id))


def seen(number: str) -> UUID | None:
    sighting = Sighting(phone=number.removeprefix("+"), bsuid=None, at=now(), create=False)
    return recognise([sighting])[0]


@both_ways
def test_a_number_is_found_by_every_way_to_write_it(house: House, kept: str, other: str) -> None:
    with scope(house.id):
        contact = of_old(kept)
    rehash()
    assert rehash() == 0
    with scope(house.id):
        assert (seen(kept), seen(other)) == (contact, contact)
        assert set(Identity.objects.values_list("hash_form", flat=True)) == {ONE_FORM}
        assert Identity.objects.get().value == kept


def test_two_contacts_of_one_number_are_not_merged_by_themselves(house: House) -> None:
    with scope(house.id):
        older, newer = of_old(PAIRS[0][0], days_ago=30), of_old(PAIRS[0][1], days_ago=3)
    rehash()
    with scope(house.id):
        assert seen(PAIRS[0][0]) == seen(PAIRS[0][1]) == newer
        [likeness] = Likeness.objects.all()
        assert {likeness.first_id, likeness.second_id} == {older, newer}
        assert likeness.reason == "one_number"
        assert Identity.objects.get(contact=older).valid_to is not None


def test_numbers_of_other_countries_stay_what_they_are(house: House) -> None:
    with scope(house.id):
        contact = of_old("+60123456789")
    assert rehash() == 0
    with scope(house.id):
        assert seen("+60123456789") == contact


@both_ways
def test_who_was_forgotten_by_one_way_is_forgotten_by_all(house: House, kept: str, other: str) -> None:
    at = now() - timedelta(days=1)
    with scope(house.id):
        suppress({(IdentityKind.PHONE.value, ring().index(kept, place=PLACE)): at}, erasure_id=new_id())
        assert Suppression.objects.count() == 1
        for number in (kept, other):
            assert is_suppressed(IdentityKind.PHONE.value, number)
            sighting = Sighting(phone=number.removeprefix("+"), bsuid=None, at=now())
            assert forgotten_since(sighting, erased_among([sighting])) == at
        assert not is_suppressed(IdentityKind.PHONE.value, "+60123456789")


def test_a_hash_of_today_is_one_for_all_ways(house: House) -> None:
    with scope(house.id):
        for kept, other in PAIRS:
            assert identity_hash(ring(), IdentityKind.PHONE, kept) == identity_hash(ring(), IdentityKind.PHONE, other)
