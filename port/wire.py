"""What the parent and the process of a port say to each other, over one socket that also hands connections over.

Nothing of what people say passes here: states, counts, and who may talk.
"""

import array
import socket
from typing import Any

import msgspec

MESSAGE_BYTES_MAX = 16_384


class Begin(msgspec.Struct, frozen=True, kw_only=True, tag="begin"):
    """The first message to a port's process: which port it is, with which engine, and what opens it."""

    port: str
    key: bytes
    driver: str
    origins: list[str]
    sandbox: str = ""
    idle_s: int
    life_s: int


class Finish(msgspec.Struct, frozen=True, kw_only=True, tag="finish"):
    """End the session for this reason, and take the device off the phone's list where that is wished."""

    why: str
    unlink: bool = True


class Expel(msgspec.Struct, frozen=True, kw_only=True, tag="expel"):
    """A member may talk to this port no more."""

    member: str


class Connection(msgspec.Struct, frozen=True, kw_only=True, tag="connection"):
    """A browser's connection, which comes along."""


class Report(msgspec.Struct, frozen=True, kw_only=True, tag="report", omit_defaults=True):
    """How a port's process is: told when its state changes, and every few seconds."""

    state: str
    end: str = ""
    until: int = 0
    messages: int = 0
    chats: int = 0
    bytes: int = 0
    watchers: int = 0
    engine: str = ""
    version: str = ""
    chosen: bool = False


Down = Begin | Finish | Expel | Connection
_down = msgspec.json.Decoder(Down)
_report = msgspec.json.Decoder(Report)


def pair() -> tuple[socket.socket, socket.socket]:
    """Return both ends: the parent's, and the port's."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(end: socket.socket, message: Any, *, connection: socket.socket | None = None) -> None:
    """Send a message, and hand a connection over with it. Raises: OSError, where nobody is there."""
    data = msgspec.json.encode(message)
    passed = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [connection.fileno()]))] if connection else []
    end.sendmsg([data], passed)


def receive(end: socket.socket) -> tuple[Down, socket.socket | None] | None:
    """Return a message and the connection that came with it; None where the parent is gone."""
    data, files, _flags, _address = socket.recv_fds(end, MESSAGE_BYTES_MAX, 1)
    if not data:
        return None
    return _down.decode(data), socket.socket(fileno=files[0]) if files else None


def receive_report(end: socket.socket) -> Report | None:
    """Return what a port's process tells; None where it is gone."""
    data = end.recv(MESSAGE_BYTES_MAX)
    return _report.decode(data) if data else None
