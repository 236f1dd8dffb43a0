"""Where people reach us by https, nothing is answered over plain http: pages send the browser to https, programs are refused.

A program that is sent on would have told its secrets in the clear already, and would do so again (ASVS 5.0, 4.1.2). How a
request came is said by the proxy in front of us, in `X-Forwarded-Proto`; a word that no proxy of ours added counts for
nothing, so without one every request came in the clear.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

HEADER = b"x-forwarded-proto"
# What programs call, and browsers' scripts: never a page that a person types.
PROGRAMS = ("/hooks/", "/meta/", "/mail/", "/events")


def came_by_https(scope: Scope, *, proxies: int) -> bool:
    """Return whether each proxy on the way says that it was reached by https. There has to be at least one of ours."""
    said = [value for name, value in scope["headers"] if name == HEADER]
    words = [word.strip().lower() for value in said for word in value.split(b",")]
    return proxies > 0 and bool(words) and all(word == b"https" for word in words)


async def refuse_plain(scope: Scope, send: Send, *, base_url: str) -> None:
    """Answer a request that came over plain http: a page moves to https, anything else is refused."""
    is_page = scope["method"] in ("GET", "HEAD") and not scope["path"].startswith(PROGRAMS)
    if not is_page:
        await send({"type": "http.response.start", "status": 403, "headers": []})
        return await send({"type": "http.response.body", "body": b"https only\n"})
    path = scope.get("raw_path") or scope["path"].encode()
    query = b"?" + scope["query_string"] if scope.get("query_string") else b""
    # The host is ours by configuration: what the request calls it may be anybody's.
    headers = [(b"location", base_url.encode() + path + query)]
    await send({"type": "http.response.start", "status": 301, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
