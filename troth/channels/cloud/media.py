"""Files and Meta: fetching one that Meta holds (where it lies, then its bytes, whole and as announced), and giving it one.

Source: Cloud API, media (read 2026-11-29): addresses live five minutes, ids of what came in seven days, ids of what we
gave thirty; the address is opened with the token.
"""

import asyncio
import base64
import binascii
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from typing import Any

from msgspec import Struct

from troth.base.http import Ambiguous, Client, NotSent, Refused, Streamed, TooLarge
from troth.channels.cloud.checks import CallFailed, Form, Graph
from troth.channels.cloud.wire.reading import identifier, whole

FILE_BYTES_MAX = 100 * 1024 * 1024
DOWNLOAD_TIMEOUT_S = 120.0
Sink = Callable[[bytes], object]

# What to try again later, and what will never be otherwise.
_LATER = {"unreachable", "no_answer", "meta_down", "throttled", "unreadable", "broken"}
_GONE_SUBCODE = 33


class Fetched(Struct, frozen=True, kw_only=True):
    """What came of fetching a file. `reason` is a short word where it is not here: gone, too_large, changed, no_permission,
    token_invalid, meta_down, ...; `again` is whether a later attempt may help."""

    ok: bool
    reason: str = ""
    again: bool = False
    size_bytes: int = 0


class Given(Struct, frozen=True, kw_only=True):
    """What came of giving a file. `reason` is a short word as above, `code` Meta's number where it gave one."""

    ok: bool
    id: str = ""
    reason: str = ""
    again: bool = False
    code: int | None = None


async def fetch(
    client: Client, graph: Graph, *, token: str, number_id: str, media_id: str, hosts: Collection[str], sink: Sink
) -> Fetched:
    """Give the bytes of a file to `sink`, piece by piece. Where the outcome is not ok, what was given counts for nothing.
    The token is shown to these hosts only.

    Raises nothing that Meta or the network does.
    """
    try:
        found = await graph.call("GET", media_id, phone_number_id=number_id)
    except CallFailed as failed:
        return _failed(failed)
    url, size = found.get("url"), whole(found.get("file_size"))
    if not isinstance(url, str):
        return _not("unreadable")
    if size is not None and size > FILE_BYTES_MAX:
        return _not("too_large")
    digest, given = hashlib.sha256(), 0
    try:
        async with client.stream(
            "GET",
            url,
            headers={"Authorization": f"Bearer {token}"},
            timeout_s=DOWNLOAD_TIMEOUT_S,
            max_bytes=FILE_BYTES_MAX,
            allow=hosts,
        ) as answer:
            if answer.status != 200:
                return _not("gone" if answer.status in (404, 410) else "meta_down", again=True)
            async for piece in answer.chunks():
                digest.update(piece)
                given += len(piece)
                sink(piece)
    except (NotSent, Ambiguous):
        return _not("broken")
    except Refused:
        return Fetched(ok=False, reason="address_refused")
    except TooLarge:
        return _not("too_large")
    if not _is_as_announced(found, digest, given):
        return _not("changed", again=True)
    return Fetched(ok=True, size_bytes=given)


async def give(graph: Graph, *, number_id: str, mime: str, size_bytes: int, pieces: Iterable[bytes]) -> Given:
    """Give Meta a file and return the id by which a message names it. Doing it twice only makes two ids.

    Raises nothing that Meta or the network does.
    """
    try:
        answer = await graph.call("POST", number_id, "media", form=_form(mime, size_bytes, pieces))
    except CallFailed as failed:
        code = failed.error.code if failed.error else None
        return Given(ok=False, reason=failed.code, again=failed.code in _LATER, code=code)
    id = identifier(answer.get("id"))
    return Given(ok=True, id=id) if id else Given(ok=False, reason="unreadable", again=True)


def _form(mime: str, size_bytes: int, pieces: Iterable[bytes]) -> Form:
    """Return the form: Meta compares the type of the part with what the bytes are. The name is only for the form, never the
    file's own."""
    boundary = os.urandom(18).hex()
    fields = {"messaging_product": "whatsapp", "type": mime}
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()
    )
    head += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="file"\r\nContent-Type: {mime}\r\n\r\n'
    )
    tail = f"\r\n--{boundary}--\r\n"

    async def body() -> AsyncIterator[bytes]:
        yield head.encode()
        coming = iter(pieces)
        while (piece := await asyncio.to_thread(next, coming, None)) is not None:  # they may come from far away
            yield piece
        yield tail.encode()

    size = len(head.encode()) + size_bytes + len(tail)
    return Form(f"multipart/form-data; boundary={boundary}", Streamed(size_bytes=size, pieces=body()))


def _is_as_announced(found: dict[str, Any], digest: Any, given: int) -> bool:
    """Compare with what Meta said of the file. It writes digests in base64; older answers have hexadecimal digits."""
    size, said = whole(found.get("file_size")), found.get("sha256")
    if size is not None and size != given:
        return False
    if not isinstance(said, str) or not said:
        return True
    if said.lower() == digest.hexdigest():
        return True
    try:
        return bool(base64.b64decode(said, validate=True) == digest.digest())
    except (binascii.Error, ValueError):
        return True  # nothing that could be compared


def _failed(failed: CallFailed) -> Fetched:
    error = failed.error
    if error is not None and error.code == 100 and error.subcode == _GONE_SUBCODE:
        return _not("gone")
    return _not(failed.code)


def _not(reason: str, *, again: bool | None = None) -> Fetched:
    return Fetched(ok=False, reason=reason, again=reason in _LATER if again is None else again)
