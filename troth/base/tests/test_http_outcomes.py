"""What may be concluded from a failure: `NotSent` only when no byte left, `Ambiguous` whenever one may have."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import pytest

from troth.base.http import Ambiguous, Client, HttpError, NotSent
from troth.base.http.connect import GuardedConnector
from troth.base.tests.test_http_servers import LOOPBACK, Script, Visit, answers_ok, anywhere, free_port, run, serving

BODY = {"to": "+15550001111", "text": "hello"}


async def closes_at_once(visit: Visit) -> None:
    pass


async def closes_after_reading(visit: Visit) -> None:
    await visit.request()


async def resets_after_reading(visit: Visit) -> None:
    await visit.request()
    visit.reset()


async def never_answers(visit: Visit) -> None:
    await visit.request()
    await visit.reader.read()


async def stops_in_the_headers(visit: Visit) -> None:
    await visit.request()
    await visit.answer(b"HTTP/1.1 200 OK\r\nContent-")


async def stops_in_the_body(visit: Visit) -> None:
    await visit.request()
    await visit.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


async def stalls_in_the_body(visit: Visit) -> None:
    await stops_in_the_body(visit)
    await visit.reader.read()


async def resets_in_the_body(visit: Visit) -> None:
    await stops_in_the_body(visit)
    visit.reset()


async def breaks_a_chunk(visit: Visit) -> None:
    await visit.request()
    await visit.answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel")


async def speaks_nonsense(visit: Visit) -> None:
    await visit.request()
    await visit.answer(b"220 mail.example ESMTP ready\r\n\r\n")


@pytest.mark.parametrize(
    ("script", "reason", "status"),
    [
        (closes_at_once, "broken", None),
        (closes_after_reading, "broken", None),
        (resets_after_reading, "broken", None),
        (never_answers, "timeout", None),
        (stops_in_the_headers, "broken", None),
        (stops_in_the_body, "broken", 200),
        (stalls_in_the_body, "timeout", 200),
        (resets_in_the_body, "broken", 200),
        (breaks_a_chunk, "broken", 200),
        (speaks_nonsense, "garbled", None),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_once_bytes_may_have_left_the_outcome_is_unknown(
    script: Script, reason: str, status: int | None, method: str
) -> None:
    async def work() -> None:
        async with serving(script) as server, Client(trusted=server.trusted) as client:
            with pytest.raises(Ambiguous) as caught:
                await client.request(method, server.url(), json=BODY if method == "POST" else None, timeout_s=0.5)
            assert (caught.value.reason, caught.value.status) == (reason, status)

    run(work())


def test_a_post_is_never_repeated_by_the_client() -> None:
    async def work() -> None:
        async with serving(closes_after_reading) as server, Client(trusted=server.trusted) as client:
            with pytest.raises(Ambiguous):
                await client.request("POST", server.url(), json=BODY)
            assert len(server.requests) == 1

    run(work())


def test_nobody_listening_means_not_sent() -> None:
    async def work() -> None:
        port = free_port()
        async with Client(trusted=[(LOOPBACK, port)]) as client:
            with pytest.raises(NotSent) as caught:
                await client.request("POST", f"http://{LOOPBACK}:{port}/", json=BODY)
            assert caught.value.reason == "connect"

    run(work())


def test_a_name_that_cannot_be_found_means_not_sent() -> None:
    async def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    async def work() -> None:
        async with Client(lookup=unknown, may_call=anywhere) as client:
            with pytest.raises(NotSent) as caught:
                await client.request("POST", "https://nowhere.example/", json=BODY)
            assert caught.value.reason == "dns"

    run(work())


def test_a_slow_look_up_means_not_sent() -> None:
    async def slow(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    async def work() -> None:
        async with Client(lookup=slow, may_call=anywhere) as client:
            with pytest.raises(NotSent) as caught:
                await client.request("POST", "https://slow.example/", json=BODY, timeout_s=0.2)
            assert caught.value.reason == "timeout"

    run(work())


def test_no_free_connection_in_time_means_not_sent() -> None:
    async def work() -> None:
        async with serving(never_answers) as server, Client(trusted=server.trusted, connections=1) as client:
            first = asyncio.create_task(client.request("POST", server.url("/first"), json=BODY, timeout_s=1.0))
            await server.asked.wait()
            with pytest.raises(NotSent) as caught:
                await client.request("POST", server.url("/second"), json=BODY, timeout_s=0.2)
            assert caught.value.reason == "timeout"
            with pytest.raises(Ambiguous):
                await first
            assert [request.split()[1] for request in server.requests] == [b"/first"]

    run(work())


def test_a_connection_that_died_in_the_pool_means_not_sent() -> None:
    """The other side hangs up in the instant between taking the connection from the pool and writing to it."""
    connect = GuardedConnector.connect

    async def connect_and_lose(self: GuardedConnector, *args: Any, **kwargs: Any) -> Any:
        connection = await connect(self, *args, **kwargs)
        assert connection.transport is not None
        connection.transport.close()
        return connection

    async def work() -> None:
        async with serving() as server, Client(trusted=server.trusted) as client:
            with patch.object(GuardedConnector, "connect", connect_and_lose), pytest.raises(NotSent) as caught:
                await client.request("POST", server.url(), json=BODY)
            assert caught.value.reason == "closed"
            assert server.requests == []

    run(work())


def test_a_connection_that_dies_under_a_large_body_is_unknown() -> None:
    async def reads_a_little(visit: Visit) -> None:
        await visit.reader.read(1000)
        visit.reset()

    async def work() -> None:
        async with serving(reads_a_little) as server, Client(trusted=server.trusted) as client:
            with pytest.raises(Ambiguous) as caught:
                await client.request("POST", server.url(), data=b"x" * 8_000_000)
            assert caught.value.reason == "broken"

    run(work())


def test_a_pooled_connection_that_ended_politely_is_replaced() -> None:
    async def answers_once(visit: Visit) -> None:
        await visit.request()
        await visit.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async def work() -> None:
        async with serving(answers_once) as server, Client(trusted=server.trusted) as client:
            for _ in range(3):
                server.finished.clear()
                assert (await client.request("POST", server.url(), json=BODY)).status == 200
                await server.finished.wait()
                await asyncio.sleep(0.01)
            assert server.connections == 3

    run(work())


def test_a_cancelled_call_stays_cancelled_and_frees_its_connection() -> None:
    async def work() -> None:
        async with serving(never_answers) as server, Client(trusted=server.trusted, connections=1) as client:
            for _ in range(2):
                server.asked.clear()
                task = asyncio.create_task(client.request("POST", server.url(), json=BODY))
                await server.asked.wait()
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task

    run(work())


def test_any_status_is_an_answer() -> None:
    async def fails(visit: Visit) -> None:
        await visit.request()
        await visit.answer(b"HTTP/1.1 503 Busy\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<h1>")

    async def work() -> None:
        async with serving(fails) as server, Client(trusted=server.trusted) as client:
            answer = await client.request("POST", server.url(), json=BODY)
            assert (answer.status, answer.body, answer.headers["content-type"]) == (503, b"<h1>", "text/html")

    run(work())


def test_no_error_and_no_answer_shows_the_address_or_the_content() -> None:
    async def work() -> None:
        async with (
            serving(never_answers) as silent,
            serving(answers_ok) as server,
            Client(trusted=[*silent.trusted, *server.trusted]) as client,
        ):
            with pytest.raises(HttpError) as caught:
                await client.request("POST", silent.url("/secret-path"), json=BODY, timeout_s=0.2)
            answer = await client.request("GET", server.url("/secret-path"))
        for shown in (repr(caught.value), str(caught.value), repr(answer)):
            for planted in ("secret", LOOPBACK, "ok"):
                assert planted not in shown

    run(work())
