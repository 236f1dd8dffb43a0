"""What could not be read is named: at its place in the thread, and on a page of its own."""

import pytest
from django.test import Client

from tests import bodies
from tests.cast import House, kopi, rival
from tests.deliver import deliver
from troth.inbox.models import Conversation, Gap
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
NOON = 1_780_000_000
BACKEND = "troth.accounts.backend.Backend"


@pytest.fixture
def house() -> House:
    return kopi()


def test_a_status_that_we_do_not_know_stands_in_its_messages_thread(house: House, client: Client) -> None:
    message = bodies.text("Hi", id="wamid.1", at=NOON)
    value = bodies.value(house.number_id, contacts=[bodies.contact(name="Mei")], messages=[message])
    deliver(house, bodies.envelope(value, account=house.account_id))
    status = bodies.status("vaporised", id="wamid.1", at=NOON + 1)
    deliver(house, bodies.envelope(bodies.value(house.number_id, statuses=[status]), account=house.account_id))
    with scope(house.id):
        conversation = Conversation.objects.get()
        assert Gap.objects.get().conversation_id == conversation.id
    client.force_login(house.users["Bob"], backend=BACKEND)
    page = client.get(f"/w/{house.handle}/inbox/{conversation.id}/").content.decode()
    assert "WhatsApp told something about a message here that we do not know yet." in page


def test_the_page_of_gaps_names_what_has_no_thread_too(house: House, client: Client) -> None:
    deliver(house, bodies.envelope({"surprise": [{"x": 1}]}, account=house.account_id, field="brand_new_field"))
    client.force_login(house.users["Bob"], backend=BACKEND)
    page = client.get(f"/w/{house.handle}/gaps/").content.decode()
    assert "WhatsApp sent a kind of news that we do not know yet." in page
    assert "brand_new_field" in page
    assert "surprise" not in page


def test_two_kinds_of_news_that_say_the_same_are_two_gaps(house: House) -> None:
    for field in ("one_field", "another_field", "one_field"):
        deliver(house, bodies.envelope({"surprise": [{"x": 1}]}, account=house.account_id, field=field))
    with scope(house.id):
        assert sorted(Gap.objects.values_list("field", flat=True)) == ["another_field", "one_field"]


def test_a_stranger_finds_no_page_of_gaps(house: House, client: Client) -> None:
    client.force_login(rival().users["Charlie"], backend=BACKEND)
    assert client.get(f"/w/{house.handle}/gaps/").status_code == 404
