"""Headers of the raw doors' answers, which no middleware of Django sees; and of all answers, which server answers."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

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


def of_door(send: Send, *, secure: bool = True) -> Send:
    """Return a way to send a door's answers with all of these headers; `secure` is false for one in the clear."""
    return _adding([*OF_DOORS, NAMELESS, *(_stay_with_https() if secure else [])], send)


def nameless(send: Send) -> Send:
    """Return a way to send answers without the server's name."""
    return _adding([NAMELESS, *_stay_with_https()], send)


def _stay_with_https() -> list[tuple[bytes, bytes]]:
    """Return what tells browsers to come by https from now on, files and refusals included; nothing where we are not."""
    if not settings.SECURE_HSTS_SECONDS:
        return []
    return [(b"strict-transport-security", f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains".encode())]


def _adding(headers: list[tuple[bytes, bytes]], send: Send) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            said = {name for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(one for one in headers if one[0] not in said)]
        await send(message)

    return sent
