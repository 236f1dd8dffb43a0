"""What people see of a number besides its profile: its username, and links with words to begin with."""

import re

from sandbox.accounts import Account, Number
from sandbox.errors import GraphError, missing_object
from sandbox.http import Request, Response, answer
from sandbox.rules.basics import one_of, unexpected_keys
from sandbox.world import World

LINKS_MAX = 2_000
GREETING_CHARACTERS_MAX = 140
USERNAME = re.compile(r"[a-z0-9._]{3,35}")
TAKEN = {"whatsapp", "meta", "taken"}


def username(number: Number, edge: str) -> Response:
    """`GET /{PNID}/username` and `/username_suggestions`."""
    if edge == "username_suggestions":
        base = re.sub(r"[^a-z0-9]+", "_", number.verified_name.lower()).strip("_")[:30] or "shop"
        return answer({"data": [{"username_suggestions": [base, f"{base}_wa"]}]})
    return answer({"username": number.username, "status": "reserved"} if number.username else {})


def change_username(world: World, request: Request, account: Account, number: Number) -> Response:
    """`POST` and `DELETE /{PNID}/username`."""
    if request.method == "DELETE":
        number.username = ""
        world.changed()
        return answer({"success": True})
    body = request.parameters
    unexpected_keys(body, "username", ("username", "transfer_action"))
    wanted = body.get("username")
    if not isinstance(wanted, str) or not _is_username(wanted):
        raise GraphError(100, message="(#100) Param username is not a valid username.")
    action = one_of(body.get("transfer_action", "none"), "transfer_action", ("none", "force_transfer"))
    if wanted in TAKEN:
        raise GraphError(147001)
    holders = [one for _, one in world.numbers.values() if one.username == wanted and one is not number]
    for holder in holders:
        if holder not in account.numbers:
            raise GraphError(147001)
        if action != "force_transfer":
            raise GraphError(147005)
        holder.username = ""
    number.username = wanted
    world.changed()
    return answer({"status": "reserved"})


def _is_username(wanted: str) -> bool:
    return (
        USERNAME.fullmatch(wanted) is not None
        and re.search("[a-z]", wanted) is not None
        and not wanted.startswith((".", "www"))
        and not wanted.endswith((".", ".com", ".org", ".net"))
        and ".." not in wanted
    )


def links(number: Number, request: Request, code: str) -> Response:
    """`GET /{PNID}/message_qrdls`, all or one."""
    if not code:
        return answer({"data": [_link(one, words) for one, words in number.links.items()]})
    if code not in number.links:
        raise missing_object(code)
    return answer({"data": [_link(code, number.links[code])]})


def change_links(world: World, request: Request, number: Number, code: str) -> Response:
    """`POST /{PNID}/message_qrdls`, with a code to change one, and `DELETE /{PNID}/message_qrdls/{code}`."""
    if request.method == "DELETE":
        if number.links.pop(code, None) is None:
            raise missing_object(code)
        world.changed()
        return answer({"success": True})
    body = request.parameters
    unexpected_keys(body, "message_qrdls", ("prefilled_message", "generate_qr_image", "code"))
    words = body.get("prefilled_message")
    if not isinstance(words, str) or not 1 <= len(words) <= GREETING_CHARACTERS_MAX:
        raise GraphError(
            100, message=f"(#100) Param prefilled_message must be 1 to {GREETING_CHARACTERS_MAX} characters."
        )
    code = str(body.get("code") or world.mint.hexadecimal(14).upper())
    if "code" in body and code not in number.links:
        raise missing_object(code)
    if len(number.links) >= LINKS_MAX and code not in number.links:
        raise GraphError(100, message=f"(#100) A number has at most {LINKS_MAX} codes.")
    number.links[code] = words
    world.changed()
    return answer(_link(code, words))


def _link(code: str, words: str) -> dict[str, str]:
    return {"code": code, "prefilled_message": words, "deep_link_url": f"https://wa.me/message/{code}"}
