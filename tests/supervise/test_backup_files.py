"""The form of a backup file: what went in comes out, and whatever was done to the file is noticed."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.backup import chain
from config.backup.backup_key import BackupKey
from config.backup.chain import PIECE_BYTES, Damaged, Header, Reader, Writer, new_id
from config.backup.parcels import Packer, Unpacker
from config.trouble import Trouble

KEY = BackupKey(b"k" * 32, told_as="TROTH_BACKUP_KEY")
OTHER = BackupKey(b"o" * 32, told_as="TROTH_BACKUP_KEY")
AT = datetime(2026, 11, 22, 3, 15, tzinfo=UTC)
TAG = 16


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "PIECE_BYTES", 64)


def written(path: Path, stream: bytes, *, key: BackupKey = KEY) -> Path:
    with path.open("wb") as file:
        writer = Writer(file, key, Header(kind="data", made_at=AT, id=new_id(), key=key.fingerprint))
        for start in range(0, len(stream), 37):
            writer.write(stream[start : start + 37])
        writer.close()
    return path


def read(path: Path, *, key: BackupKey = KEY) -> bytes:
    return b"".join(Reader(path, key).pieces())


def head_of(path: Path) -> int:
    """Return where the first piece begins."""
    return len(chain.read_header(path).encoded())


@pytest.mark.parametrize("length", [0, 1, 63, 64, 65, 128, 1000])
def test_what_went_in_comes_out(tmp_path: Path, length: int) -> None:
    stream = bytes(number % 251 for number in range(length))
    path = written(tmp_path / "file", stream)
    assert read(path) == stream
    assert chain.read_header(path).made_at == AT


@pytest.mark.clause("X36")
def test_nothing_that_went_in_stands_in_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "file", b"a planted word " * 20)
    assert b"planted" not in path.read_bytes()
    assert path.read_bytes() != written(tmp_path / "again", b"a planted word " * 20).read_bytes()


def test_a_byte_that_was_changed_anywhere_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path / "file", bytes(200))
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Trouble):
            read(path)
    path.write_bytes(whole)
    assert read(path) == bytes(200)


def test_an_end_that_is_missing_is_noticed_wherever_it_was_cut(tmp_path: Path) -> None:
    path = written(tmp_path / "file", bytes(256))
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(Trouble):
            read(path)


def test_a_file_that_was_cut_between_two_pieces_is_said_to_be_short(tmp_path: Path) -> None:
    path = written(tmp_path / "file", bytes(256))
    path.write_bytes(path.read_bytes()[: head_of(path) + 2 * (64 + TAG)])
    with pytest.raises(Damaged, match="was cut short: its end is missing. It cannot be restored: take another copy"):
        read(path)


def test_something_behind_the_end_is_noticed(tmp_path: Path) -> None:
    path = written(tmp_path / "file", bytes(100))
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(Damaged):
        read(path)


def swapped(pieces: list[bytes]) -> list[bytes]:
    return [pieces[1], pieces[0], *pieces[2:]]


def doubled(pieces: list[bytes]) -> list[bytes]:
    return [pieces[0], *pieces]


def left_out(pieces: list[bytes]) -> list[bytes]:
    return [pieces[0], *pieces[2:]]


@pytest.mark.parametrize("trick", [swapped, doubled, left_out])
def test_pieces_in_another_order_are_noticed(tmp_path: Path, trick: Callable[[list[bytes]], list[bytes]]) -> None:
    path = written(tmp_path / "file", bytes(64 * 4))  # alike to the last byte, but for their places
    whole, start = path.read_bytes(), head_of(path)
    pieces = [whole[at : at + 64 + TAG] for at in range(start, len(whole), 64 + TAG)]
    path.write_bytes(whole[:start] + b"".join(trick(pieces)))
    with pytest.raises(Damaged):
        read(path)


def test_a_piece_of_another_backup_is_noticed(tmp_path: Path) -> None:
    one, other = written(tmp_path / "one", bytes(200)), written(tmp_path / "other", bytes(200))
    start = head_of(one)
    mixed = bytearray(one.read_bytes())
    mixed[start : start + 64 + TAG] = other.read_bytes()[start : start + 64 + TAG]
    one.write_bytes(mixed)
    with pytest.raises(Damaged):
        read(one)


def test_a_wrong_key_is_told_from_a_damaged_file(tmp_path: Path) -> None:
    path = written(tmp_path / "file", b"words")
    with pytest.raises(Trouble, match="made with another key .* set TROTH_BACKUP_KEY to the key of that time"):
        read(path, key=OTHER)


def test_a_backup_that_claims_the_right_key_does_not_open_with_it(tmp_path: Path) -> None:
    path = written(tmp_path / "file", b"words", key=OTHER)
    path.write_bytes(path.read_bytes().replace(OTHER.fingerprint.encode(), KEY.fingerprint.encode()))
    with pytest.raises(Damaged):
        read(path)


def test_its_own_words_cannot_be_changed(tmp_path: Path) -> None:
    path = written(tmp_path / "file", b"words")
    path.write_bytes(path.read_bytes().replace(b"2026-11-22", b"2026-12-22"))
    assert chain.read_header(path).made_at.month == 12
    with pytest.raises(Damaged):
        read(path)


@pytest.mark.parametrize("content", [b"", b"PK", b"not a backup at all", b"TROTHBAK", b"TROTHBAK\xff\xff\xff\xff{}"])
def test_what_is_no_backup_is_refused_with_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Trouble, match="is not a backup of Troth|is damaged"):
        read(tmp_path / "file")


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="cannot be read .*: give the path of a backup"):
        read(tmp_path / "nowhere")


def test_a_form_of_later_days_is_not_guessed_at(tmp_path: Path) -> None:
    path = written(tmp_path / "file", b"words")
    path.write_bytes(path.read_bytes().replace(b'"format": 1', b'"format": 2'))
    with pytest.raises(Trouble, match="newer Troth: bring this one up to date"):
        read(path)


# Parcels


def packed(path: Path, parcels: dict[str, list[bytes]]) -> Path:
    with path.open("wb") as file:
        writer = Writer(file, KEY, Header(kind="data", made_at=AT, id=new_id(), key=KEY.fingerprint))
        packer = Packer(writer)
        for name, parts in parcels.items():
            packer.put(name, parts)
        packer.close()
        writer.close()
    return path


def test_parcels_come_out_in_their_order_and_the_list_counts_them(tmp_path: Path) -> None:
    put = {"tombstones/journal": [b"a"], "database": [b"b" * 500, b"c"], "media/x/y": [], "media/z": [b"d"]}
    unpacker = Unpacker(Reader(packed(tmp_path / "file", put), KEY))
    assert {name: b"".join(parts) for name, parts in unpacker.parcels()} == {
        name: b"".join(parts) for name, parts in put.items()
    }
    assert unpacker.contents is not None
    assert (unpacker.contents.parcels, unpacker.contents.bytes) == (4, 503)


def test_parcels_that_nobody_takes_are_proven_all_the_same(tmp_path: Path) -> None:
    path = packed(tmp_path / "file", {"database": [b"b" * 500], "media/z": [b"d"]})
    assert [name for name, _ in Unpacker(Reader(path, KEY)).parcels()] == ["database", "media/z"]
    broken = bytearray(path.read_bytes())
    broken[-200] ^= 1
    path.write_bytes(broken)
    with pytest.raises(Damaged):
        list(Unpacker(Reader(path, KEY)).parcels())


@pytest.mark.parametrize("name", ["/etc/passwd", "media/../../keys/master.json", "..", "media/\0"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Trouble, match="leads elsewhere"):
        list(Unpacker(Reader(packed(tmp_path / "file", {name: [b"x"]}), KEY)).parcels())


@pytest.mark.parametrize("change", [("bytes", 4), ("sha256", "0" * 64), ("name", "media/other")])
def test_a_parcel_that_is_not_what_its_end_says_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: tuple[str, object]
) -> None:
    usual = json.dumps
    monkeypatch.setattr(
        "config.backup.parcels.json.dumps",
        lambda told: usual({**told, change[0]: change[1]} if "name" in told else told),
    )
    path = packed(tmp_path / "file", {"media/z": [b"d"]})
    monkeypatch.undo()
    monkeypatch.setattr(chain, "PIECE_BYTES", 64)
    with pytest.raises(Damaged, match="what is in it is not in order"):
        list(Unpacker(Reader(path, KEY)).parcels())


def test_a_large_stream_is_never_held_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "PIECE_BYTES", PIECE_BYTES)

    def stream() -> Iterator[bytes]:
        for _ in range(40):
            yield bytes(PIECE_BYTES // 2)

    with (tmp_path / "file").open("wb") as file:
        writer = Writer(file, KEY, Header(kind="data", made_at=AT, id=new_id(), key=KEY.fingerprint))
        for part in stream():
            writer.write(part)
            assert len(writer._waiting) <= PIECE_BYTES
        writer.close()
    assert sum(map(len, Reader(tmp_path / "file", KEY).pieces())) == 20 * PIECE_BYTES
