"""A member opens so many streams and no more, and nothing that a browser claims to have heard breaks one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import pytest

from troth.base.ids import new_id
from troth.realtime import stream
from troth.realtime.authority import Authority, Pass
from troth.realtime.hub import Hub
from troth.realtime.stream import PATH, STREAMS_MAX, Stream

pytestmark = pytest.mark.clause("X26")
WORKSPACE = new_id()
MEMBERS = {"alice": new_id(), "bob": new_id()}


class Everybody:
    """Lets in whoever has a cookie with a name that it knows."""

    async def admit(self, *, session_key: str, handle: str) -> Pass | None:
        return Pass(session_key, WORKSPACE, MEMBERS[session_key], frozenset[UUID]())


class Screens:
    """Opens streams at one process."""

    def __init__(self) -> None:
        self.hub = Hub("", authority=cast(Authority, Everybody()))
        self.stream = Stream(self.hub, cookie="session")
        self.open: list[tuple[asyncio.Task[None], asyncio.Event]] = []

    async def begin(self, who: str, *, page_at: datetime | None = None, **headers: str) -> tuple[int, bytes]:
        """Open a stream, of a page that was made at an instant; return its status and what it says first."""
        sent: asyncio.Queue[Any] = asyncio.Queue()
        gone = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        said = {"cookie": f"session={who}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        named = [(name.encode(), value.encode("latin-1")) for name, value in said.items()]
        query = b"w=kopi" + (b"&t=%d" % (page_at.timestamp() * 1000) if page_at else b"")
        asked = {"method": "GET", "path": PATH, "query_string": query, "headers": named}
        task = asyncio.create_task(self.stream(asked, receive, sent.put))
        self.open.append((task, gone))
        begun, first = await _next(sent, task), await _next(sent, task)
        return begun["status"], first["body"]

    async def leave(self) -> None:
        """Close the stream that was opened first."""
        task, gone = self.open.pop(0)
        gone.set()
        await asyncio.wait({task})


async def _next(sent: "asyncio.Queue[Any]", task: "asyncio.Task[None]") -> Any:
    """Return what is said next. A stream that broke off raises what broke it."""
    said = asyncio.create_task(sent.get())
    await asyncio.wait({said, task}, return_when=asyncio.FIRST_COMPLETED)
    if not said.done():
        said.cancel()
        task.result()
    return await said


@asynccontextmanager
async def screens() -> AsyncIterator[Screens]:
    made = Screens()
    try:
        yield made
    finally:
        while made.open:
            await made.leave()


async def test_a_member_opens_so_many_and_no_more_and_is_in_nobodys_way() -> None:
    async with screens() as some:
        for _ in range(STREAMS_MAX):
            assert (await some.begin("alice"))[0] == 200
        assert await some.begin("alice") == (429, b"")
        assert (await some.begin("bob"))[0] == 200
        await some.leave()
        assert (await some.begin("alice"))[0] == 200


@pytest.mark.parametrize("number", ["²", "1²", "9" * 5_000, "-1", "1e9", "", "x", "0x10", "1\x00"])
async def test_whatever_a_browser_says_it_heard_last_opens_a_stream(number: str) -> None:
    async with screens() as some:
        status, first = await some.begin("alice", last_event_id=f"{stream._BOOT}-{number}")
        assert status == 200
        assert first.endswith(b": open\n\n")
