"""Pictures are written anew: nothing of the camera stays, they stand upright, and bombs do not go off."""

import io

import pytest
from PIL import Image

from troth.media.pictures import PREVIEW_PIXELS, NoPicture, cleaned

GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def photo(kind: str = "JPEG", *, size: tuple[int, int] = (900, 600), **more: object) -> bytes:
    """Return a photograph with a place, a maker and a note that it lies on its side."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = "Planted Camera", 6
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "N", (3.0, 8.0, 20.0)
    Image.new("RGB", size, "teal").save(out, kind, exif=exif, **more)
    return out.getvalue()


@pytest.mark.clause("X17")
@pytest.mark.parametrize(("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_place_and_camera_are_gone_and_it_stands_upright(kind: str, mime: str) -> None:
    data = photo(kind)
    with Image.open(io.BytesIO(data)) as before:
        assert before.getexif().get_ifd(GPS)  # the control: it was there
    clean = cleaned(data, mime)
    for written in (clean.data, clean.preview):
        assert b"Planted" not in written
        with Image.open(io.BytesIO(written)) as after:
            assert not after.getexif()
    assert (clean.width, clean.height) == (600, 900)
    with Image.open(io.BytesIO(clean.preview)) as small:
        assert max(small.size) == PREVIEW_PIXELS


def test_what_moves_goes_on_moving() -> None:
    frames = [Image.new("RGB", (40, 40), color) for color in ("red", "green", "blue")]
    for kind, mime in (("GIF", "image/gif"), ("WEBP", "image/webp")):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
        with Image.open(io.BytesIO(cleaned(out.getvalue(), mime).data)) as after:
            assert getattr(after, "n_frames", 1) == 3


@pytest.mark.clause("X17")
@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8\xff", photo()[:-400], b"\x89PNG\r\n\x1a\n" + b"x" * 100],
    ids=["none", "head", "cut", "png"],
)
def test_what_is_no_picture_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(NoPicture):
        cleaned(data, "image/png" if data.startswith(b"\x89") else "image/jpeg")


@pytest.mark.clause("X17")
def test_a_picture_that_claims_to_be_huge_is_not_opened() -> None:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(NoPicture):
        cleaned(out.getvalue(), "image/png")
