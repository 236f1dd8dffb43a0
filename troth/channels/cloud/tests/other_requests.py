"""Requests that others wrote, as what we would have to be told to write them ourselves."""

import json
import re
from pathlib import Path
from typing import Any

from tests.outgoing import OUR_ID, TO
from troth.channels.contract import Content, Media, Outbound, Raw

MEDIA = ("image", "video", "audio", "document", "sticker")
NUMBERS = ("latitude", "longitude")
# What a request may leave unsaid, for it is so anyway.
UNSAID = {("recipient_type", "individual"), ("text.preview_url", "False"), ("audio.voice", "False"), ("type", "TEXT")}
OURS = ("biz_opaque_callback_data", "to", "recipient_type", "contacts.name.first_name")  # is in all of ours


def read(path: Path) -> tuple[str, str, Raw]:
    """Return a request's method, the end of its address, and its body."""
    # Where either kind of link may stand, they write both.
    whole = json.loads(re.sub(r"<?http\(s\)://([\w-]+)>?", r"https://\1.example", path.read_text()))
    return whole["method"], whole["url"].split("{{Version}}/")[-1], whole["body"]


def outbound(body: Raw) -> Outbound:
    """Return the message that says what a body of Meta's says."""
    kind = body.get("type") or next(name for name in ("text", "interactive") if name in body)
    part = body[kind]
    quoted = (body.get("context") or {}).get("message_id")
    preview = bool(kind == "text" and part.get("preview_url"))
    return Outbound(our_id=OUR_ID, phone=TO, content=_content(kind, part), quoted_id=quoted, preview_links=preview)


def _content(kind: Any, part: Any) -> Content:
    if kind == "text":
        return Content(kind="text", text=part["body"])
    if kind in MEDIA:
        media = Media(id=part.get("id"), url=part.get("link"), name=part.get("filename"))
        return Content(kind="voice" if part.get("voice") is True else kind, text=part.get("caption"), media=media)
    if kind == "location":
        return Content(kind=kind, data={name: _number(name, value) for name, value in part.items()})
    if kind == "contacts":
        return Content(kind=kind, data={"cards": [_card(card) for card in part]})
    if kind == "reaction":
        return Content(kind=kind, data={"target_id": part["message_id"], "emoji": part.get("emoji")})
    if kind == "template":
        data = {"name": part["name"], "language": part["language"]["code"], "components": part.get("components")}
        return Content(kind=kind, data=data)
    return Content(kind=kind, text=(part.get("body") or {}).get("text"), data=_tapped(part))


def _number(name: str, value: Any) -> Any:
    if name not in NUMBERS:
        return value
    try:
        return float(value)
    except ValueError:
        return value


def _card(card: Raw) -> Raw:
    return {
        "name": card["name"]["formatted_name"],
        "phones": card.get("phones"),
        "emails": [one["email"] for one in card.get("emails", [])],
        "org": (card.get("org") or {}).get("company"),
    }


def _tapped(part: Raw) -> Raw:
    action = part.get("action") or {}
    data: Raw = {"type": part["type"], "action": action, "footer": (part.get("footer") or {}).get("text")}
    if header := part.get("header"):
        file = header.get(header["type"]) if isinstance(header.get(header["type"]), dict) else {}
        data["header"] = {
            "type": header["type"],
            "text": header.get("text"),
            "id": file.get("id"),
            "url": file.get("link"),
        }
    if part["type"] == "button":
        data["buttons"] = [one["reply"] for one in action["buttons"]]
    if part["type"] == "list":
        data |= {"label": action["button"], "sections": action["sections"]}
    if part["type"] == "flow":
        given = action["parameters"]
        payload = given.get("flow_action_payload") or {}
        data |= {ours: given.get(theirs) for ours, theirs in (("token", "flow_token"), ("mode", "mode"))}
        data |= {"label": given["flow_cta"], "action": given.get("flow_action")}
        data |= {name: given[name] for name in ("flow_id", "flow_name") if given.get(name)}
        data |= {"screen": payload.get("screen"), "values": payload.get("data")}
    return data


def leaves(value: Any, within: str = "") -> set[tuple[str, str]]:
    """Return every value of a body with the path at which it stands; what stands in a list has the path of the list."""
    if isinstance(value, dict):
        return {one for key, inner in value.items() for one in leaves(inner, f"{within}.{key}" if within else key)}
    if isinstance(value, list):
        return {one for inner in value for one in leaves(inner, within)}
    if within.rpartition(".")[2] in NUMBERS:
        value = _number("latitude", value)
    if within.rpartition(".")[2] == "type":
        value = str(value).upper()  # Meta takes either
    return {(within, str(value))}


def compared(theirs: Raw, ours: Raw) -> str:
    """Return in words what a request of others says and ours does not, and the other way round; nothing where neither."""
    missing = {path for path, _ in leaves(theirs) - leaves(ours) - UNSAID if path not in OURS}
    added = {path for path, _ in leaves(ours) - leaves(theirs) - UNSAID if path not in OURS}
    words = [f"but for {' '.join(sorted(missing))}"] if missing else []
    return ", ".join(words + ([f"and adds {' '.join(sorted(added))}"] if added else []))
