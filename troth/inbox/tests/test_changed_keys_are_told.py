"""When a person's WhatsApp gets new keys, the conversation says so: it may be in somebody else's hands."""

import pytest
from django.test import Client

from tests.cast import House, kopi
from troth.inbox.models import Conversation
from troth.inbox.tests.arriving import NOON, said, told, value
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L12")]
PHONE = "60111111111"


@pytest.fixture
def house() -> House:
    made = kopi()
    told(made, said(made, "Hello", id="wamid.1", name="Mei", phone=PHONE))
    return made


def changed_keys(house: House, *, id: str, at: int) -> dict[str, object]:
    system = {"type": "customer_identity_changed", "body": "changed", "identity": "h"}
    return value(house, messages=[{"from": PHONE, "id": id, "timestamp": str(at), "type": "system", "system": system}])


def page(house: House) -> str:
    with scope(house.id):
        thread = Conversation.objects.get().id
    client = Client()
    client.force_login(house.users["Bob"], backend="troth.accounts.backend.Backend")
    return client.get(f"/w/{house.handle}/inbox/{thread}/").content.decode()


def test_the_thread_has_a_line_of_it(house: House) -> None:
    assert "The security code of" not in page(house)
    told(house, changed_keys(house, id="wamid.K", at=NOON + 60))
    assert page(house).count("The security code of") == 1


def test_hearing_of_it_again_adds_no_second_line(house: House) -> None:
    for _ in range(2):
        told(house, changed_keys(house, id="wamid.K", at=NOON + 60))
    assert page(house).count("The security code of") == 1
