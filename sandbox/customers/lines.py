"""What a customer can do in one turn."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Say:
    """One turn. `kind` is a message type, or one of react, edit, revoke, change_number."""

    text: str = ""
    kind: str = "text"
    content: dict[str, Any] | list[Any] | None = None
    quotes: bool = False
    extras: dict[str, Any] = field(default_factory=dict)


def picture(caption: str = "", *, seed: int = 1) -> Say:
    return Say(caption, kind="image", content={"seed": seed})


def voice(seconds: int = 3) -> Say:
    return Say(kind="audio", content={"seconds": seconds})


def paper(name: str) -> Say:
    return Say(kind="document", content={"filename": name})


def sticker() -> Say:
    return Say(kind="sticker")


def place(latitude: float, longitude: float, name: str = "", address: str = "") -> Say:
    content: dict[str, Any] = {"latitude": latitude, "longitude": longitude}
    if name:
        content |= {"name": name, "address": address}
    return Say(kind="location", content=content)


def card(name: str, phone: str) -> Say:
    first, _, last = name.partition(" ")
    parts = {"formatted_name": name, "first_name": first, "last_name": last}
    digits = "".join(character for character in phone if character.isdigit())
    return Say(
        kind="contacts",
        content=[{"name": parts, "phones": [{"phone": phone, "type": "CELL", "wa_id": digits}], "origin": "other"}],
    )


def poll() -> Say:
    return Say(kind="unsupported", content={"type": "poll_creation"})


def react(emoji: str) -> Say:
    """React to what the business wrote last; empty takes the reaction back."""
    return Say(emoji, kind="react")


def quote(text: str) -> Say:
    """Answer with a quote of what the business wrote last."""
    return Say(text, quotes=True)


def correct(text: str) -> Say:
    """Edit one's own last text."""
    return Say(text, kind="edit")


def take_back() -> Say:
    """Delete one's own last message for everybody."""
    return Say(kind="revoke")


def move_to(number: str) -> Say:
    """Change to another phone number."""
    return Say(number, kind="change_number")


def forwarded(text: str) -> Say:
    return Say(text, extras={"context": {"forwarded": True}})


def from_advertisement(text: str) -> Say:
    """Write after a tap on an advertisement."""
    referral = {
        "source_url": "https://fb.me/3sandboxAd",
        "source_id": "120210000000000001",
        "source_type": "ad",
        "headline": "Same-day flowers in Kuala Lumpur",
        "body": "Order before 2 pm, delivered by 6.",
        "media_type": "image",
        "image_url": "https://example.org/ads/same-day.jpg",
        "ctwa_clid": "ARAsandboxClickOfNobody0001",
    }
    return Say(text, extras={"referral": referral})
