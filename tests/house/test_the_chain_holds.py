"""Entries follow one another; none can be changed, removed or slipped in unseen, and erasing a detail breaks nothing."""

import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from tests import cast
from troth.audit.models import Entry
from troth.audit.record import Actor, erase_details, open_detail, record
from troth.audit.verify import verify
from troth.base.ids import new_id
from troth.base.sealing import store
from troth.workspaces.scope import scope


@pytest.fixture
def kopi(db: None) -> cast.House:
    return cast.kopi()


@pytest.fixture
def rival(db: None) -> cast.House:
    return cast.rival()


def holds(entries: list[Entry]) -> bool:
    return verify(entries, details=True).holds


def test_each_entry_leads_to_the_next(kopi: cast.House) -> None:
    with scope(kopi.id):
        for number in range(5):
            record("test.done", by=Actor.member(kopi.members["Alice"]), detail={"turn": number})
        entries = list(Entry.objects.order_by("number"))
        assert holds(entries)
        assert [open_detail(one) for one in entries] == [{"turn": number} for number in range(5)]
        entries[2].action = "test.other"
        assert not holds(entries)


def test_a_chain_is_its_workspaces_own(kopi: cast.House, rival: cast.House) -> None:
    for house in (kopi, rival):
        with scope(house.id):
            assert record("test.done", by=Actor.system()).number == 1
    assert record("test.done", by=Actor.system()).number == 1
    assert [one.workspace_id for one in Entry.objects.all()] == [None]
    with scope(kopi.id):
        assert [one.workspace_id for one in Entry.objects.all()] == [kopi.id]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET action = 'test.other'",
        "UPDATE audit_entry SET detail = '\\x00'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
    ],
)
def test_nothing_is_changed_or_removed(change: str, kopi: cast.House) -> None:
    with scope(kopi.id):
        record("test.done", by=Actor.system(), detail={"a": 1})
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
        assert holds(list(Entry.objects.all()))


def test_a_detail_can_be_erased_and_the_chain_holds(kopi: cast.House) -> None:
    person, other = new_id(), new_id()
    with scope(kopi.id):
        for target in (person, other, person):
            record("contact.seen", by=Actor.system(), target=("contact", target), detail={"reason": "words"})
        assert erase_details(target=("contact", person)) == 2
        entries = list(Entry.objects.order_by("number"))
        assert holds(entries)
        assert [open_detail(one) for one in entries] == [None, {"reason": "words"}, None]


@pytest.fixture
def committed(django_db_blocker: Any) -> Iterator[UUID]:
    """Return an id that has keys, as a workspace has; what is written under it stays in the tests' database."""
    id = new_id()
    store().create(str(id))
    with django_db_blocker.unblock():
        yield id


def test_many_at_once_make_one_chain(committed: UUID) -> None:
    def write() -> None:
        try:
            for _ in range(5):
                with scope(committed):
                    record("test.done", by=Actor.system())
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with scope(committed):
        entries = list(Entry.objects.order_by("number"))
    assert len(entries) == 20
    assert holds(entries)
