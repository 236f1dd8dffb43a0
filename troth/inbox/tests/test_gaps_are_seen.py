"""What could not be read is named: at its place in the thread, and on a page of its own."""

from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from tests import bodies
from tests.cast import House, kopi, rival
from tests.deliver import deliver
from troth.inbox.models import Attachment, AttachmentState, Conversation, Gap, Tally
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


def _books(house: House) -> dict[str, int]:
    with scope(house.id):
        found = Tally.objects.values_list("outcome").annotate(n=Sum("count"))
        return dict(found)


def test_everything_that_came_is_counted_with_what_became_of_it(house: House, client: Client) -> None:
    message = bodies.text("Hi", id="wamid.1", at=NOON)
    value = bodies.value(house.number_id, contacts=[bodies.contact(name="Mei")], messages=[message])
    strange = bodies.status("vaporised", id="wamid.1", at=NOON + 1)
    for body in (
        value,
        {**value, "once": "more"},
        bodies.value(house.number_id, statuses=[strange]),
        {"surprise": [{"x": 1}]},
    ):
        field = "brand_new_field" if "surprise" in body else "messages"
        deliver(house, bodies.envelope(body, account=house.account_id, field=field))
    books = _books(house)
    assert books == {"came": 4, "applied": 1, "ignored": 1, "gap": 2}
    client.force_login(house.users["Bob"], backend=BACKEND)
    page = client.get(f"/w/{house.handle}/gaps/").content.decode()
    assert "it had come before" in page
    assert "are missing" not in page
    with scope(house.id):
        Tally.objects.filter(outcome="applied").delete()
    assert "No: 1 are missing" in client.get(f"/w/{house.handle}/gaps/").content.decode()


def test_what_phones_alone_show_and_files_that_did_not_come_stand_on_the_page(house: House, client: Client) -> None:
    pieces: list[dict[str, Any]] = [
        {"type": "unsupported", "errors": [{"code": 131051, "title": "Unsupported"}]},
        {"type": "image", "image": {"id": "1", "mime_type": "image/jpeg"}},
    ]
    messages = [{"from": "60123456789", "id": f"wamid.{n}", "timestamp": str(NOON), **p} for n, p in enumerate(pieces)]
    value = bodies.value(house.number_id, contacts=[bodies.contact(name="Mei")], messages=messages)
    deliver(house, bodies.envelope(value, account=house.account_id))
    with scope(house.id):
        Attachment.objects.update(state=AttachmentState.FAILED, reason="gone", next_attempt_at=None)
    client.force_login(house.users["Bob"], backend=BACKEND)
    page = client.get(f"/w/{house.handle}/gaps/").content.decode()
    assert "cannot be shown" in page
    assert "WhatsApp no longer has this file" in page
