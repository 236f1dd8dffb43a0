"""A status whose message never comes becomes a gap after eight days; the books close for each day that it came on."""

from datetime import timedelta

import pytest
from django.db.models import Sum

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.base.clock import now
from troth.channels.models import Channel
from troth.inbox.models import Conversation, Gap, PendingChange, Tally
from troth.inbox.receive.waiting import KEPT, drop_waiting, give_up
from troth.inbox.screens.gaps import books
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


def test_after_eight_days_it_is_named_and_no_longer_kept() -> None:
    house = kopi()
    status = bodies.status("read", id="wamid.NEVER", at=1_780_000_000)
    deliver(house, bodies.envelope(bodies.value(house.number_id, statuses=[status]), account=house.account_id))
    assert give_up() == 0
    with scope(house.id):
        PendingChange.objects.update(created_at=now() - KEPT - timedelta(minutes=1))
    assert give_up() == 1
    with scope(house.id):
        assert not PendingChange.objects.exists()
        assert [gap.reason for gap in Gap.objects.all()] == ["its-message-never-came"]


def test_it_stands_in_the_thread_of_whoever_it_names() -> None:
    house = kopi()
    _says(house, id="wamid.1")
    _status(house, "read", id="wamid.NEVER")
    _eight_days_later(house)
    with scope(house.id):
        assert Gap.objects.get().conversation_id == Conversation.objects.get().id


def test_what_waits_is_counted_when_it_waits_no_more_under_the_day_on_which_it_came() -> None:
    house = kopi()
    for id in ("wamid.OURS", "wamid.NEVER", "wamid.FORGOTTEN"):
        _status(house, "read", id=id)
    assert _outcomes(house) == {"came": 3}
    assert _book(house)["waits"] == 3
    assert _book(house)["missing"] == 0
    echo = {"from": "60355550100", "to": "60123456789", "id": "wamid.OURS", "timestamp": "1780000000"}
    value = bodies.value(house.number_id, message_echoes=[{**echo, "type": "text", "text": {"body": "Yes"}}])
    deliver(house, bodies.envelope(value, account=house.account_id, field="smb_message_echoes"))
    assert _outcomes(house) == {"came": 4, "applied": 2}
    with scope(house.id):
        drop_waiting([PendingChange.objects.values_list("id", flat=True)[0]])
    assert _outcomes(house) == {"came": 4, "applied": 2, "ignored": 1}
    _eight_days_later(house)
    assert _outcomes(house) == {"came": 4, "applied": 2, "ignored": 1, "gap": 1}
    with scope(house.id):
        gap = Tally.objects.get(outcome="gap")
        assert gap.day == (now() - KEPT - timedelta(minutes=1)).date()


def _says(house: House, *, id: str) -> None:
    value = bodies.value(
        house.number_id, contacts=[bodies.contact(name="Mei")], messages=[bodies.text("Hi", id=id, at=1_780_000_000)]
    )
    deliver(house, bodies.envelope(value, account=house.account_id))


def _status(house: House, word: str, *, id: str) -> None:
    value = bodies.value(house.number_id, statuses=[bodies.status(word, id=id, at=1_780_000_000)])
    deliver(house, bodies.envelope(value, account=house.account_id))


def _eight_days_later(house: House) -> None:
    with scope(house.id):
        PendingChange.objects.update(created_at=now() - KEPT - timedelta(minutes=1))
    assert give_up() == 1


def _outcomes(house: House) -> dict[str, int]:
    with scope(house.id):
        return dict(Tally.objects.values_list("outcome").annotate(n=Sum("count")))


def _book(house: House) -> dict[str, int]:
    with scope(house.id):
        [book] = books({one.id: one for one in Channel.objects.all()})
        return book
