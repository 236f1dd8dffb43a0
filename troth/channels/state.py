"""How a channel is, in a word for people."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from troth.channels.models import Channel
from troth.channels.steps import has_failed
from troth.channels.trouble import is_lost, trouble_of

# Meta's words for a number's state and quality. Source: Cloud API reference, phone numbers (read 2026-11-22).
_QUALITY = {
    "GREEN": (_("Quality high"), "ok"),
    "YELLOW": (_("Quality medium"), "warn"),
    "RED": (_("Quality low"), "danger"),
}


@dataclass(frozen=True)
class State:
    """A word and the look of its badge: ok, warn, danger, or none."""

    label: Any
    look: str = ""


def state_of(channel: Channel) -> State:
    """Return whether the channel works, as far as is known."""
    if is_lost(channel):
        return State(_("Disconnected by Meta"), "danger")
    if channel.is_removed:
        return State(_("Disconnected"))
    if channel.is_draft:
        return State(_("Not finished"), "warn")
    if channel.problem_code is not None or has_failed(channel) or trouble_of(channel) is not None:
        return State(_("Needs attention"), "danger")
    return State(_("Connected"), "ok")


def quality_of(channel: Channel) -> State | None:
    """Return what Meta makes of the messages of this number, where it says."""
    label, look = _QUALITY.get(channel.quality, (None, ""))
    return State(label, look) if label else None
