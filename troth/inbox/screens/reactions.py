"""The reactions to a message, and one of ours that WhatsApp refused."""

from datetime import datetime
from typing import Any

from troth.channels.registry import explain
from troth.inbox.screens.surroundings import Reacting

Item = dict[str, Any]


def refused_of(refused: Reacting | None, later: Reacting | None, channel_kind: str) -> Item | None:
    """Return what is said of a reaction of ours that WhatsApp refused, unless another one came after it."""
    if refused is None or (later is not None and later.id > refused.id):
        return None
    return {"id": refused.id, "emoji": refused.emoji, "why": explain(channel_kind, refused.code or 0)}


def reactions_of(found: list[tuple[str, bool, datetime]], reacting: Reacting | None) -> list[Item]:
    """Return the reactions with how many set each. Of ours the newest counts; what was refused never held."""
    said = list(found)
    if reacting is not None and not any(ours and at > reacting.at for _, ours, at in found):
        said = [one for one in said if not one[1]]
        said += [(reacting.emoji, True, reacting.at)] if reacting.emoji else []
    shown: dict[str, Item] = {}
    for emoji, ours, _at in said:
        entry = shown.setdefault(emoji, {"emoji": emoji, "count": 0, "mine": False})
        entry["count"] += 1
        entry["mine"] |= ours
    return list(shown.values())
