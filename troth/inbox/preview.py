"""The one line by which a conversation is shown in the list."""

from dataclasses import dataclass

from troth.channels.contract import Content

PREVIEW_MAX = 140


@dataclass(frozen=True, slots=True)
class Preview:
    """The line's text (may be empty: the kind's own word is shown then), the kind, which way it went, its status."""

    text: str
    kind: str
    direction: str
    status: int = 0


def preview_text(content: Content | None) -> str:
    """Return the beginning of what a message says, on one line; empty where it has no words."""
    if content is None:
        return ""
    data = content.data or {}
    said = content.text or str(data.get("title") or "") or _named(content)
    return " ".join(said[: PREVIEW_MAX * 2].split())[:PREVIEW_MAX]


def _named(content: Content) -> str:
    if content.media and content.media.name:
        return content.media.name
    cards = (content.data or {}).get("cards")
    if isinstance(cards, list) and cards and isinstance(cards[0], dict):
        return str(cards[0].get("name") or "")
    return ""
