"""Reads `multipart/form-data`, as uploads come."""

import re
from dataclasses import dataclass, field

_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_PARAMETER = re.compile(r'(\w+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form; `filename` and `content_type` only on files."""

    name: str
    data: bytes = field(repr=False)
    filename: str | None = None
    content_type: str | None = None

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")


class NotMultipart(ValueError):
    """The body is not the form that its header promises."""


def parse(content_type: str, body: bytes) -> dict[str, Part]:
    """Return the fields of a form by name.

    Raises: NotMultipart.
    """
    found = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or found is None:
        raise NotMultipart("The content type is not multipart/form-data with a boundary.")
    mark = b"--" + found[1].encode("latin-1")
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise NotMultipart("The form does not end with its boundary.")
    parts = [_part(piece) for piece in pieces[1:-1]]
    return {part.name: part for part in parts}


def _part(piece: bytes) -> Part:
    head, separator, data = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise NotMultipart("A part has no head.")
    headers = {}
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    named = dict(_PARAMETER.findall(headers.get("content-disposition", "")))
    if "name" not in named:
        raise NotMultipart("A part has no name.")
    return Part(named["name"], data, named.get("filename"), headers.get("content-type"))
