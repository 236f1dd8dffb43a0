"""The load generator: prepared bytes over a few connections to this machine, as cheap as a compiled one.

A process of its own: `python -m bench.load` reads its orders as one line of JSON, prepares all requests, says "ready",
waits for "go", and prints what came back as one line of JSON. Every request is known by its number, so that it can be
said of each whether it was acknowledged.
"""

import array
import errno
import json
import resource
import select
import socket
import sys
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

from bench.bank import Bank
from bench.times import at

ANSWER_WITHIN_S = 10.0
MEND_EVERY_S = 0.02
HOST = "127.0.0.1"
_BLOCKED = (errno.EAGAIN, errno.EWOULDBLOCK)


@dataclass(frozen=True, slots=True)
class Orders:
    """What to send. `per_second` paces (latency is then counted from when a request was due); without it every
    connection sends as soon as it was answered. `acknowledged` names a file for the numbers of requests answered 200.
    """

    bank: Bank
    port: int
    path: str
    connections: int
    seconds: float
    first: int
    most: int
    per_second: float | None = None
    acknowledged: str | None = None

    def packed(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def unpacked(cls, line: str) -> "Orders":
        plain = json.loads(line)
        return cls(bank=Bank(**plain.pop("bank")), **plain)


class Connection:
    """One keep-alive connection with at most one request under way."""

    __slots__ = ("due_s", "left", "number", "sent_s", "socket", "unsent")

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=5)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.number = -1
        self.due_s = 0.0
        self.sent_s = 0.0
        self.left = b""
        self.unsent = b""


class Generator:
    """Sends until the time or the requests are used up, then waits for what is still under way."""

    def __init__(self, orders: Orders, requests: list[bytes]) -> None:
        self.orders = orders
        self.requests = requests
        self.next = 0
        self.latencies = array.array("d")
        self.statuses: Counter[int] = Counter()
        self.acknowledged = array.array("I")
        self.broken = 0
        self._poll = select.epoll()
        self._by_fd: dict[int, Connection] = {}
        self._idle: deque[Connection] = deque()
        self._mend_at = 0.0

    def run(self) -> dict[str, Any]:
        """Send everything and return what came of it."""
        for _ in range(self.orders.connections):
            self._open()
        began = time.perf_counter()
        cpu_began = _cpu_s()
        stop_at = began + self.orders.seconds
        paced = self.orders.per_second
        while time.perf_counter() < stop_at and self.next < len(self.requests):
            self._mend()
            self._send_due(began, paced)
            self._receive(self._nap_s(began, paced))
        ended = time.perf_counter()
        give_up_at = ended + ANSWER_WITHIN_S
        while len(self._idle) < len(self._by_fd) and time.perf_counter() < give_up_at:
            self._receive(0.05)
        self._hang_up()
        return self._report(ended - began, _cpu_s() - cpu_began)

    def _nap_s(self, began: float, paced: float | None) -> float:
        if not paced:
            return 0.05
        if not self._idle:
            return 0.005
        return max(0.0, min(0.01, began + self.next / paced - time.perf_counter()))

    def _send_due(self, began: float, paced: float | None) -> None:
        idle = self._idle
        while idle and self.next < len(self.requests):
            moment = time.perf_counter()
            due = began + self.next / paced if paced else moment
            if due > moment:
                return
            connection = idle.popleft()
            connection.number, connection.due_s, connection.sent_s = self.next, due, moment
            self.next += 1
            self._send(connection, self.requests[connection.number])

    def _send(self, connection: Connection, data: bytes) -> None:
        try:
            sent = connection.socket.send(data)
        except OSError as failure:
            if failure.errno not in _BLOCKED:
                return self._lose(connection)
            sent = 0
        connection.unsent = data[sent:]
        if connection.unsent:
            self._poll.modify(connection.socket.fileno(), select.EPOLLIN | select.EPOLLOUT)

    def _receive(self, nap_s: float) -> None:
        for fd, what in self._poll.poll(nap_s):
            connection = self._by_fd[fd]
            if what & select.EPOLLOUT:
                self._poll.modify(fd, select.EPOLLIN)
                self._send(connection, connection.unsent)
                continue
            try:
                data = connection.socket.recv(65536)
            except OSError as failure:
                if failure.errno in _BLOCKED:
                    continue
                data = b""
            if not data:
                self._lose(connection)
                continue
            self._read(connection, connection.left + data)

    def _read(self, connection: Connection, data: bytes) -> None:
        end = data.find(b"\r\n\r\n")
        if end < 0 or not _is_whole(data, end):
            connection.left = data
            return
        connection.left = b""
        status = int(data[9:12])
        self.latencies.append(time.perf_counter() - connection.due_s)
        self.statuses[status] += 1
        if status == 200:
            self.acknowledged.append(self.orders.first + connection.number)
        connection.number = -1
        if b"connection: close" in data[:end].lower():
            self._close(connection)
            self._open()
        else:
            self._idle.append(connection)

    def _open(self) -> None:
        try:
            connection = Connection(self.orders.port)
        except OSError:
            return
        self._by_fd[connection.socket.fileno()] = connection
        self._poll.register(connection.socket.fileno(), select.EPOLLIN)
        self._idle.append(connection)

    def _mend(self) -> None:
        """Open again, now and then, what was cut off while nobody listened."""
        if len(self._by_fd) < self.orders.connections and time.perf_counter() > self._mend_at:
            self._mend_at = time.perf_counter() + MEND_EVERY_S
            self._open()

    def _lose(self, connection: Connection) -> None:
        self.broken += 1
        self._close(connection)
        self._open()

    def _close(self, connection: Connection) -> None:
        self._poll.unregister(connection.socket.fileno())
        del self._by_fd[connection.socket.fileno()]
        if connection in self._idle:
            self._idle.remove(connection)
        connection.socket.close()

    def _hang_up(self) -> None:
        for connection in self._by_fd.values():
            connection.socket.close()
        self._poll.close()

    def _report(self, seconds: float, cpu_s: float) -> dict[str, Any]:
        if self.orders.acknowledged:
            with open(self.orders.acknowledged, "wb") as file:
                self.acknowledged.tofile(file)
        times = sorted(self.latencies)
        return {
            "seconds": seconds,
            "sent": self.next,
            "answered": len(times),
            "ok": self.statuses[200],
            "statuses": {str(status): count for status, count in sorted(self.statuses.items())},
            "broken": self.broken,
            "unanswered": self.next - len(times) - self.broken,
            "p50_ms": at(times, 0.50) * 1000,
            "p99_ms": at(times, 0.99) * 1000,
            "worst_ms": at(times, 1.0) * 1000,
            "cpu_s": cpu_s,
        }


def _is_whole(data: bytes, end: int) -> bool:
    """Tell whether an answer whose head ends here has come in full."""
    head = data[:end].lower()
    at = head.find(b"content-length:")
    if at >= 0:
        return len(data) >= end + 4 + int(head[at + 15 :].split(b"\r\n", 1)[0])
    return b"chunked" not in head or data.endswith(b"0\r\n\r\n")


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Prepare, wait for the word, send, report."""
    orders = Orders.unpacked(sys.stdin.readline())
    bank = orders.bank
    requests = [
        bank.request(bank.body(index), path=orders.path) for index in range(orders.first, orders.first + orders.most)
    ]
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(Generator(orders, requests).run()), flush=True)


if __name__ == "__main__":
    main()
