"""Small real files for customers to send, made on the spot: a picture, a voice note, a paper, a sticker."""

import base64
import struct
import zlib
from functools import lru_cache

PNG_MARK = b"\x89PNG\r\n\x1a\n"
# The smallest lossless WebP: one transparent dot.
STICKER = base64.b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
OPUS_SILENCE = b"\xf8\xff\xfe"
FRAMES_PER_SECOND, SAMPLES_PER_FRAME = 50, 960
OGG_POLYNOMIAL = 0x04C11DB7
MIME_TYPES = {
    "image": "image/png",
    "video": "video/mp4",
    "audio": "audio/ogg; codecs=opus",
    "document": "application/pdf",
    "sticker": "image/webp",
}


def example(kind: str) -> bytes:
    """Return a file of a kind; of a video only the head, since nobody here plays it."""
    if kind == "image":
        return picture(5)
    if kind == "audio":
        return voice(3)
    if kind == "document":
        return paper("A paper")
    return STICKER if kind == "sticker" else b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"


@lru_cache(maxsize=16)
def picture(seed: int, *, width: int = 320, height: int = 240) -> bytes:
    """Return a PNG with soft stripes whose colours depend on the seed."""
    red, green, blue = (150 + seed * 23 % 60, 120 + seed * 37 % 70, 110 + seed * 51 % 80)
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            shade = ((x + y * 2) // 16 % 5) * 4
            rows += bytes((min(255, red + shade), min(255, green + y // 6), min(255, blue + x // 8 + shade)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return PNG_MARK + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(rows), 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def voice(seconds: int) -> bytes:
    """Return an Ogg file with so many seconds of Opus silence, mono.

    Source: RFC 7845 (Ogg encapsulation for Opus), RFC 3533 (Ogg pages).
    """
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 7) + b"sandbox" + struct.pack("<I", 0)
    pages = [_page([head], position=0, number=0, flags=2), _page([tags], position=0, number=1, flags=0)]
    for second in range(seconds):
        frames = [OPUS_SILENCE] * FRAMES_PER_SECOND
        position = (second + 1) * FRAMES_PER_SECOND * SAMPLES_PER_FRAME
        last = second == seconds - 1
        pages.append(_page(frames, position=position, number=second + 2, flags=4 if last else 0))
    return b"".join(pages)


def _page(packets: list[bytes], *, position: int, number: int, flags: int) -> bytes:
    sizes = bytes(len(packet) for packet in packets)
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, position, 1, number, 0, len(sizes)) + sizes
    page = bytearray(head + b"".join(packets))
    page[22:26] = struct.pack("<I", _ogg_checksum(bytes(page)))
    return bytes(page)


@lru_cache(maxsize=1)
def _ogg_table() -> list[int]:
    table = []
    for value in range(256):
        remainder = value << 24
        for _bit in range(8):
            remainder = (remainder << 1) ^ (OGG_POLYNOMIAL if remainder & 0x80000000 else 0)
        table.append(remainder & 0xFFFFFFFF)
    return table


def _ogg_checksum(data: bytes) -> int:
    checksum, table = 0, _ogg_table()
    for byte in data:
        checksum = ((checksum << 8) & 0xFFFFFFFF) ^ table[(checksum >> 24) ^ byte]
    return checksum


def paper(text: str) -> bytes:
    """Return a PDF of one page with one line."""
    safe = "".join(character if 32 <= ord(character) < 127 and character not in "()\\" else " " for character in text)
    content = f"BT /F1 18 Tf 60 760 Td ({safe}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for index, part in enumerate(parts, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (index, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)
    return bytes(out)
