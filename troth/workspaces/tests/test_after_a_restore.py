"""After a restore, workspaces whose keys are not at hand are counted, those that were forgotten left aside."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import House, kopi, rival
from troth.base import tombstones
from troth.base.clock import now
from troth.base.keystore import SealedFiles
from troth.base.sealing import configure, forget_ring, store
from troth.base.tombstones import Kind, Tombstone
from troth.workspaces.restored import unreadable_workspaces

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path) -> Iterator[None]:
    usual, journal = store(), tombstones.journal()
    configure(SealedFiles(tmp_path / "keys"))
    tombstones.keep_in(tmp_path / "journal")
    yield
    configure(usual)
    tombstones.keep_in(journal)


@pytest.fixture
def house(own_keys: None) -> House:
    rival()
    return kopi()


def test_all_open_where_the_keys_are_at_hand(house: House) -> None:
    assert unreadable_workspaces() == 0


def test_keys_that_are_missing_are_counted_unless_the_workspace_was_forgotten(house: House) -> None:
    store().destroy(str(house.id))
    forget_ring(str(house.id))
    assert unreadable_workspaces() == 1
    tombstones.append(Tombstone(Kind.WORKSPACE, subject_id=house.id, workspace_id=house.id, erased_at=now()))
    assert unreadable_workspaces() == 0


def test_keys_that_were_replaced_since_are_counted(house: House) -> None:
    store().rotate(str(house.id))
    store().retire(str(house.id))
    forget_ring(str(house.id))
    assert unreadable_workspaces() == 1
