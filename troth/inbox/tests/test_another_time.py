"""Something scheduled gets another time; what it would say, and what it offers, still holds at that time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.cast import House, kopi
from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.models import MessageTemplate
from troth.inbox.models import Message, ScheduledMessage, ScheduledState
from troth.inbox.saying import scheduling
from troth.inbox.tests.sending import keep_connection, meet
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
WORDS = {"type": "BODY", "text": "Hello {{1}}, we open.", "example": {"body_text": [["Ana"]]}}
OFFER = {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Only now", "has_expiration": True}}


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    keep_connection(monkeypatch)
    return kopi()


def client(house: House, who: str) -> Client:
    made = Client()
    made.force_login(house.users[who])
    return made


@pytest.fixture
def bob(house: House) -> Client:
    return client(house, "Bob")


@pytest.fixture
def mei(house: House) -> UUID:
    (thread,) = meet(house, 1)
    return thread


def wall(**ahead: float) -> str:
    """Return what a clock of the world's shows in so long."""
    return f"{now() + timedelta(**ahead):%Y-%m-%dT%H:%M}"


def scheduled(house: House, bob: Client, mei: UUID, *, hours: float = 2) -> ScheduledMessage:
    form = {"text": "We open soon", "at": wall(hours=hours, minutes=1), "zone": "UTC"}
    assert bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/", form).status_code == 201
    with scope(house.id):
        return ScheduledMessage.objects.get()


def address(house: House, mei: UUID, one: ScheduledMessage) -> str:
    return f"/w/{house.handle}/inbox/{mei}/scheduled/{one.id}/"


def template(house: House, *components: dict[str, Any]) -> UUID:
    facts = {"name": "we_open", "language": "en", "status": "APPROVED", "category": "MARKETING"}
    with scope(house.id):
        made = MessageTemplate.objects.create(
            account_id=house.account_id, parameter_format="POSITIONAL", components=list(components), **facts
        )
        return UUID(str(made.pk))


def choose(house: House, bob: Client, mei: UUID, id: UUID, **changes: str) -> Any:
    form = {"value-body:1": "Mei", "at": wall(days=3), "zone": "UTC", "client_id": str(new_id())} | changes
    return bob.post(f"/w/{house.handle}/inbox/{mei}/templates/{id}/", form, headers={"HX-Request": "true"})


@pytest.mark.parametrize("who", ["Bob", "Alice"])
def test_it_is_said_at_the_other_time_and_not_at_the_first(house: House, bob: Client, mei: UUID, who: str) -> None:
    one = scheduled(house, bob, mei)
    dialog = client(house, who).get(address(house, mei, one)).content.decode()
    assert "Change the time" in dialog
    assert f'value="{one.send_at:%Y-%m-%dT%H:%M}"' in dialog
    answer = client(house, who).post(address(house, mei, one), {"at": "2999-01-01T09:00", "zone": "UTC"})
    assert (answer.status_code, "90 days" in answer.json()["error"]) == (422, True)
    other = wall(hours=5)
    assert client(house, who).post(address(house, mei, one), {"at": other, "zone": "UTC"}).status_code == 200
    with scope(house.id):
        one.refresh_from_db()
        assert (f"{one.send_at:%Y-%m-%dT%H:%M}", one.zone, one.state) == (other, "UTC", ScheduledState.WAITING)
        assert str(one.author_id) == str(house.members["Bob"])


def test_what_missed_its_time_waits_for_another(house: House, bob: Client, mei: UUID) -> None:
    one = scheduled(house, bob, mei)
    with scope(house.id):
        ScheduledMessage.objects.update(
            state=ScheduledState.NOT_SENT, reason="window", send_at=now() - timedelta(hours=1)
        )
    assert "data-given" not in bob.get(address(house, mei, one)).content.decode()
    assert bob.post(address(house, mei, one), {"at": wall(hours=5), "zone": "UTC"}).status_code == 200
    with scope(house.id):
        one.refresh_from_db()
        assert (one.state, one.reason) == (ScheduledState.WAITING, "")
        ScheduledMessage.objects.update(send_at=now() - timedelta(seconds=1))
        scheduling._send_due_of(house.id)
        assert Message.objects.get(direction="out").text() == "We open soon"


def test_viewers_and_strangers_change_nothing(house: House, bob: Client, mei: UUID) -> None:
    one = scheduled(house, bob, mei)
    form = {"at": wall(hours=5), "zone": "UTC"}
    assert client(house, "Vera").post(address(house, mei, one), form).status_code == 403
    assert client(house, "Vera").get(address(house, mei, one)).status_code == 403
    with scope(house.id):
        assert ScheduledMessage.objects.get().send_at == one.send_at


def test_an_offer_is_made_only_while_it_lasts(house: House, bob: Client, mei: UUID) -> None:
    id = template(house, WORDS, OFFER)
    answer = choose(house, bob, mei, id, **{"offer:expires": "", "value-offer:expires": wall(days=2)})
    assert (answer.status_code, "will have ended by then" in answer.content.decode()) == (422, True)
    assert choose(house, bob, mei, id, **{"value-offer:expires": wall(days=4)}).status_code == 201
    with scope(house.id):
        one = ScheduledMessage.objects.get()
    answer = bob.post(address(house, mei, one), {"at": wall(days=5), "zone": "UTC"})
    assert (answer.status_code, "will have ended by then" in answer.json()["error"]) == (422, True)
    assert bob.post(address(house, mei, one), {"at": wall(days=3, hours=1), "zone": "UTC"}).status_code == 200


def test_a_template_whose_words_have_changed_is_held_and_told(house: House, bob: Client, mei: UUID) -> None:
    id = template(house, WORDS)
    assert choose(house, bob, mei, id).status_code == 201
    with scope(house.id):
        one = ScheduledMessage.objects.get()
        # What Meta gives as examples is another with every reading: it changes no word.
        MessageTemplate.objects.filter(pk=id).update(components=[{**WORDS, "example": {"body_text": [["Eva"]]}}])
    assert bob.post(address(house, mei, one), {"at": wall(hours=5), "zone": "UTC"}).status_code == 200
    with scope(house.id):
        MessageTemplate.objects.filter(pk=id).update(components=[{**WORDS, "text": "Hello {{1}}, we closed."}])
    answer = bob.post(address(house, mei, one), {"at": wall(hours=6), "zone": "UTC"})
    assert (answer.status_code, "have changed since" in answer.json()["error"]) == (422, True)
    with scope(house.id):
        ScheduledMessage.objects.update(send_at=now() - timedelta(seconds=1))
    scheduling._send_due_of(house.id)
    with scope(house.id):
        assert ScheduledMessage.objects.get().reason == "template"
        assert not Message.objects.filter(direction="out").exists()
