"""What an operator does about where files are kept: tries it out, brings them elsewhere, and nobody's files go by themselves."""

import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tests.cast import House, kopi
from tests.keepers import BUCKET, FOLDER, Keeping
from troth.base import tombstones
from troth.base.clock import now
from troth.base.ids import new_id
from troth.inbox.files.sweeping import sweep
from troth.inbox.models import Attachment, AttachmentState, Message
from troth.inbox.tests.arriving import said, told
from troth.media import store
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return kopi()


def kept(house: House, number: int) -> UUID:
    """Add a message with a file of a few bytes."""
    told(house, said(house, "Look", id=f"wamid.{number}", name="Mei"))
    with scope(house.id):
        message = Message.objects.latest("id")
        row = Attachment.objects.create(message=message, state=AttachmentState.HERE, next_attempt_at=None)
    write(house, row.id, f"file {number}".encode())
    id: UUID = row.id
    return id


def write(house: House, id: UUID, data: bytes) -> None:
    with scope(house.id):
        files = store.files()
    for part in store.PARTS:
        with files.writer(id, part) as out:
            out.write(data)


def read(house: House, id: UUID) -> bytes:
    with scope(house.id):
        files = store.files()
    with files.reader(id) as opened:
        return b"".join(opened.pieces())


def run(*words: str) -> str:
    out = io.StringIO()
    call_command("media", *words, stdout=out)
    return out.getvalue()


def ids(keeper: Any) -> set[UUID]:
    return {owner[1] for one in keeper.kept(all_traces=True) if (owner := store.owner_of(one.name))}


def test_it_is_tried_out_and_told(keeping: Keeping) -> None:
    said = run("check")
    assert said.startswith("Media: in the folder" if keeping.kind == FOLDER else "Media: in the bucket troth-media at")
    assert len(said.splitlines()) == 1


def test_every_file_is_told_with_its_size(keeping: Keeping, house: House) -> None:
    made = {kept(house, number) for number in range(3)}
    lines = [json.loads(line) for line in run("names").splitlines()]
    assert {store.owner_of(name) for name, _ in lines} == {(house.id, id) for id in made}
    assert all(size > 0 for _, size in lines)


@pytest.mark.parametrize("keeping", [BUCKET], indirect=True)
def test_files_are_brought_into_a_bucket_while_everything_runs(keeping: Keeping, house: House, settings: Any) -> None:
    settings.MEDIA_IN = "folder"
    first, second, third = (kept(house, number) for number in range(3))
    with pytest.raises(CommandError, match="already"):
        run("copy", "--to", "folder")
    assert "Copied 6 files" in run("copy", "--to", "bucket")
    # The product still runs on the folder: somebody sends, somebody is forgotten.
    fourth = kept(house, 3)
    with scope(house.id):
        Attachment.objects.filter(id=first).delete()
        files = store.files()
    files.remove([first])
    again = run("copy", "--to", "bucket")
    assert "Copied 2 files" in again
    assert "deleted 2" in again
    assert "Both agree" in again
    assert ids(store.in_bucket()) == ids(store.in_folder()) == {second, third, fourth}
    settings.MEDIA_IN = "bucket"
    assert "the folder still holds files and is not used" in run("check")
    assert read(house, third) == b"file 2"
    with scope(house.id):
        Attachment.objects.filter(id=second).delete()
        files = store.files()
    files.remove([second])
    said = run("retire")
    assert "Brought along 0 files, then deleted 4" in said
    assert ids(store.in_folder()) == set()
    assert ids(store.in_bucket()) == {third, fourth}
    assert len(run("check").splitlines()) == 1


@pytest.mark.parametrize("keeping", [BUCKET], indirect=True)
def test_what_was_written_between_the_last_copy_and_the_change_is_brought_along(
    keeping: Keeping, house: House, settings: Any
) -> None:
    settings.MEDIA_IN = "folder"
    first = kept(house, 1)
    run("copy", "--to", "bucket")
    late = kept(house, 2)
    settings.MEDIA_IN = "bucket"
    assert "Brought along 2 files, then deleted 4" in run("retire")
    assert (read(house, first), read(house, late)) == (b"file 1", b"file 2")
    assert ids(store.in_folder()) == set()


@pytest.mark.parametrize("keeping", [BUCKET], indirect=True)
def test_a_copy_that_was_cut_short_goes_on_where_it_was(
    keeping: Keeping, house: House, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_IN = "folder"
    for number in range(10):
        kept(house, number)
    assert keeping.running is not None
    monkeypatch.setattr("troth.media.bucket_calls.PAUSES_S", ())
    monkeypatch.setattr("troth.media.passing.AT_ONCE", 1)
    call = store.in_bucket().put
    puts = 0

    def cut(*given: Any) -> None:
        nonlocal puts
        puts += 1
        if puts == 9:
            raise KeyboardInterrupt
        call(*given)

    monkeypatch.setattr(store.in_bucket(), "put", cut)
    with pytest.raises(KeyboardInterrupt):
        run("copy", "--to", "bucket")
    before = len(list(store.in_bucket().kept()))
    assert 0 < before < 20
    assert f"Copied {20 - before} files" in run("copy", "--to", "bucket")
    assert ids(store.in_bucket()) == ids(store.in_folder())


def test_a_store_that_is_away_is_told_and_nothing_is_deleted(keeping: Keeping, house: House, settings: Any) -> None:
    if keeping.running is None:
        pytest.skip("folders are not away")
    settings.MEDIA_IN = "folder"
    id = kept(house, 1)
    keeping.running.bucket.may_not = frozenset({"PUT"})
    with pytest.raises(CommandError):
        run("copy", "--to", "bucket")
    settings.MEDIA_IN = "bucket"
    with pytest.raises(CommandError, match="does not answer as it should"):
        run("retire")
    assert ids(store.in_folder()) == {id}


def test_nobodys_files_are_gone_after_a_day_and_not_before(keeping: Keeping, house: House) -> None:
    mine, nobodys = kept(house, 1), new_id()
    write(house, nobodys, b"arrived after it was deleted")
    assert sweep() == 0
    with time_machine.travel(now() + timedelta(hours=25)):
        assert sweep() == 1
    assert ids(store.keeper()) == {mine}


def test_where_the_database_knows_nothing_of_a_workspace_its_files_stay(keeping: Keeping, house: House) -> None:
    """Somebody may have started with the wrong database."""
    name = store.name_of(new_id(), new_id(), store.WHOLE)
    target = store.keeper().target(name)
    target.write(b"x")
    target.finish()
    with time_machine.travel(now() + timedelta(days=30)):
        assert sweep() == 0
    assert [one.name for one in store.keeper().kept()] == [name]


def test_files_of_a_forgotten_workspace_that_came_late_go_too(
    keeping: Keeping, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = new_id()
    monkeypatch.setattr(
        tombstones,
        "read",
        lambda: [tombstones.Tombstone(tombstones.Kind.WORKSPACE, gone, gone, now())],
    )
    target = store.keeper().target(store.name_of(gone, new_id(), store.WHOLE))
    target.write(b"x")
    target.finish()
    with time_machine.travel(now() + timedelta(hours=25)):
        assert sweep() == 1
    assert list(store.keeper().kept(all_traces=True)) == []
