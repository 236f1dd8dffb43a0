import array
from dataclasses import asdict
from pathlib import Path

import pytest

from bench.account import main
from bench.bank import Bank
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.base.ids import new_id
from troth.inbox.models import Message
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return kopi()


def bank(house: House) -> Bank:
    return Bank(house.account_id, house.number_id, house.secret, run=1, base_s=1_780_000_000)


def account(house: House, numbers: list[int], folder: Path) -> dict[str, int]:
    path = folder / "acknowledged"
    path.write_bytes(array.array("I", numbers).tobytes())
    return main({"bank": asdict(bank(house)), "acknowledged": str(path), "workspace": str(house.id)})


def test_what_is_there_is_counted_as_stored(house: House, tmp_path: Path) -> None:
    deliver(house, *(bank(house).body(number) for number in range(5)))
    found = account(house, list(range(5)), tmp_path)
    assert found == {"acknowledged": 5, "stored": 5, "lost": 0, "duplicated": 0, "rows": 5}


def test_an_acknowledged_message_that_is_not_there_is_lost(house: House, tmp_path: Path) -> None:
    deliver(house, *(bank(house).body(number) for number in range(5)))
    assert account(house, [0, 1, 2, 77], tmp_path)["lost"] == 1


def test_a_message_that_is_there_twice_is_doubled_even_where_its_hash_differs(house: House, tmp_path: Path) -> None:
    deliver(house, *(bank(house).body(number) for number in range(3)))
    with scope(house.id):
        twin = Message.objects.order_by("id").first()
        assert twin is not None
        twin.pk, twin.external_hash = new_id(), b"another hash----"
        twin.save(force_insert=True)
    assert account(house, [0, 1, 2], tmp_path)["duplicated"] == 1
