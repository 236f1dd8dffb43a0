"""Bytes that come in pieces end as one file, whatever their sizes; a picture is written anew, unless it is too large."""

import io
from contextlib import suppress

import pytest
from PIL import Image

from tests.cast import House, kopi
from troth.base.ids import new_id
from troth.inbox.files import fetching
from troth.inbox.files.fetching import BAD_PICTURE, Taking
from troth.media import kinds, store
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keeping")]


@pytest.fixture
def house() -> House:
    return kopi()


def photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((300, 200), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def taken(house: House, data: bytes, *, piece: int) -> tuple[fetching.Found, dict[str, bytes]]:
    """Take bytes in, in pieces of this size; return what came of it and what lies in the store."""
    id = new_id()
    with scope(house.id):
        files = store.files()
    taking = Taking(id, files)
    for at in range(0, len(data), piece):
        taking.take(data[at : at + piece])
    found = taking.keep(len(data))
    taking.end()
    kept = {}
    for part in store.PARTS:
        with suppress(FileNotFoundError), files.reader(id, part) as file:
            kept[part] = b"".join(file.pieces())
    assert not list(store.in_folder().folder.glob("*/*/.*")), "nothing half written is left"
    return found, kept


@pytest.mark.parametrize("piece", [1, 100, kinds.HEAD_BYTES, 1 << 20])
@pytest.mark.parametrize("size", [0, 1, kinds.HEAD_BYTES - 1, kinds.HEAD_BYTES, 20_000])
def test_a_paper_is_kept_byte_for_byte(house: House, size: int, piece: int) -> None:
    data = (b"%PDF-1.7 " + bytes(range(256)) * 100)[:size]
    found, kept = taken(house, data, piece=piece)
    assert (found.reason, found.size_bytes, kept) == ("", size, {store.WHOLE: data})


@pytest.mark.parametrize("piece", [7, 1 << 20])
def test_a_picture_is_written_anew_with_a_small_one(house: House, piece: int) -> None:
    found, kept = taken(house, photo(), piece=piece)
    assert (found.mime, found.width, found.height, found.has_preview) == ("image/jpeg", 300, 200, True)
    assert set(kept) == set(store.PARTS)
    assert found.size_bytes == len(kept[store.WHOLE])


def test_one_that_is_too_large_to_be_written_anew_is_kept_as_it_is(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "PICTURE_BYTES_MAX", 10_000)
    data = photo()
    found, kept = taken(house, data, piece=1000)
    assert (found.mime, found.has_preview, kept) == ("image/jpeg", False, {store.WHOLE: data})


def test_a_broken_picture_leaves_nothing(house: House) -> None:
    found, kept = taken(house, photo()[:5000], piece=1000)
    assert (found.reason, kept) == (BAD_PICTURE, {})
