"""Frames of a connection: three bytes of length and what they say, inside the messages of a WebSocket."""

import asyncio
import base64
import hashlib

_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_CLOSE, _PING, _PONG, _BINARY = 8, 9, 10, 2


def accepted(key: str) -> bytes:
    """Return the answer that makes a WebSocket of a connection."""
    answer = base64.b64encode(hashlib.sha1(f"{key}{_SALT}".encode()).digest()).decode()
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {answer}\r\n\r\n"
    ).encode()


class Frames:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._ahead = b""

    async def take(self, count: int) -> bytes:
        """Return so many bytes of what was said. Raises: ConnectionError, where it ended."""
        while len(self._ahead) < count:
            self._ahead += await self._message()
        taken, self._ahead = self._ahead[:count], self._ahead[count:]
        return taken

    async def frame(self) -> bytes:
        """Return a frame."""
        return await self.take(int.from_bytes(await self.take(3), "big"))

    def send(self, frame: bytes) -> None:
        """Send a frame."""
        self._write(_BINARY, len(frame).to_bytes(3, "big") + frame)

    def close(self) -> None:
        """End the connection without a word."""
        self._writer.transport.abort()

    async def _message(self) -> bytes:
        head = await self._reader.readexactly(2)
        kind, length = head[0] & 15, head[1] & 127
        if length > 125:
            length = int.from_bytes(await self._reader.readexactly(2 if length == 126 else 8), "big")
        mask = await self._reader.readexactly(4)
        data = await self._reader.readexactly(length)
        key = (mask * (length // 4 + 1))[:length]
        plain = (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(length, "big")
        if kind == _CLOSE:
            raise ConnectionResetError
        if kind == _PING:
            self._write(_PONG, plain)
        return b"" if kind in (_PING, _PONG) else plain

    def _write(self, kind: int, data: bytes) -> None:
        if self._writer.is_closing():
            return
        size = len(data)
        length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big")
        if size > 65_535:
            length = b"\x7f" + size.to_bytes(8, "big")
        self._writer.write(bytes([128 | kind]) + length + data)
