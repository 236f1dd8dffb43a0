"""Whatever keeps files, a folder or a bucket: what was written is read, whole or in part, and what was deleted is gone."""

import os
from typing import Any
from uuid import UUID

import pytest

from tests.keepers import FOLDER, VERSIONED, Keeping, bucket_of
from troth.base.http import Response
from troth.media import store
from troth.media.bucket import FIRST_BYTES, STRETCH_BYTES, Bucket
from troth.media.keeping import StoreAway
from troth.media.moving import copy
from troth.media.passing import Broken, give, take

STEP = 64 * 1024


def write(name: str, data: bytes) -> None:
    target = store.keeper().target(name)
    for at in range(0, len(data), STEP):
        target.write(data[at : at + STEP])
    target.finish()


def read(name: str) -> bytes:
    source = store.keeper().source(name)
    try:
        return b"".join(source.read(at, STEP) for at in range(0, source.size, STEP))
    finally:
        source.close()


@pytest.mark.parametrize(
    "size", [1, STEP, FIRST_BYTES - 1, FIRST_BYTES, FIRST_BYTES + 1, FIRST_BYTES + 2 * STRETCH_BYTES + 7]
)
def test_what_was_written_is_read_from_any_place_in_it(keeping: Keeping, size: int) -> None:
    data = os.urandom(size)
    write("a/file", data)
    assert read("a/file") == data
    source = store.keeper().source("a/file")
    assert source.size == size
    for at in (size - 1, 0, size // 2, max(0, FIRST_BYTES - 10)):
        assert source.read(at, 20) == data[at : at + 20]
    assert source.read(size, 1) == b""
    source.close()


def test_a_file_is_there_whole_or_not_at_all(keeping: Keeping) -> None:
    target = store.keeper().target("a/file")
    target.write(b"half")
    with pytest.raises(FileNotFoundError):
        store.keeper().source("a/file")
    target.abandon()
    with pytest.raises(FileNotFoundError):
        store.keeper().source("a/file")
    assert list(store.keeper().kept("a/", all_traces=True)) == []


@pytest.mark.parametrize("knows_conditions", [True, False])
def test_a_file_that_is_replaced_is_replaced_as_a_whole_and_nobody_reads_a_mixture(
    keeping: Keeping, knows_conditions: bool
) -> None:
    if keeping.running:
        keeping.running.bucket.knows_conditions = knows_conditions
    first, second = os.urandom(FIRST_BYTES * 2), os.urandom(FIRST_BYTES * 2)
    write("a/file", first)
    reading = store.keeper().source("a/file")
    begun = reading.read(0, 10)
    write("a/file", second)
    assert read("a/file") == second
    try:
        rest = reading.read(10, len(first))
    except FileNotFoundError:
        rest = first[10:]  # it says that it is another by now
    reading.close()
    assert begun + rest == first


def test_lists_go_over_pages_in_order_and_tell_sizes(keeping: Keeping) -> None:
    names = [f"{folder}/{number:02}" for folder in "ab" for number in range(13)]
    for name in names:
        write(name, b"x" * len(name))
    write("a/03", b"again")
    assert [one.name for one in store.keeper().kept()] == names
    assert {one.name: one.size for one in store.keeper().kept("a/0")} == {
        name: 5 if name == "a/03" else 4 for name in names if name.startswith("a/0")
    }


def test_what_begins_so_is_deleted_with_all_its_versions_and_nothing_else(keeping: Keeping) -> None:
    for name in ("w/aa/1.whole", "w/aa/1.preview", "w/aa/1.piece0", "w/aa/11.whole", "w/bb/2.whole", "x/aa/1.whole"):
        write(name, b"first")
        write(name, b"second")
    store.keeper().remove(["w/aa/1.", "w/cc/nobody."])
    assert [one.name for one in store.keeper().kept(all_traces=True)] == [
        "w/aa/11.whole",
        "w/bb/2.whole",
        "x/aa/1.whole",
    ]
    store.keeper().remove(["w/"])
    store.keeper().remove(["w/"])
    assert [one.name for one in store.keeper().kept(all_traces=True)] == ["x/aa/1.whole"]
    if keeping.running:
        assert keeping.running.traces("/w/") == []
        assert len(keeping.running.traces("/x/")) == 1


def test_more_than_one_call_can_name_are_deleted(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.media.bucket.DELETED_AT_ONCE", 7)
    for number in range(20):
        write(f"w/{number:02}", b"x")
    store.keeper().remove(["w/"])
    assert list(store.keeper().kept(all_traces=True)) == []


def test_files_are_passed_on_and_taken_again(keeping: Keeping, tmp_path: Any) -> None:
    files = {f"w/{number:02}": os.urandom(1 + number * 100_000) for number in range(20)}
    for name, data in files.items():
        write(name, data)
    with (tmp_path / "passed").open("w+b") as passed:
        assert give(store.keeper(), [*files, "w/nobody"], passed) == 20
        store.keeper().remove(["w/"])
        passed.seek(0)
        assert take(store.keeper(), passed) == 20
        assert {name: read(name) for name in files} == files
        store.keeper().remove(["w/"])
        whole = passed.tell()
        for spoilt in (whole - 1, whole - 100, 3):
            passed.truncate(spoilt)
            passed.seek(0)
            with pytest.raises(Broken):
                take(store.keeper(), passed)
    assert "w/19" not in {one.name for one in store.keeper().kept()}


def test_a_copy_makes_both_agree_and_a_second_one_has_nothing_to_do(
    keeping: Keeping, settings: Any, tmp_path: Any
) -> None:
    """Out of the folder and back into it; a bucket is the other side of each."""
    if keeping.kind == FOLDER:
        pytest.skip("there is one store only")
    other = store.in_folder()
    names = [store.name_of(UUID(int=1), UUID(int=n), part) for n in range(2, 9) for part in store.PARTS]
    for name in names:
        write(name, name.encode() * 3)
    told: list[str] = []
    done = copy(store.keeper(), other, say=told.append)
    assert (done.copied, done.deleted, done.agree) == (14, 0, True)
    assert {one.name: one.size for one in other.kept()} == {one.name: one.size for one in store.keeper().kept()}
    assert copy(store.keeper(), other, say=told.append)[:3] == (0, 0, 0)
    write(names[0], b"another")
    write(names[1], names[1].encode() * 2 + names[0].encode())  # as large as it was
    store.keeper().remove([names[2]])
    done = copy(store.keeper(), other, say=told.append)
    assert (done.copied, done.deleted, done.agree) == (2, 1, True)
    for name in names[:2]:
        assert (other.folder / name).read_bytes() == read(name)
    store.keeper().remove([""])
    done = copy(other, store.keeper(), say=told.append)
    assert (done.copied, done.agree) == (13, True)
    assert [one.name for one in store.keeper().kept()] == sorted(set(names) - {names[2]})


def test_a_bucket_without_its_mark_is_not_taken_for_an_empty_one(keeping: Keeping, settings: Any) -> None:
    if keeping.running is None:
        pytest.skip("folders have no mark")
    write("w/1", b"x")
    keeping.running.bucket.shelf.delete("current", *(["v000000001"] if keeping.kind == VERSIONED else []))
    settings.MEDIA_BUCKET = bucket_of({**keeping.environment, "TROTH_S3_NETWORKS": "10.0.0.0/8"})
    with pytest.raises(StoreAway) as told:
        store.keeper().source("w/1")
    assert told.value.reason == "no_mark"
    store.in_bucket().turn("1")
    assert read("w/1") == b"x"


def test_another_generation_is_built_beside_the_present_one_and_takes_its_place(
    keeping: Keeping, settings: Any
) -> None:
    if keeping.running is None:
        pytest.skip("folders are replaced by name")
    write("w/1", b"old")
    settings.MEDIA_GENERATION = "abc"
    write("w/1", b"new")
    settings.MEDIA_GENERATION = ""
    assert read("w/1") == b"old"
    bucket = store.in_bucket()
    assert sorted(bucket.generations()) == ["1", "abc"]
    bucket.turn("abc")
    assert read("w/1") == b"new"
    bucket.drop("1")
    assert bucket.generations() == ["abc"]
    assert keeping.running.traces("1/w") == []


def test_two_that_begin_with_an_empty_bucket_at_once_agree(keeping: Keeping, monkeypatch: pytest.MonkeyPatch) -> None:
    if keeping.running is None:
        pytest.skip("folders have no mark")
    bucket, other = store.in_bucket(), Bucket(store.in_bucket().place, spool=store.in_folder().folder.parent)
    look, looks = bucket._mark, 0

    def mark() -> Response:
        nonlocal looks
        answer, looks = look(), looks + 1
        if looks == 1:
            for name in ("w/1", "w/2"):
                target = other.target(name)
                target.write(b"theirs")
                target.finish()
        return answer

    monkeypatch.setattr(bucket, "_mark", mark)
    write("w/1", b"ours")
    assert looks == 2
    assert (read("w/1"), read("w/2")) == (b"ours", b"theirs")
