"""Headers of the raw doors' answers, which no middleware of Django sees; and of all answers, which server answers."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from troth.ui.middleware import PERMISSIONS

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# The doors answer with words for programs. Should a browser ever show one as a page, nothing in it does anything.
OF_DOORS = [
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", PERMISSIONS.encode()),
    (b"cache-control", b"no-store"),
]
# Left to itself, the server would put its name there.
NAMELESS = (b"server", b"")


def of_door(send: Send) -> Send:
    """Return a way to send a door's answers with all of these headers."""
    return _adding([*OF_DOORS, NAMELESS], send)


def nameless(send: Send) -> Send:
    """Return a way to send answers without the server's name."""
    return _adding([NAMELESS], send)


def _adding(headers: list[tuple[bytes, bytes]], send: Send) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            said = {name for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(one for one in headers if one[0] not in said)]
        await send(message)

    return sent
