"""Many open event streams, held by one process: `python -m bench.streams` reads its orders as one line of JSON.

It opens them, says "ready", notes for each stream when which poke came, and on "stop" prints what it noted. On "cut" it
drops a share of them and opens them again with the last id that each had heard.
"""

import array
import json
import select
import socket as sockets
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from bench.times import at

HOST = "127.0.0.1"
OPENING_AT_ONCE = 50
OPEN_WITHIN_S = 60.0


@dataclass(slots=True)
class Stream:
    """One agent's stream. `heard` are the numbers of pokes in the order of arrival."""

    cookie: str
    socket: sockets.socket | None = None
    open: bool = False
    was_cut: bool = False
    left: bytes = b""
    last_id: str = ""
    heard: "array.array[int]" = field(default_factory=lambda: array.array("I"))


class Streams:
    """All of them, and how late pokes came."""

    def __init__(self, orders: dict[str, Any]) -> None:
        self.port: int = orders["port"]
        self.path: str = orders["path"]
        cookies: list[str] = orders["cookies"]
        self.all = [Stream(cookies[number % len(cookies)]) for number in range(orders["count"])]
        self.sent: dict[int, float] = {}
        self.late = array.array("d")
        self._poll = select.epoll()
        self._by_fd: dict[int, Stream] = {}

    def open(self, streams: list[Stream]) -> None:
        """Open these, some at once. Raises: SystemExit, when they do not all open."""
        until = time.monotonic() + OPEN_WITHIN_S
        for first in range(0, len(streams), OPENING_AT_ONCE):
            some = streams[first : first + OPENING_AT_ONCE]
            for stream in some:
                self._connect(stream)
            while not all(stream.open for stream in some):
                if time.monotonic() > until:
                    raise SystemExit("not all streams opened")
                self.listen(0.05)

    def drop(self, streams: list[Stream]) -> None:
        """Cut these off."""
        for stream in streams:
            assert stream.socket is not None
            self._poll.unregister(stream.socket.fileno())
            del self._by_fd[stream.socket.fileno()]
            stream.socket.close()
            stream.socket, stream.open, stream.was_cut, stream.left = None, False, True, b""

    def listen(self, for_s: float) -> None:
        """Take in what comes within this time."""
        for fd, _ in self._poll.poll(for_s, maxevents=4096):
            stream = self._by_fd.get(fd)
            if stream is None or stream.socket is None:
                continue
            try:
                data = stream.socket.recv(65536)
            except BlockingIOError:
                continue
            if not data:
                self._poll.unregister(fd)
                continue
            self._read(stream, stream.left + data, time.monotonic())

    def _connect(self, stream: Stream) -> None:
        last = f"Last-Event-ID: {stream.last_id}\r\n" if stream.last_id else ""
        stream.socket = sockets.create_connection((HOST, self.port), timeout=10)
        stream.socket.sendall(
            f"GET {self.path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/event-stream\r\n{last}"
            f"Cookie: session={stream.cookie}\r\n\r\n".encode()
        )
        stream.socket.setblocking(False)
        self._by_fd[stream.socket.fileno()] = stream
        self._poll.register(stream.socket.fileno(), select.EPOLLIN)

    def _read(self, stream: Stream, data: bytes, moment: float) -> None:
        while (end := data.find(b"\n\n")) >= 0:
            event, data = data[:end], data[end + 2 :]
            if b": open" in event:
                stream.open = True
            at = event.find(b'"id":"00000000-0000-0000-0000-')
            if at < 0:
                continue
            number = int(event[at + 30 : at + 42], 16)
            stream.heard.append(number)
            if number in self.sent and not stream.was_cut:
                self.late.append(moment - self.sent[number])
            mark = event.find(b"id: ")
            if mark >= 0:
                stream.last_id = event[mark + 4 : event.find(b"\n", mark)].decode()
        stream.left = data

    def report(self, expected: int) -> dict[str, Any]:
        """Return how late and how complete it was."""
        times = sorted(self.late)
        missed = sum(expected - len(set(stream.heard)) for stream in self.all)
        twice = sum(len(stream.heard) - len(set(stream.heard)) for stream in self.all)
        return {
            "delivered": sum(len(stream.heard) for stream in self.all),
            "missed": missed,
            "twice": twice,
            "p50_ms": at(times, 0.5) * 1000,
            "p99_ms": at(times, 0.99) * 1000,
            "worst_ms": at(times, 1.0) * 1000,
        }


def main() -> None:
    """Do what the lines on standard input say."""
    streams = Streams(json.loads(sys.stdin.readline()))
    streams.open(streams.all)
    print("ready", flush=True)
    ears = select.poll()
    ears.register(sys.stdin, select.POLLIN)
    cut: list[Stream] = []
    while True:
        streams.listen(0.01)
        while ears.poll(0):
            word, _, rest = sys.stdin.readline().strip().partition(" ")
            if word == "sent":
                number, moment = rest.split(" ")
                streams.sent[int(number)] = float(moment)
            elif word == "cut":
                cut = streams.all[: int(rest)]
                streams.drop(cut)
            elif word == "mend":
                streams.open(cut)
            elif word == "stop":
                print(json.dumps(streams.report(int(rest))), flush=True)
                return
            elif not word:
                return


if __name__ == "__main__":
    main()
