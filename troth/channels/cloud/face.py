"""What people see of a number in WhatsApp: its profile, its username, and the links that begin a conversation with it.

Source: Meta, business profiles, business usernames, QR codes and short links (read 2026-11-29).
"""

import asyncio
import re
from typing import Any

from msgspec import Struct

from troth.channels.cloud.checks import CallFailed, Check, Graph
from troth.channels.cloud.sent import FACE
from troth.channels.cloud.wire.reading import identifier, items, piece, word
from troth.channels.cloud.words import _

PROFILE_CHARS_MAX = {"about": 139, "address": 256, "description": 512, "email": 128}
WEBSITES_MAX, WEBSITE_CHARS_MAX = 2, 256
GREETING_CHARS_MAX = 140
LINKS_MAX = 2_000
FIELDS = "about,address,description,email,websites,vertical,profile_picture_url"
INDUSTRIES = (
    "UNDEFINED", "AUTO", "BEAUTY", "APPAREL", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GROCERY", "GOVT", "HOTEL",
    "HEALTH", "NONPROFIT", "PROF_SERVICES", "RETAIL", "TRAVEL", "RESTAURANT", "OTHER",
)  # fmt: skip
USERNAME = re.compile(r"(?!www)(?!.*\.\.)(?=.*[a-z])[a-z0-9_](?:[a-z0-9._]{1,33})[a-z0-9_]")
_DOMAIN_ENDS = re.compile(r"\.(com|org|net|int|edu|gov|mil|us|in|io|ai|html)$")


TROUBLES: dict[int, str] = {
    100: _("WhatsApp did not take this. Check what you entered, then save it again."),
    131009: _("WhatsApp did not take this. Check what you entered, then save it again."),
    133005: _("WhatsApp did not take this PIN. It is six digits."),
    147001: _("This username is taken, or not allowed. Choose another one."),
    147002: _("WhatsApp does not offer usernames to this account yet."),
    147003: _("WhatsApp gives this username only to who has a Facebook page of that name. Link the page in Meta Business settings, then try again."),
    147004: _("WhatsApp gives this username only to who has an Instagram account of that name. Link it in Meta Business settings, then try again."),
    147005: _("Another number of your business has this username. Tick the box to move it here."),
}  # fmt: skip


class Link(Struct, frozen=True, kw_only=True):
    """An address that opens a conversation with the number, with words to begin with."""

    code: str
    greeting: str
    url: str


class Face(Struct, frozen=True, kw_only=True):
    """What people see. `problem` is the code of a check where Meta did not tell; of a part that it did not tell, the part
    stands in `silent`."""

    profile: dict[str, Any] = {}
    username: str = ""
    username_status: str = ""
    suggestions: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    silent: tuple[str, ...] = ()
    problem: str = ""


async def read(graph: Graph, number_id: str) -> Face:
    """Return what Meta says of a number's face. Raises nothing that Meta or the network does."""
    parts = ("profile", "username", "links")
    answers = await asyncio.gather(
        graph.call("GET", number_id, "whatsapp_business_profile", fields=FIELDS),
        graph.call("GET", number_id, "username"),
        graph.call("GET", number_id, "message_qrdls"),
        return_exceptions=True,
    )
    failed = [one for one in answers if isinstance(one, CallFailed)]
    broken = [one for one in answers if isinstance(one, BaseException) and not isinstance(one, CallFailed)]
    if broken:
        raise broken[0]
    if len(failed) == len(parts):
        return Face(problem=failed[0].code)
    said = [one if isinstance(one, dict) else {} for one in answers]
    return Face(
        profile=_profile(said[0]),
        username=word(said[1].get("username")) or "",
        username_status=(word(said[1].get("status")) or "").lower(),
        suggestions=() if said[1].get("username") else await _suggestions(graph, number_id),
        links=tuple(filter(None, map(_link, items(said[2].get("data"))))),
        silent=tuple(part for part, one in zip(parts, answers, strict=True) if isinstance(one, CallFailed)),
    )


async def read_link(graph: Graph, number_id: str, code: str) -> Link | None:
    """Return one link, None where there is none, or Meta does not tell."""
    try:
        answer = await graph.call("GET", number_id, "message_qrdls", code)
    except CallFailed:
        return None
    return _link((items(answer.get("data")) or [answer])[0])


async def set_profile(graph: Graph, number_id: str, profile: dict[str, Any]) -> Check:
    """Replace a number's profile; what is empty is taken away."""
    kept = {name: str(profile.get(name) or "") for name in PROFILE_CHARS_MAX}
    websites = [one for one in profile.get("websites") or [] if one]
    body = {**kept, "websites": websites, "vertical": profile.get("vertical") or "UNDEFINED"}
    if not kept["about"]:
        del body["about"]  # Meta takes no empty one
    return await _told(
        graph, "POST", number_id, "whatsapp_business_profile", body={"messaging_product": "whatsapp", **body}
    )


async def set_picture(graph: Graph, number_id: str, handle: str) -> Check:
    """Show a picture that was uploaded, named by its handle."""
    body = {"messaging_product": "whatsapp", "profile_picture_handle": handle}
    return await _told(graph, "POST", number_id, "whatsapp_business_profile", body=body)


async def set_username(graph: Graph, number_id: str, username: str, *, take: bool = False) -> Check:
    """Ask for a username, or give it up where it is empty. `take` takes it from another number of the same business."""
    if not username:
        return await _told(graph, "DELETE", number_id, "username")
    body = {"username": username, "transfer_action": "force_transfer" if take else "none"}
    return await _told(graph, "POST", number_id, "username", body=body)


async def set_link(graph: Graph, number_id: str, greeting: str, *, code: str = "") -> Check:
    """Make a link, or give the link of this code other words."""
    body = {"prefilled_message": greeting, **({"code": code} if code else {})}
    return await _told(graph, "POST", number_id, "message_qrdls", body=body)


async def remove_link(graph: Graph, number_id: str, code: str) -> Check:
    """Take a link away: nobody who scans it reaches the number then."""
    return await _told(graph, "DELETE", number_id, "message_qrdls", code)


async def set_pin(graph: Graph, number_id: str, pin: str) -> Check:
    """Set the six digits that Meta asks for when the number is registered again."""
    return await _told(graph, "POST", number_id, body={"pin": pin})


def username_fits(username: str) -> bool:
    """Return whether Meta would take a username by its form."""
    return USERNAME.fullmatch(username) is not None and _DOMAIN_ENDS.search(username) is None


async def _told(graph: Graph, method: str, *path: str, body: dict[str, Any] | None = None) -> Check:
    try:
        answer = await graph.call(method, *path, body=body, declared=FACE)
    except CallFailed as failed:
        return failed.check()
    return Check(ok=True, facts={"status": word(answer.get("status"))})


async def _suggestions(graph: Graph, number_id: str) -> tuple[str, ...]:
    try:
        answer = await graph.call("GET", number_id, "username_suggestions")
    except CallFailed:
        return ()
    listed = piece((items(answer.get("data")) or [None])[0]).get("username_suggestions")
    return tuple(found for found in map(word, items(listed)) if found)[:5]


def _profile(answer: dict[str, Any]) -> dict[str, Any]:
    said = piece((items(answer.get("data")) or [None])[0])
    said = piece(said.get("business_profile")) or said  # Meta's pages show both shapes
    profile: dict[str, Any] = {
        name: word(said.get(name), chars_max=most) or "" for name, most in PROFILE_CHARS_MAX.items()
    }
    websites = (word(one, chars_max=WEBSITE_CHARS_MAX) for one in items(said.get("websites")))
    profile["websites"] = [one for one in websites if one][:WEBSITES_MAX]
    profile["has_picture"] = bool(word(said.get("profile_picture_url"), chars_max=2_000))
    profile["vertical"] = word(said.get("vertical")) or "UNDEFINED"
    return profile


def _link(said: Any) -> Link | None:
    about = piece(said)
    code, url = identifier(about.get("code")), word(about.get("deep_link_url"), chars_max=500)
    if not code or not url or not url.startswith("https://"):
        return None
    return Link(code=code, greeting=word(about.get("prefilled_message"), chars_max=500) or "", url=url)
