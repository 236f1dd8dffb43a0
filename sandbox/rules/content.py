"""Plain kinds: text, media, location, reaction."""

from typing import Any

from sandbox.errors import GraphError
from sandbox.rules.basics import (
    a_flag,
    a_number,
    an_address,
    an_object,
    one_of,
    required,
    some_text,
    unexpected_keys,
    wrong,
)

TEXT_CHARACTERS_MAX = 4096
CAPTION_CHARACTERS_MAX = 1024
FILENAME_CHARACTERS_MAX = 240
EMOJI_CHARACTERS_MAX = 32

MEDIA_KEYS = {
    "image": ("id", "link", "caption"),
    "video": ("id", "link", "caption"),
    "audio": ("id", "link", "voice"),
    "document": ("id", "link", "caption", "filename"),
    "sticker": ("id", "link"),
}


def text(value: Any) -> None:
    """Check the object of a text message."""
    if value is None:
        raise required("text")
    body = an_object(value, "text", keys=("body", "preview_url"))
    some_text(body.get("body"), "text['body']", most=TEXT_CHARACTERS_MAX)
    if "preview_url" in body:
        a_flag(body["preview_url"], "text['preview_url']")


def media(value: Any, kind: str, param: str = "") -> None:
    """Check the object of an image, video, audio, document or sticker."""
    param = param or kind
    if value is None:
        raise required(param)
    body = an_object(value, param, keys=MEDIA_KEYS[kind])
    has_id, has_link = body.get("id") is not None, body.get("link") is not None
    if has_id == has_link:
        raise GraphError(100, f"Exactly one of {param}['id'] and {param}['link'] is required.")
    if has_link:
        an_address(body["link"], f"{param}['link']")
    elif not (isinstance(body["id"], str | int) and str(body["id"]).isdigit()):
        raise not_an_attachment(param)
    if "caption" in body:
        some_text(body["caption"], f"{param}['caption']", most=CAPTION_CHARACTERS_MAX, least=0)
    if "filename" in body:
        some_text(body["filename"], f"{param}['filename']", most=FILENAME_CHARACTERS_MAX)
    if "voice" in body:
        a_flag(body["voice"], f"{param}['voice']")


def not_an_attachment(param: str) -> GraphError:
    """The platform's answer to a media id that it does not have."""
    return GraphError(
        100, message=f"(#100) Param {param}['id'] is not a valid whatsapp business account media attachment ID"
    )


def location(value: Any) -> None:
    """Check the object of a location."""
    if value is None:
        raise required("location")
    body = an_object(value, "location", keys=("latitude", "longitude", "name", "address"))
    for name, most in (("latitude", 90), ("longitude", 180)):
        if body.get(name) is None:
            raise required(f"location['{name}']")
        a_number(body[name], f"location['{name}']", least=-most, most=most)
    for name in ("name", "address"):
        if name in body:
            some_text(body[name], f"location['{name}']", most=1000, least=0)


def reaction(value: Any) -> None:
    """Check the object of a reaction; empty `emoji` takes one back."""
    if value is None:
        raise required("reaction")
    body = an_object(value, "reaction", keys=("message_id", "emoji"))
    some_text(body.get("message_id"), "reaction['message_id']", most=512)
    emoji = body.get("emoji")
    if emoji is None:
        raise required("reaction['emoji']")
    if not isinstance(emoji, str) or len(emoji) > EMOJI_CHARACTERS_MAX:
        raise wrong("reaction emoji must be a single emoji")
    if emoji and all(ord(character) < 0x80 and character not in "#*0123456789" for character in emoji):
        raise wrong("reaction emoji must be a single emoji")


def context(value: Any) -> None:
    """Check what a reply points at."""
    body = an_object(value, "context", keys=("message_id",))
    some_text(body.get("message_id"), "context['message_id']", most=512)


def typing(value: Any) -> None:
    """Check a typing indicator."""
    body = an_object(value, "typing_indicator", keys=("type",))
    one_of(body.get("type"), "typing_indicator['type']", ("text",))


def pin(value: Any) -> None:
    """Check a pinned message; it exists in groups only."""
    body = value if isinstance(value, dict) else {}
    unexpected_keys(body, "pin", ("type", "message_id", "expiration_days"))
    raise GraphError(100, "pin is only supported in groups")
