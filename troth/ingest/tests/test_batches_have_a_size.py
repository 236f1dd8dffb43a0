"""A batch is as large as memory and other people's patience allow."""

import pytest

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import digest, store
from troth.inbox.models import Message
from troth.ingest import claims
from troth.ingest.digest import digest_batch
from troth.ingest.models import Delivery
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return kopi()


def said(house: House, text: str, number: int) -> bodies.Body:
    message = bodies.text(text, id=f"wamid.{number}", at=1_700_000_000 + number)
    return bodies.envelope(bodies.value(house.number_id, messages=[message]), account=house.account_id)


def test_a_batch_takes_no_more_bytes_than_it_should(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "BYTES_MAX", 2_000)
    store(house, *[said(house, "x" * 900, n) for n in range(5)])
    taken = []
    while count := digest_batch():
        taken.append(count)
    assert sum(taken) == 5
    assert max(taken) <= 2
    assert not Delivery.objects.filter(digested_at=None).exists()


def test_a_body_larger_than_a_batch_is_digested_alone(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "BYTES_MAX", 100)
    store(house, said(house, "x" * 5_000, 1))
    digest()
    with scope(house.id):
        assert Message.objects.count() == 1
