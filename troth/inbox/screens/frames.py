"""What the template of a bubble need not work out for each of forty: its classes, its time in words, what it offers, whether
there is more to it than words."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from troth.ui.formatting import emoji_alone

Item = dict[str, Any]
# A text that has none of these is drawn in the shortest way.
_MORE = (
    "media", "location", "contacts", "pieces", "template", "unshown", "quote", "occasion", "reactions", "reaction_refused",
    "forwarded", "deleted", "error_text", "undo_url",
)  # fmt: skip
_LOOKS = {"traced": "deleted", "edited": "edited", "look": "template"}
_TICKS = {
    "queued": "clock",
    "sending": "clock",
    "held": "clock",
    "sent": "check",
    "failed": "circle-alert",
    "uncertain": "triangle-alert",
}


class Frames:
    """The frames of a page's bubbles. Many stand in the same minute, whose words are worked out once."""

    def __init__(self) -> None:
        self._clocks: dict[datetime, str] = {}

    def frame(self, item: Item) -> None:
        """Give a bubble its frame, once it is known what stands before and after it."""
        at = timezone.localtime(item["at"])
        minute = at.replace(second=0, microsecond=0)
        if (clock := self._clocks.get(minute)) is None:
            clock = self._clocks[minute] = date_format(at, "TIME_FORMAT")
        is_plain = item["kind"] == "text" and not any(item.get(one) for one in _MORE)
        item |= {
            "iso": at.isoformat(),
            "clock": clock,
            "is_plain": is_plain,
            "classes": _classes(item),
            "offers": _offers(item.get("acts") or {}),
            "tick": _TICKS.get(item["status"], "check-check"),
        }


def _classes(item: Item) -> str:
    classes = [f"message-{item['direction']}"]
    if item["first_of_group"]:
        classes.append("message-first")
    if item["last_of_group"]:
        classes.append("message-last")
    if item["status"] in ("failed", "uncertain"):
        classes.append(f"message-{item['status']}")
    classes += [f"message-{name}" for name, has in _LOOKS.items() if item.get(has)]
    if item["kind"] == "text" and not item["quote"] and not item["deleted"] and (count := emoji_alone(item["text"])):
        classes.append(f"emoji-{count}")
    return " ".join(classes)


def _offers(acts: dict[str, bool]) -> SafeString:
    """Return the attributes that say what can be done with a bubble."""
    return SafeString("".join(f" data-{act}" for act in ("reply", "react", "forward") if acts.get(act)))
