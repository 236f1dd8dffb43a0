"""What one call may cost: bytes, time, connections; and what it leaves behind."""

import asyncio
from typing import Any

import msgspec
import pytest

from troth.base.http import Ambiguous, Client, TooLarge
from troth.base.tests.test_http_servers import Script, Server, Visit, answers_ok, run, serving


def answer(body: bytes, *, extra: bytes = b"") -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + extra + b"Content-Length: %d\r\n\r\n" % len(body) + body


async def sends_1000_bytes(visit: Visit) -> None:
    while await visit.request():
        await visit.answer(answer(b"x" * 1000))


async def sends_without_end(visit: Visit) -> None:
    await visit.request()
    await visit.answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await visit.answer(b"1000\r\n" + b"x" * 4096 + b"\r\n")


async def announces_a_gigabyte(visit: Visit) -> None:
    await visit.request()
    await visit.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    await visit.reader.read()


async def downloaded(client: Client, server: Server, *, max_bytes: int, idle_s: float = 5.0) -> list[int]:
    async with client.stream("GET", server.url(), max_bytes=max_bytes, idle_s=idle_s) as download:
        return [len(chunk) async for chunk in download.chunks()]


async def saved_on_a_full_disk(client: Client, server: Server) -> None:
    async with client.stream("GET", server.url(), max_bytes=1000):
        raise OSError("disk full")


def test_an_answer_up_to_the_cap_passes_and_one_byte_more_does_not() -> None:
    async def work() -> None:
        async with serving(sends_1000_bytes) as server, Client(trusted=server.trusted) as client:
            assert len((await client.request("GET", server.url(), max_bytes=1000)).body) == 1000
            with pytest.raises(TooLarge) as caught:
                await client.request("GET", server.url(), max_bytes=999)
            assert caught.value.status == 200

    run(work())


@pytest.mark.parametrize("script", [sends_without_end, announces_a_gigabyte])
def test_an_endless_answer_is_cut_off(script: Script) -> None:
    async def work() -> None:
        async with serving(script) as server, Client(trusted=server.trusted) as client:
            with pytest.raises(TooLarge):
                await client.request("GET", server.url(), max_bytes=10_000)
            await server.finished.wait()

    run(work())


def test_a_compressed_answer_is_not_unpacked() -> None:
    async def work() -> None:
        async def packs(visit: Visit) -> None:
            asked = await visit.request()
            assert b"accept-encoding: identity" in asked.lower()
            await visit.answer(answer(b"\x1f\x8bbomb", extra=b"Content-Encoding: gzip\r\n"))

        async with serving(packs) as server, Client(trusted=server.trusted) as client:
            assert (await client.request("GET", server.url())).body == b"\x1f\x8bbomb"

    run(work())


def test_a_download_arrives_in_pieces_up_to_its_cap() -> None:
    async def sends_a_megabyte(visit: Visit) -> None:
        while await visit.request():
            await visit.answer(answer(b"x" * 1_000_000))

    async def work() -> None:
        async with serving(sends_a_megabyte) as server, Client(trusted=server.trusted) as client:
            sizes = await downloaded(client, server, max_bytes=1_000_000)
            assert sum(sizes) == 1_000_000
            assert len(sizes) > 1
            with pytest.raises(TooLarge):
                await downloaded(client, server, max_bytes=999_999)

    run(work())


def test_an_endless_download_is_cut_off() -> None:
    async def work() -> None:
        async with serving(sends_without_end) as server, Client(trusted=server.trusted) as client:
            with pytest.raises(TooLarge):
                await downloaded(client, server, max_bytes=1_000_000)
            await server.finished.wait()

    run(work())


def test_a_download_that_falls_silent_is_given_up() -> None:
    async def stalls(visit: Visit) -> None:
        await visit.request()
        await visit.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await visit.reader.read()

    async def work() -> None:
        async with serving(stalls) as server, Client(trusted=server.trusted) as client:
            with pytest.raises(Ambiguous) as caught:
                await downloaded(client, server, max_bytes=1000, idle_s=0.2)
            assert (caught.value.reason, caught.value.status) == ("timeout", 200)

    run(work())


def test_an_error_of_the_reader_is_not_taken_for_one_of_the_network() -> None:
    async def work() -> None:
        async with serving() as server, Client(trusted=server.trusted) as client:
            with pytest.raises(OSError, match="disk full"):
                await saved_on_a_full_disk(client, server)

    run(work())


def test_no_cookie_is_kept() -> None:
    async def bakes(visit: Visit) -> None:
        while await visit.request():
            await visit.answer(answer(b"", extra=b"Set-Cookie: a=b; Path=/\r\n"))

    async def work() -> None:
        async with serving(bakes) as server, Client(trusted=server.trusted) as client:
            await client.request("GET", server.url())
            await client.request("GET", server.url())
            assert len(server.requests) == 2
            assert b"cookie" not in b"".join(server.requests).lower()

    run(work())


def test_connections_are_reused() -> None:
    async def work() -> None:
        async with serving() as server, Client(trusted=server.trusted) as client:
            for _ in range(20):
                await client.request("POST", server.url(), json={"a": 1})
            assert (server.connections, len(server.requests)) == (1, 20)

    run(work())


def test_a_host_never_gets_more_connections_than_asked_for() -> None:
    open_now = 0
    most = 0

    async def counts(visit: Visit) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await answers_ok(visit)
        open_now -= 1

    async def work() -> None:
        async with serving(counts) as server, Client(trusted=server.trusted, connections=3) as client:
            await asyncio.gather(*(client.request("GET", server.url()) for _ in range(40)))
            assert (most, len(server.requests)) == (3, 40)

    run(work())


@pytest.mark.parametrize("connections", [0, 401])
def test_the_number_of_connections_has_bounds(connections: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 400"):
        Client(connections=connections)


async def asked(server: Server, **call: Any) -> bytes:
    async with Client(trusted=server.trusted) as client:
        await client.request("POST", server.url(), **call)
    return server.requests[-1]


def test_json_is_sent_as_json() -> None:
    async def work() -> None:
        async with serving() as server:
            head, body = (await asked(server, json={"text": "مرحبا"})).split(b"\r\n\r\n")
            assert msgspec.json.decode(body) == {"text": "مرحبا"}
            assert b"content-type: application/json\r\n" in head.lower() + b"\r\n"

    run(work())


def test_a_mapping_is_sent_as_a_form() -> None:
    async def work() -> None:
        async with serving() as server:
            head, body = (await asked(server, data={"token": "a b&c"})).split(b"\r\n\r\n")
            assert body == b"token=a+b%26c"
            assert b"content-type: application/x-www-form-urlencoded" in head.lower()

    run(work())


def test_a_large_body_arrives_whole() -> None:
    async def work() -> None:
        async with serving() as server:
            sent = await asked(server, data=b"x" * 3_000_000, headers={"Content-Type": "image/png"})
            assert sent.endswith(b"\r\n\r\n" + b"x" * 3_000_000)

    run(work())


def test_the_callers_headers_arrive_and_ours_do_not_leak_between_calls() -> None:
    async def work() -> None:
        async with serving() as server, Client(trusted=server.trusted) as client:
            mine = {"Authorization": "Bearer one"}
            await client.request("POST", server.url(), headers=mine, json={})
            await client.request("POST", server.url(), data=b"")
            assert b"Authorization: Bearer one\r\n" in server.requests[0]
            assert b"Authorization" not in server.requests[1]
            assert mine == {"Authorization": "Bearer one"}

    run(work())


def test_a_client_can_be_closed_and_used_again() -> None:
    async def work() -> None:
        async with serving() as server:
            client = Client(trusted=server.trusted)
            await client.request("GET", server.url())
            await client.close()
            await client.request("GET", server.url())
            await client.close()
            assert server.connections == 2

    run(work())
