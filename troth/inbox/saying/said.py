"""What all dialogs of the composer send alike."""

from typing import Any, NamedTuple
from uuid import UUID

from msgspec import Struct

from troth.channels.contract import Content
from troth.inbox.files.places import HEADER

HEADER_KINDS = ("image", "video", "document")


class Chosen(NamedTuple):
    """A file that a dialog names, and what its place shows it as: the kind that the file has to be of."""

    id: UUID
    kind: str


class Said(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    """What one dialog sends: its tag says which."""

    text: str = ""

    def files(self) -> dict[str, Chosen]:
        """Return the files that were chosen for it by their places in the message. Raises: ValueError."""
        return {}


class Framed(Said):
    """Something to tap on between a heading and small print."""

    header: str = ""
    footer: str = ""


class Headed(Framed):
    """Something to tap on whose heading may be a file in place of words."""

    header_file: str = ""
    header_kind: str = ""

    def files(self) -> dict[str, Chosen]:
        return {HEADER: chosen(self.header_file, self.header_kind, HEADER_KINDS)} if self.header_file else {}


class Choice(Struct, forbid_unknown_fields=True):
    """The words of one button."""

    title: str = ""


def chosen(id: str, kind: str, kinds: tuple[str, ...]) -> Chosen:
    """Return a file that was chosen where files of these kinds are taken. Raises: ValueError."""
    if kind not in kinds:
        raise ValueError(kind)
    return Chosen(UUID(id), kind)


def interactive(said: Said, data: dict[str, Any]) -> Content:
    """Return something to tap on, with the heading and the small print that were chosen for it."""
    parts: dict[str, Any] = {"type": said.__struct_config__.tag, **data}
    if isinstance(said, Headed) and said.header_file:
        parts["header"] = {"type": said.header_kind}
    elif isinstance(said, Framed) and said.header.strip():
        parts["header"] = {"type": "text", "text": said.header.strip()}
    if isinstance(said, Framed) and said.footer.strip():
        parts["footer"] = said.footer.strip()
    return Content(kind="interactive", text=said.text.strip(), data=parts)


def is_address(written: str) -> bool:
    """Return whether this begins as the address of a page does."""
    return written.strip().startswith(("https://", "http://"))
