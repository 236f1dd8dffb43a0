"""The client for threads without an event loop."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from troth.base.http import Refused, request_sync
from troth.base.http.blocking import close_sync
from troth.base.tests.test_http_servers import LOOPBACK, OK


class ThreadedServer:
    """Answers "ok" to every request, from threads of its own."""

    def __init__(self) -> None:
        self.connections = 0
        self._listener = socket.create_server((LOOPBACK, 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}/"

    @property
    def trusted(self) -> list[tuple[str, int]]:
        return [(LOOPBACK, self.port)]

    def _accept(self) -> None:
        while True:
            try:
                visitor, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(visitor,), daemon=True).start()

    def _answer(self, visitor: socket.socket) -> None:
        with visitor:
            while visitor.recv(65536):
                visitor.sendall(OK)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def server() -> Iterator[ThreadedServer]:
    server = ThreadedServer()
    yield server
    close_sync()
    server.close()


def test_a_thread_gets_its_answer_over_one_kept_connection(server: ThreadedServer) -> None:
    for _ in range(5):
        assert request_sync("GET", server.url, trusted=server.trusted).body == b"ok"
    assert server.connections == 1


def test_many_threads_share_one_loop(server: ThreadedServer) -> None:
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: request_sync("GET", server.url, trusted=server.trusted).status, range(64)))
    assert answers == [200] * 64
    assert sum(thread.name == "outbound-http" for thread in threading.enumerate()) == 1


def test_trust_given_in_one_call_does_not_serve_another(server: ThreadedServer) -> None:
    request_sync("GET", server.url, trusted=server.trusted)
    with pytest.raises(Refused):
        request_sync("GET", server.url)


def test_it_refuses_to_block_an_event_loop(server: ThreadedServer) -> None:
    async def work() -> None:
        with pytest.raises(RuntimeError, match="would block"):
            request_sync("GET", server.url, trusted=server.trusted)

    asyncio.run(work())


def test_closing_ends_the_thread_and_a_later_call_opens_it_anew(server: ThreadedServer) -> None:
    request_sync("GET", server.url, trusted=server.trusted)
    close_sync()
    assert not any(thread.name == "outbound-http" for thread in threading.enumerate())
    assert request_sync("GET", server.url, trusted=server.trusted).status == 200


def test_a_forked_child_calls_on_its_own_and_leaves_the_parents_connection_alone(server: ThreadedServer) -> None:
    request_sync("GET", server.url, trusted=server.trusted)
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if request_sync("GET", server.url, trusted=server.trusted).status == 200 else 1
            close_sync()
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert request_sync("GET", server.url, trusted=server.trusted).status == 200
    assert server.connections == 2
