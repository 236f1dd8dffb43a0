"""A status whose message never comes becomes a gap after eight days."""

from datetime import timedelta

import pytest

from tests import bodies
from tests.cast import kopi
from tests.deliver import deliver
from troth.base.clock import now
from troth.inbox.models import Gap, PendingChange
from troth.inbox.receive.waiting import KEPT, give_up
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
