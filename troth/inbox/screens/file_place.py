"""A place in a form that takes a file of one's own: what it takes, told before anything is sent, and what is chosen there."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from troth.inbox.files import addresses, preparing
from troth.inbox.models import Attachment
from troth.inbox.screens.files import fitted
from troth.media import kinds, store

TEMPLATE, CARDS = "template", "cards"  # what a file is for, which decides when one may be chosen


@dataclass(frozen=True)
class Place:
    """What a place takes, in the words of its script and in those for people. `file` is what is chosen there already."""

    kind: str
    url: str
    purpose: str
    file: dict[str, Any] | None = None

    @property
    def wish(self) -> str:
        return "document" if self.kind == "document" else ""

    @property
    def types(self) -> str:
        """The types that the browser may tell, some with a star for all of a family."""
        return "image/*" if self.kind == "image" else " ".join(sorted(preparing.types_of(self.kind)))

    @property
    def accept(self) -> str:
        return self.types.replace(" ", ",")

    @property
    def bytes_max(self) -> int:
        return preparing.bytes_max(self.kind)

    @property
    def wrong(self) -> str:
        return preparing.other_kind(self.kind)

    @property
    def large(self) -> str:
        return preparing.larger_than(self.kind)

    @property
    def hint(self) -> str:
        return {
            "image": _("JPEG or PNG. A larger one is made smaller, and what the camera wrote into it is taken out."),
            "video": _("MP4 or 3GP, at most 16 MB."),
            "document": _("PDF, Word, Excel, PowerPoint or plain text, at most 100 MB."),
        }[self.kind]


def place_of(
    kind: str, *, handle: str, conversation_id: UUID, purpose: str, file: dict[str, Any] | None = None
) -> Place:
    """Return the place for a file of a kind in a form of a conversation."""
    return Place(kind, reverse("choose_file", args=[handle, conversation_id]), purpose, file)


def chosen_file(draft: Attachment, *, handle: str, conversation_id: UUID, member_id: UUID) -> dict[str, Any]:
    """Return what is shown of a file that a member has chosen, as a bubble shows one that was sent."""
    where: dict[str, Any] = {"conversation_id": conversation_id, "member_id": member_id, "handle": handle}
    shown: dict[str, Any] = {
        "id": draft.id,
        "name": draft.name or "",
        "size": draft.size_bytes,
        "is_here": True,
        "family": kinds.kind_of(draft.mime).family,
        "url": addresses.address_of(draft.id, store.WHOLE, **where),
    }
    if draft.has_preview:
        shown["preview_url"] = addresses.address_of(draft.id, store.PREVIEW, **where)
        shown["width"], shown["height"] = fitted(draft.width or 1, draft.height or 1)
    return shown
