"""Our own client: answers of every form, connections used again, and nobody called but this machine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from sandbox.post import Client, NotLoopback, Unreachable, check_loopback

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[str]:
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


def answering(*answers: bytes, counts: list[int] | None = None) -> Talk:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if counts is not None:
            counts[0] += 1
        for given in answers:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            writer.write(given)
            await writer.drain()
        writer.close()

    return talk


@pytest.mark.parametrize(
    ("given", "status", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, b"ok"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3;x=1\r\ncde\r\n0\r\n\r\n", 200, b"abcde"),
        (b"HTTP/1.0 503 Away\r\n\r\nuntil the end", 503, b"until the end"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
    ],
)
async def test_answers_of_every_form_are_read(given: bytes, status: int, body: bytes) -> None:
    client = Client()
    async with listening(answering(given)) as url:
        assert await client.call("POST", f"{url}/hooks?a=1", headers={"X-A": "b"}, body=b"{}") == (status, body)
    client.close()


async def test_a_connection_is_used_again() -> None:
    counts = [0]
    given = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    client = Client()
    async with listening(answering(given, given, given, counts=counts)) as url:
        for _turn in range(3):
            assert (await client.call("POST", url, headers={}))[0] == 200
    client.close()
    assert counts == [1]


async def test_one_that_was_closed_meanwhile_is_not() -> None:
    counts = [0]
    client = Client()
    async with listening(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", counts=counts)) as url:
        assert (await client.call("POST", url, headers={}))[0] == 200
        for _turn in range(20):
            await asyncio.sleep(0)
        assert (await client.call("POST", url, headers={}))[0] == 200
    client.close()
    assert counts == [2]


async def test_silence_and_nonsense_count_as_unreachable() -> None:
    client = Client()
    async with listening(answering(b"hello\r\n\r\n")) as url:
        with pytest.raises(Unreachable):
            await client.call("POST", url, headers={})

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with listening(silent) as url:
        with pytest.raises(Unreachable, match="in time"):
            await client.call("POST", url, headers={}, timeout_s=0.02)
    with pytest.raises(Unreachable):
        await client.call("POST", "http://127.0.0.1:9/", headers={})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/a", "http://localhost/", "https://[::1]:1/", "http://a.localhost/"]
)
def test_this_machine_may_be_called(url: str) -> None:
    check_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "ftp://127.0.0.1",
        "http://127.0.0.1.nip.io",
        "x",
        "http://[",
    ],
)
def test_nobody_else_may(url: str) -> None:
    with pytest.raises(NotLoopback):
        check_loopback(url)
