"""Keys can be replaced: everything stays readable, and the old key is of no use any more."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from tests.cast import House, kopi
from troth.audit.record import Actor, open_detail, record
from troth.audit.verify import entries_of_chain, verify
from troth.base.keystore import SealedFiles
from troth.base.sealing import INSTALLATION, configure, ring, store
from troth.channels.models import Channel
from troth.support import glass
from troth.support.models import Ground, Kind
from troth.workspaces.management.commands import keys
from troth.workspaces.models import Workspace
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B5.2")]


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keys of this test alone: other test processes share the usual ones."""
    usual = store()
    configure(SealedFiles(tmp_path / "keys"))
    monkeypatch.setattr(keys.Command, "pause", lambda self, seconds: None)
    yield
    configure(usual)


@pytest.fixture
def house(own_keys: None) -> House:
    return kopi()


def test_a_running_process_sees_a_new_key_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ring(str(house.id)).current
    store().rotate(str(house.id))
    assert ring(str(house.id)).current == before
    monkeypatch.setattr("troth.base.sealing.CHECK_EVERY_S", -1.0)
    assert ring(str(house.id)).current != before


def sealed_names(house: House) -> list[bytes]:
    with scope(house.id), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM workspaces_workspace UNION ALL SELECT token FROM channels_channel")
        return [bytes(row[0]) for row in cursor.fetchall()]


def test_after_a_rotation_everything_reads_as_before_and_nothing_needs_the_old_key(house: House) -> None:
    before = sealed_names(house)
    call_command("keys", "rotate", ring=str(house.id))
    after = sealed_names(house)
    assert not set(before) & set(after)
    assert list(store().load(str(house.id)).data) == [2]
    with scope(house.id):
        assert Workspace.current().name == "Kopi & Co"
        assert Channel.objects.get().token == "EAAtoken-of-kopi"


@pytest.mark.clause("A2.2b")
def test_audit_details_rotate_and_the_chain_holds(house: House) -> None:
    with scope(house.id):
        record("test.done", by=Actor.system(), detail={"word": "said"})
    record("test.done", by=Actor.system(), detail={"word": "said"})
    for name in (str(house.id), INSTALLATION):
        call_command("keys", "rotate", ring=name)
    for inside in (scope(house.id), nullcontext()):
        with inside:
            assert verify(entries_of_chain(), details=True).holds
            assert [open_detail(entry) for entry in entries_of_chain()] == [{"word": "said"}]


def test_registers_that_are_written_once_rotate_too(house: House) -> None:
    by = house.users["Alice"].pk
    made = glass.ask(house.id, ground=Ground.SECURITY, reason="Token theft", kind=Kind.LIST, by=by)
    call_command("keys", "rotate", ring=INSTALLATION)
    made.refresh_from_db()
    assert made.reason == "Token theft"


def test_the_installations_ring_rotates_too(house: House) -> None:
    name = house.users["Alice"].name
    call_command("keys", "rotate", ring=INSTALLATION)
    house.users["Alice"].refresh_from_db()
    assert house.users["Alice"].name == name


def test_a_new_master_key_opens_every_ring_and_keeps_the_hashes(house: House) -> None:
    with scope(house.id):
        digest = ring().index("+60123456789", place="x")
    call_command("keys", "rewrap")
    call_command("keys", "check")
    with scope(house.id):
        assert ring().index("+60123456789", place="x") == digest
