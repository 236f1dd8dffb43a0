"""A place in a form that takes a file of one's own: what it takes, told before anything is sent, and what is chosen there."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from troth.inbox.files import addresses, preparing
from troth.inbox.models import Attachment
from troth.inbox.screens.files import fitted
from troth.media import kinds, store

TEMPLATE, OFFER = "template", "offer"  # what a file is for, which decides when one may be chosen


@dataclass(frozen=True)
class Place:
    """What a place takes, in the words of its script and in those for people: files of these kinds (of one, or several with
    blanks between). `file` is what is chosen there already."""

    kind: str
    url: str
    purpose: str
    file: dict[str, Any] | None = None

    @property
    def wish(self) -> str:
        return "document" if self.kind == "document" else ""

    @property
    def takes(self) -> str:
        """What the place takes for its script, kind by kind: the types that the browser may tell, how large, and what to say
        of a larger one."""
        return json.dumps(
            [
                {"types": _types(kind), "most": preparing.bytes_max(kind), "large": preparing.larger_than(kind)}
                for kind in self._kinds
            ]
        )

    @property
    def accept(self) -> str:
        return ",".join(type for kind in self._kinds for type in _types(kind))

    @property
    def wrong(self) -> str:
        return " ".join([_("WhatsApp takes no such file here."), self.hint] if len(self._kinds) > 1 else [self._only])

    @property
    def hint(self) -> str:
        hints = {
            "image": _("JPEG or PNG. A larger one is made smaller, and what the camera wrote into it is taken out."),
            "video": _("MP4 or 3GP, at most 16 MB."),
            "document": _("PDF, Word, Excel, PowerPoint or plain text, at most 100 MB."),
        }
        if len(self._kinds) == 1:
            return hints[self.kind]
        names = {"image": _("Picture"), "video": _("Video"), "document": _("Document")}
        return " ".join(f"{names[kind]}: {hints[kind]}" for kind in self._kinds)

    @property
    def _kinds(self) -> list[str]:
        return self.kind.split()

    @property
    def _only(self) -> str:
        return preparing.other_kind(self.kind)


def _types(kind: str) -> list[str]:
    """Return the types that the browser may tell of a file of this kind, with a star for all of a family."""
    return ["image/*"] if kind == "image" else sorted(preparing.types_of(kind))


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
