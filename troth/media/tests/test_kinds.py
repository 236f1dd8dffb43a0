"""A file is what its first bytes say, whatever it is called; nothing that a browser would run is shown."""

import io
import zipfile

import pytest

from troth.media.kinds import UNKNOWN, sniffed


def office(folder: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "x")
        file.writestr(f"{folder}document.xml", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "mime", "family"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg", "image"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "image"),
        (b"OggS\x00", "audio/ogg", "audio"),
        (b"ID3\x04", "audio/mpeg", "audio"),
        (b"\xff\xfb\x90", "audio/mpeg", "audio"),
        (b"\xff\xf1\x50", "audio/aac", "audio"),
        (b"#!AMR\n", "audio/amr", "audio"),
        (b"\x00\x00\x00\x20ftypM4A ", "audio/mp4", "audio"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4", "video"),
        (b"\x00\x00\x00\x20ftyp3gp4", "video/3gpp", "video"),
        (b"%PDF-1.7", "application/pdf", "file"),
        (office("word/"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "file"),
        (office("xl/"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "file"),
        (b"PK\x03\x04rest", "application/zip", "file"),
        ("Selamat pagi, é".encode(), "text/plain", "file"),
    ],
)
def test_known_kinds(head: bytes, mime: str, family: str) -> None:
    assert sniffed(head)[:2] == (mime, family)


@pytest.mark.clause("X17")
@pytest.mark.parametrize(
    "head",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>",
        b"\xef\xbb\xbf  <!DOCTYPE html><script>",
        b"<?xml version='1.0'?>",
        b"",
        b"\x00\x01\x02",
        b"MZ\x90\x00",
    ],
)
def test_pages_drawings_and_programs_are_only_files(head: bytes) -> None:
    assert sniffed(head) == (UNKNOWN, "file", "bin")
