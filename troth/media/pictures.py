"""Pictures without what cameras write into them, and small ones to show first.

Pillow is loaded with the first picture: it weighs some megabytes in every process, and many never see one.
"""
# ruff: noqa: PLC0415

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL import Image

PIXELS_MAX = 50_000_000  # a bomb of a few bytes can claim to be millions of pixels wide
PREVIEW_PIXELS = 640  # its longer side; twice what a bubble is wide
QUALITY, PREVIEW_QUALITY = 88, 72
SENT_BYTES_MAX = 5 * 1024 * 1024  # of a picture that WhatsApp takes (Cloud API, media, read 2026-11-29)
SENT_PIXELS = (4096, 3072, 2048, 1280)  # the longer side, smaller and smaller until it fits
PROFILE_PIXELS, PROFILE_PIXELS_MIN = 640, 192  # of a number's picture (Cloud API, business profiles, read 2026-11-29)
STICKER_PIXELS = 512
STICKER_BYTES_MAX = 100 * 1024
STICKER_QUALITIES = (90, 75, 60, 45, 30, 15)
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}


class NoPicture(Exception):
    """The bytes are no picture that can be read, or one that is too large."""


class TooSmall(Exception):
    """The picture has fewer pixels than it takes."""


class Clean(NamedTuple):
    """A picture written anew, and a small one of it (WebP), with its size in pixels as it is looked at."""

    data: bytes
    preview: bytes
    width: int
    height: int


def cleaned(data: bytes, mime: str) -> Clean:
    """Return a picture without place, camera and comments, turned as it is meant to be seen. Raises: NoPicture."""
    from PIL import ImageOps

    with _opened(data, mime) as picture:
        moves = getattr(picture, "n_frames", 1) > 1
        upright = picture if moves else ImageOps.exif_transpose(picture)
        written = _written(upright, mime, moves=moves)
        return Clean(written, _preview(upright), upright.width, upright.height)


def preview(data: bytes, mime: str) -> bytes:
    """Return the small picture of one that was cleaned before. Raises: NoPicture."""
    with _opened(data, mime) as picture:
        return _preview(picture)


def for_sending(data: bytes, mime: str) -> tuple[Clean, str]:
    """Return a picture as WhatsApp takes one, and its type: JPEG, or PNG where something shines through, of eight bits a
    colour, at most 5 MB. Raises: NoPicture."""
    from PIL import ImageOps

    with _opened(data, mime) as picture:
        upright = ImageOps.exif_transpose(picture)
        clear = "A" in upright.getbands() or "transparency" in upright.info
        plain = upright.convert("RGBA" if clear else "RGB")
        for pixels in SENT_PIXELS:
            plain.thumbnail((pixels, pixels))
            for form in ("image/png", "image/jpeg") if clear or mime == "image/png" else ("image/jpeg",):
                flat = plain if form == "image/png" else _on_white(plain)
                written = _written(flat, form, moves=False)
                if len(written) <= SENT_BYTES_MAX:
                    return Clean(written, _preview(plain), plain.width, plain.height), form
        raise NoPicture


def for_profile(data: bytes, mime: str) -> bytes:
    """Return the middle of a picture as a square JPEG, as a number's profile shows one. Raises: NoPicture, TooSmall."""
    from PIL import ImageOps

    with _opened(data, mime) as picture:
        upright = _on_white(ImageOps.exif_transpose(picture).convert("RGBA")).convert("RGB")
        if min(upright.size) < PROFILE_PIXELS_MIN:
            raise TooSmall
        side = min(PROFILE_PIXELS, *upright.size)
        return _written(ImageOps.fit(upright, (side, side)), "image/jpeg", moves=False)


def as_sticker(data: bytes, mime: str) -> Clean:
    """Return a picture as a sticker: WebP, 512 by 512 pixels, at most 100 kB, clear around. Raises: NoPicture."""
    from PIL import Image, ImageOps

    with _opened(data, mime) as picture:
        drawn = ImageOps.contain(ImageOps.exif_transpose(picture).convert("RGBA"), (STICKER_PIXELS, STICKER_PIXELS))
        sheet = Image.new("RGBA", (STICKER_PIXELS, STICKER_PIXELS))
        sheet.paste(drawn, ((STICKER_PIXELS - drawn.width) // 2, (STICKER_PIXELS - drawn.height) // 2))
        for quality in STICKER_QUALITIES:
            out = io.BytesIO()
            sheet.save(out, "WEBP", quality=quality)
            if out.tell() <= STICKER_BYTES_MAX:
                return Clean(out.getvalue(), _preview(sheet), sheet.width, sheet.height)
        raise NoPicture


def _on_white(picture: "Image.Image") -> "Image.Image":
    from PIL import Image

    if picture.mode != "RGBA":
        return picture
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture.getchannel("A"))
    return sheet


@contextmanager
def _opened(data: bytes, mime: str) -> "Iterator[Image.Image]":
    """Open a picture. Raises: NoPicture, also for what goes wrong while it is worked on."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[FORMATS[mime]]) as picture:
                if picture.width * picture.height > PIXELS_MAX:
                    raise NoPicture
                yield picture
    except NoPicture:
        raise
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        KeyError,
    ) as broken:
        raise NoPicture from broken


def _written(picture: "Image.Image", mime: str, *, moves: bool) -> bytes:
    out = io.BytesIO()
    options: dict[str, object] = {"save_all": moves}
    if mime == "image/gif":
        options["comment"] = b""
    else:
        options["exif"] = b""
        if profile := picture.info.get("icc_profile"):
            options["icc_profile"] = profile
    if mime in ("image/jpeg", "image/webp"):
        options["quality"] = QUALITY
    if mime == "image/jpeg" and picture.mode not in ("RGB", "L", "CMYK"):
        picture = picture.convert("RGB")
    picture.save(out, FORMATS[mime], **options)
    return out.getvalue()


def _preview(picture: "Image.Image") -> bytes:
    small = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")
    small.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
    out = io.BytesIO()
    small.save(out, "WEBP", quality=PREVIEW_QUALITY)
    return out.getvalue()
