"""The file of a message as a bubble shows it: where it is found, how large it is drawn, or why it is not here."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from troth.contacts.masking import Veil
from troth.inbox.files import addresses
from troth.inbox.models import KEPT, AttachmentState
from troth.media import kinds, store
from troth.workspaces.models import Membership, Role

MEDIA = ("image", "video", "audio", "voice", "document", "sticker")
WITH_FILES = (*MEDIA, "template", "interactive")  # those that may have some
BUBBLE_WIDTH, BUBBLE_HEIGHT = 320, 320  # CSS pixels that a picture takes at most

BAR_STEP, BAR_HEIGHT = 4, 28  # of the drawing of a sound, in its own units

# Given the id of a row, its facts as JSON and how a sound looks: what a bubble needs.
Show = Callable[[UUID, str, str], dict[str, Any]]


def shower(conversation_id: UUID, *, member: Membership, handle: str) -> Show:
    """Return what turns a row of the page's one question (an id, its facts as JSON, how it sounds) into what a bubble shows."""

    def show(id: UUID, facts: str, wave: str) -> dict[str, Any]:
        told = json.loads(facts)
        state = AttachmentState(told["state"])
        is_here = state in KEPT and told["made"]
        shown: dict[str, Any] = {
            "id": id,
            "slot": told["slot"],
            "is_here": is_here,
            "is_waiting": state == AttachmentState.WAITING,
            "size": told["size_bytes"],
            "family": kinds.kind_of(told["mime"]).family,
            "trouble": trouble_text(told["reason"]) if state == AttachmentState.FAILED else "",
        }
        if is_here:
            where = {"conversation_id": conversation_id, "member_id": member.id, "handle": handle}
            shown["url"] = addresses.address_of(id, store.WHOLE, **where)
            seconds = round((told["duration_ms"] or 0) / 1000)
            shown |= {"wave": bars(wave), "seconds": seconds, "length": f"{seconds // 60}:{seconds % 60:02}"}
            if told["has_preview"]:
                shown["preview_url"] = addresses.address_of(id, store.PREVIEW, **where)
                shown["width"], shown["height"] = fitted(told["width"], told["height"])
        elif state == AttachmentState.FAILED and member.may(Role.AGENT):
            shown["again_url"] = reverse("fetch_again", args=[handle, conversation_id, id])
        return shown

    return show


def media_of(kind: str, content: dict[str, Any], veil: Veil, file: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what a bubble says of its file, None where it has none. `file` is what `shower` made of its row, if there is
    one."""
    media = content.get("media")
    if kind not in MEDIA or not isinstance(media, dict):
        return None
    problems = content.get("problems") or []
    state = _("WhatsApp could not deliver this file") if problems else ""
    return {
        "kind": kind,
        "name": veil.said(str(media.get("name") or "")),
        "size": (file or {}).get("size") or media.get("size_bytes"),
        "mime": media.get("mime"),
        "state": state,
        "file": file,
    }


def bars(wave: str) -> str:
    """Return a sound as the path of a drawing: one stroke a bar, from the middle up and down, never none at all."""
    strokes = []
    for place, loudness in enumerate(bytes.fromhex(wave)):
        half = 1 + round(loudness * (BAR_HEIGHT / 2 - 2) / 255)
        strokes.append(f"M{place * BAR_STEP + 2} {BAR_HEIGHT // 2 - half}v{2 * half}")
    return "".join(strokes)


def fitted(width: int, height: int) -> tuple[int, int]:
    """Return how large a picture is drawn in a bubble: whole, never larger than it is."""
    scale = min(1.0, BUBBLE_WIDTH / max(1, width), BUBBLE_HEIGHT / max(1, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def trouble_text(reason: str) -> str:
    """Return why a file is not here and what to do, in words."""
    texts = {
        "gone": _("WhatsApp no longer has this file. Ask the person to send it again."),
        "no_id": _("WhatsApp did not say where this file is. Ask the person to send it again."),
        "not_brought": _("This file was not brought along when the workspace was restored from a copy."),
        "too_large": _("This file is larger than 100 MB and was not fetched. It can be seen on the phone only."),
        "changed": _("What WhatsApp sent was not the file that it had announced."),
        "bad_picture": _("This picture is damaged, or too large to be opened safely."),
        "not_connected": _(
            "The number was disconnected before this file was fetched. Connect it again, then try again."
        ),
        "token_invalid": _("WhatsApp no longer accepts this number's access token. Replace it, then try again."),
        "token_expired": _("This number's access token has expired. Replace it, then try again."),
        "no_permission": _("This number's access token may not fetch files. Replace it, then try again."),
        "address_refused": _("WhatsApp gave an address for this file that we do not open."),
    }
    return texts.get(reason, _("WhatsApp could not be reached for a long time. Try again."))
