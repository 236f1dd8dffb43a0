"""The journal of the forgotten: never lost, never doubled, never telling who they were."""

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command

from troth.base import tombstones
from troth.base.keystore import KeysMissing, SealedFiles
from troth.base.sealing import configure, store
from troth.base.tombstones import Kind, Tombstone, append, merge, read

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
HASHES = ("phone:" + "ab" * 16, "cd" * 16)


@pytest.fixture(autouse=True)
def journal(tmp_path: Path) -> Iterator[Path]:
    usual = tombstones.journal()
    tombstones.keep_in(tmp_path / "here" / "journal")
    yield tombstones.journal()
    tombstones.keep_in(usual)


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count how often everybody was forgotten again."""
    times: list[int] = []

    def replay() -> int:
        times.append(len(read()))
        return 1

    monkeypatch.setattr(tombstones, "_replayers", [])
    tombstones.register_replayer(replay)
    return times


def contact(**more: object) -> Tombstone:
    told = {"subject_id": uuid4(), "workspace_id": uuid4(), "erased_at": AT, "hashes": HASHES} | more
    return Tombstone(Kind.CONTACT, **told)  # type: ignore[arg-type]


def test_what_was_written_is_read_in_its_order() -> None:
    workspace = uuid4()
    written = [
        contact(),
        Tombstone(Kind.MEMBER, subject_id=uuid4(), workspace_id=None, erased_at=AT),
        Tombstone(Kind.WORKSPACE, subject_id=workspace, workspace_id=workspace, erased_at=AT),
    ]
    for one in written:
        append(one)
    assert read() == written


def test_no_journal_is_an_empty_one() -> None:
    assert read() == []


def test_the_journal_is_for_its_owner_alone(journal: Path) -> None:
    append(contact())
    assert journal.stat().st_mode & 0o077 == journal.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("personal", ["+60123456789", "60123456789", "Mei", "mei@example.test", "phone:Mei", ""])
def test_what_would_tell_who_it_was_is_refused(personal: str) -> None:
    with pytest.raises(ValueError, match="keyed hashes and nothing else"):
        contact(hashes=(personal,))


def test_an_instant_without_a_zone_and_a_workspace_of_another_name_are_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        contact(erased_at=datetime(2026, 11, 22))  # noqa: DTZ001
    with pytest.raises(ValueError, match="twice"):
        Tombstone(Kind.WORKSPACE, subject_id=uuid4(), workspace_id=uuid4(), erased_at=AT)


def test_a_line_that_was_cut_short_is_passed_over_and_spoils_nothing_that_follows(journal: Path) -> None:
    first, lost, last = contact(), contact(), contact()
    append(first)
    before = journal.stat().st_size
    append(lost)
    whole = journal.read_bytes()
    for length in range(before, len(whole) - 1):
        journal.write_bytes(whole[:length])
        assert read() == [first]
        append(last)
        assert read() == [first, last]


def test_a_damaged_line_is_passed_over(journal: Path) -> None:
    first, last = contact(), contact()
    append(first)
    append(last)
    journal.write_bytes(journal.read_bytes().replace(str(first.subject_id).encode(), str(uuid4()).encode()))
    assert read() == [last]


def _write_many(path: Path, workspace: UUID) -> None:
    tombstones.keep_in(path)
    for _ in range(50):
        append(contact(workspace_id=workspace))


def test_many_who_write_at_once_lose_nothing(journal: Path) -> None:
    writers = [uuid4() for _ in range(4)]
    forking = multiprocessing.get_context("fork")
    processes = [forking.Process(target=_write_many, args=(journal, one)) for one in writers]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    found = read()
    assert [sum(one.workspace_id == writer for one in found) for writer in writers] == [50] * 4


def test_two_journals_unite_whatever_their_order(journal: Path, tmp_path: Path) -> None:
    shared, ours, theirs = contact(), contact(), contact()
    for one in (theirs, shared):
        append(one)
    other = journal.rename(tmp_path / "other")
    for one in (shared, ours):
        append(one)
    assert merge(other) == 1
    assert merge(other) == 0
    assert merge(tmp_path / "nowhere") == 0
    assert read() == [shared, ours, theirs]


# Replaying


def test_a_replay_runs_everything_that_forgets(replayed: list[int], tmp_path: Path, journal: Path) -> None:
    append(contact())
    other = journal.rename(tmp_path / "other")
    append(contact())
    call_command("replay_tombstones", merge=[str(other)])
    assert replayed == [2]


def test_nothing_opens_where_somebody_was_forgotten_and_nothing_can_forget_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tombstones, "_replayers", [])
    call_command("replay_tombstones")
    append(contact())
    with pytest.raises(CommandError, match="nothing in this Troth can forget them again"):
        call_command("replay_tombstones")


def test_keys_of_a_forgotten_workspace_that_came_back_go_again(replayed: list[int], tmp_path: Path) -> None:
    usual = store()
    configure(SealedFiles(tmp_path / "keys"))
    try:
        forgotten, living = uuid4(), uuid4()
        for one in (forgotten, living):
            store().create(str(one))
        append(Tombstone(Kind.WORKSPACE, subject_id=forgotten, workspace_id=forgotten, erased_at=AT))
        call_command("replay_tombstones")
        assert store().load(str(living))
        with pytest.raises(KeysMissing):
            store().load(str(forgotten))
    finally:
        configure(usual)
