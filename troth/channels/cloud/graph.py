"""The Graph API as a place to call: where it is, who calls, and what an answer means before anyone reads it."""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

import msgspec

from troth.base.http import Response, Streamed
from troth.channels.cloud.wire.reading import is_true, piece, whole

ANSWER_BYTES_MAX = 64 * 1024


class Outside(Protocol):
    """The part of the outbound HTTP client that is used here."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: Streamed | None = None,
        timeout_s: float = ...,
        max_bytes: int = ...,
    ) -> Response:
        """Return the answer, of whatever status. Raises: the errors of `troth.base.http`."""
        ...


class GraphError(msgspec.Struct, frozen=True, kw_only=True):
    """An error as the Graph API words it. `code` is None where the answer is no JSON, or none of Meta's.

    `trace_id` is Meta's own name for the call: support asks for it. `user_message` is what Meta would say to a person.
    """

    http_status: int
    code: int | None = None
    subcode: int | None = None
    message: str = ""
    is_transient: bool = False
    trace_id: str | None = None
    retry_after_s: float | None = None
    user_message: str = ""


def proof_of(token: str, *, app_secret: str | None) -> str | None:
    """Return the `appsecret_proof` of a token: it shows that the caller also knows the app's secret.

    Source: Meta, "Graph API: secure requests" (read 2026-11-22).
    """
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest() if app_secret else None


def address(base_url: str, version: str, *path: str, **parameters: str | None) -> str:
    """Return the address of a call. Parameters that are None are left out, and so is a version that is empty."""
    given = urlencode({key: value for key, value in parameters.items() if value is not None})
    return "/".join(part for part in (base_url.rstrip("/"), version, *path) if part) + (f"?{given}" if given else "")


def object_in(response: Response) -> dict[str, Any] | None:
    """Return the JSON object that an answer holds, or None."""
    try:
        found = msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def error_in(response: Response, answer: dict[str, Any] | None) -> GraphError | None:
    """Return what went wrong, or None where the call succeeded. The body decides before the status does."""
    error = piece(answer.get("error")) if answer else {}
    if not error:
        return (
            None if response.status == 200 else GraphError(http_status=response.status, retry_after_s=_wait(response))
        )
    message, user_message = error.get("message"), error.get("error_user_msg")
    return GraphError(
        http_status=response.status,
        code=whole(error.get("code")),
        subcode=whole(error.get("error_subcode")),
        message=message if isinstance(message, str) else "",
        is_transient=is_true(error.get("is_transient")),
        trace_id=error["fbtrace_id"] if isinstance(error.get("fbtrace_id"), str) else None,
        retry_after_s=_wait(response),
        user_message=user_message[:500] if isinstance(user_message, str) else "",
    )


def _wait(response: Response) -> float | None:
    """Return the wait that the answer asks for, in seconds: the longer of its two headers."""
    waits = [whole(response.headers.get("Retry-After")) or 0]
    usage = response.headers.get("X-Business-Use-Case-Usage")
    if usage:
        waits.extend(60 * minutes for minutes in _minutes_in(usage))
    longest = min(max(waits), 24 * 3600)
    return float(longest) if longest > 0 else None


def _minutes_in(usage: str) -> list[int]:
    try:
        by_account = piece(msgspec.json.decode(usage))
    except (msgspec.DecodeError, RecursionError):
        return []
    found = [piece(use).get("estimated_time_to_regain_access") for uses in by_account.values() for use in _listed(uses)]
    return [minutes for minutes in map(whole, found) if minutes]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
