"""The little of HTTP that raw ASGI leaves to us: read a request, answer it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

import msgspec

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

BODY_BYTES_MAX = 104 * 1024 * 1024
JSON_TYPE = b"application/json; charset=UTF-8"

WHO_CALLS = frozenset({"access_token", "appsecret_proof"})


class TooLarge(Exception):
    """The body is larger than anything that Meta takes."""


@dataclass(slots=True)
class Response:
    """What goes back: a status, bytes, and their type."""

    body: bytes
    status: int = 200
    content_type: bytes = JSON_TYPE
    headers: Headers = field(default_factory=list)


def answer(value: object, *, status: int = 200, headers: Headers | None = None) -> Response:
    """Return a JSON response."""
    return Response(msgspec.json.encode(value), status=status, headers=headers or [])


class Request:
    """One request, read whole; parts are worked out when asked for. `arrived_s` is when, on the monotonic clock."""

    def __init__(self, scope: Scope, body: bytes, *, arrived_s: float = 0.0) -> None:
        self.arrived_s = arrived_s
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.body = body
        self._scope = scope

    @cached_property
    def headers(self) -> dict[str, str]:
        return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in self._scope["headers"]}

    @cached_property
    def query(self) -> dict[str, str]:
        raw = self._scope.get("query_string", b"")
        return dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True)) if raw else {}

    def values(self, name: str) -> list[str]:
        """Return every value of a query parameter that may stand there more than once."""
        raw = self._scope.get("query_string", b"").decode("latin-1")
        return [value for key, value in parse_qsl(raw, keep_blank_values=True) if key == name]

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object; anything else counts as no parameters at all, as the Graph API treats it."""
        try:
            value = msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """Query, form and JSON parameters together: the Graph API reads all three alike. What shows who calls is none of
        what is asked for."""
        kind = self.headers.get("content-type", "")
        query = {name: value for name, value in self.query.items() if name not in WHO_CALLS}
        if kind.startswith("application/x-www-form-urlencoded"):
            return {**query, **dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))}
        return {**query, **self.json}


async def read_body(receive: Receive) -> bytes:
    """Return the whole body.

    Raises: TooLarge beyond what the largest upload may be.
    """
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    chunks, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > BODY_BYTES_MAX:
            raise TooLarge
        chunks.append(chunk)
    return b"".join(chunks)


async def respond(send: Send, response: Response) -> None:
    """Write a response out."""
    headers = [
        (b"content-type", response.content_type),
        (b"content-length", str(len(response.body)).encode()),
        *response.headers,
    ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
