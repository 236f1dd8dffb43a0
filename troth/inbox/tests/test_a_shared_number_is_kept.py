"""Whoever is known by an id only and gives us their number when asked is the same person, who has a number from then on."""

import pytest

from tests.cast import House, kopi
from troth.contacts.models import Contact, Identity, IdentityKind
from troth.inbox.models import Conversation
from troth.inbox.tests.arriving import NOON, said, told, value
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
ME = "MY.1234567890"


@pytest.fixture
def house() -> House:
    return kopi()


def shared(house: House, *, origin: str) -> dict[str, object]:
    card = {"phones": [{"phone": "+60 12-300 0000", "wa_id": "60123000000", "user_id": ME}], "origin": origin}
    message = {"from_user_id": ME, "id": "wamid.2", "timestamp": str(NOON + 60), "type": "contacts", "contacts": [card]}
    return value(house, messages=[message])


def numbers(house: House) -> list[str]:
    with scope(house.id):
        assert (Contact.objects.count(), Conversation.objects.count()) == (1, 1)
        return [one.value for one in Identity.objects.filter(kind=IdentityKind.PHONE, valid_to=None)]


def test_the_number_belongs_to_the_contact_from_then_on(house: House) -> None:
    told(house, said(house, "Hello", id="wamid.1", phone=None, bsuid=ME))
    assert numbers(house) == []
    told(house, shared(house, origin="contact_request"))
    assert [number.lstrip("+") for number in numbers(house)] == ["60123000000"]
    told(house, said(house, "It is me", id="wamid.3", at=NOON + 120, phone="60123000000"))
    assert len(numbers(house)) == 1


def test_a_card_that_they_pass_on_is_not_their_number(house: House) -> None:
    told(house, said(house, "Hello", id="wamid.1", phone=None, bsuid=ME))
    told(house, shared(house, origin="other"))
    assert numbers(house) == []
