"""What a page is sent is awaited before a thread takes the request, in bounded memory; what is refused unread is not."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

from config.asgi import Arrivals, Receive, refused_unread

FORM, FILES, BYTES = (
    b"application/x-www-form-urlencoded",
    b"multipart/form-data; boundary=x",
    b"application/octet-stream",
)
ALLOWED = 2 * 1024 * 1024


class Sender:
    """Somebody who sends pieces of a body one by one, and has more to come after them if not `whole`."""

    def __init__(self, *pieces: bytes, whole: bool = True) -> None:
        self.sent = 0
        self._left = [
            {"type": "http.request", "body": one, "more_body": not whole or n < len(pieces)}
            for n, one in enumerate(pieces, start=1)
        ]

    async def __call__(self) -> MutableMapping[str, Any]:
        if not self._left:
            await asyncio.Event().wait()  # nothing more comes, for good
        self.sent += 1
        return self._left.pop(0)


async def _read(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    return body


async def test_all_of_it_is_here_before_the_page_is_asked() -> None:
    sender = Sender(b"a", b"b", b"c")
    come = await Arrivals().come(sender)
    assert sender.sent == 3
    assert await _read(come) == b"abc"


async def test_who_never_ends_is_waited_for_here() -> None:
    waiting = asyncio.ensure_future(Arrivals().come(Sender(b"a", whole=False)))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()


async def test_of_a_long_body_the_beginning_is_awaited_and_none_of_it_is_lost() -> None:
    sender = Sender(b"aa", b"bb", b"cc")
    come = await Arrivals(each_bytes=3).come(sender)
    assert sender.sent == 2
    assert await _read(come) == b"aabbcc"


async def test_not_more_is_held_than_there_is_room_for() -> None:
    arrivals = Arrivals(held_max_bytes=3)
    waiting = asyncio.ensure_future(arrivals.come(Sender(b"aa", whole=False)))
    await asyncio.sleep(0)
    sender = Sender(b"b", b"c")
    come = await arrivals.come(sender)
    assert sender.sent == 1
    assert await _read(come) == b"bc"
    waiting.cancel()


def test_what_is_refused_for_its_length_is_not_awaited() -> None:
    def refused(size: str, kind: bytes) -> bool:
        return refused_unread({"headers": [(b"content-length", size.encode()), (b"content-type", kind)]})

    assert [refused(str(ALLOWED), kind) for kind in (FORM, FILES, BYTES)] == [False, False, False]
    assert [refused(str(ALLOWED + 1), kind) for kind in (FORM, FILES, BYTES)] == [True, False, True]
    assert not any(refused(size, FORM) for size in ("", "-1", "x", "²", "9" * 5_000))
    assert not refused_unread({"headers": []})
