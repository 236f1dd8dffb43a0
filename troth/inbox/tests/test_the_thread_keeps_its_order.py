"""Within one second the thread stands as things came, whoever wrote them."""

from uuid import uuid4

import pytest

from tests import bodies
from tests.cast import kopi
from tests.deliver import deliver
from troth.base.clock import now
from troth.inbox.models import Conversation, Message
from troth.inbox.outbox import say
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


def test_an_answer_within_the_same_second_stands_after_what_it_answers() -> None:
    house = kopi()
    second = int(now().timestamp())

    def customer(text: str, *, id: str) -> None:
        message = bodies.text(text, id=id, at=second)
        value = bodies.value(house.number_id, contacts=[bodies.contact(name="Mei")], messages=[message])
        deliver(house, bodies.envelope(value, account=house.account_id))

    customer("Open?", id="wamid.1")
    with scope(house.id):
        bob = Membership.objects.select_related("user").get(id=house.members["Bob"])
        ours = say(Conversation.objects.get(), "Yes", by=bob, client_id=uuid4())
        Message.objects.filter(id=ours.id).update(at=now().fromtimestamp(second, tz=now().tzinfo))
    customer("Great", id="wamid.2")
    with scope(house.id):
        texts = [message.text() for message in Message.objects.order_by("at", "id")]
        assert texts == ["Open?", "Yes", "Great"]
        assert ours.at.microsecond == 0
