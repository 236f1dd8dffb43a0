"""Single requests to this machine, for all that is not load."""

import http.client
import socket
from types import TracebackType
from typing import Self

HOST = "127.0.0.1"


def get(port: int, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Ask for a page and return status and body. Raises: OSError."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as broken:
        raise OSError("broken answer") from broken
    finally:
        connection.close()


def answers(port: int, path: str = "/account/login/") -> bool:
    """Tell whether somebody answers there, and not with a failure."""
    try:
        return get(port, path)[0] < 500
    except OSError:
        return False


class Caller:
    """Sends prepared requests, one after the other, over one connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection((HOST, port), timeout=15)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def post(self, request: bytes) -> int:
        """Send one request and return the status. The answer has a body of at most a few hundred bytes, or none."""
        self._socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            part = self._socket.recv(65536)
            if not part:
                raise ConnectionError("hung up")
            answer += part
        return int(answer[9:12])
