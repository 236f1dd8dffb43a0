"""The engine of a port, at work in a process of its own, as a test sees it."""

import asyncio
import base64
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from port.contract import Alias, Changed, Chats, Event, Gone, Limited, Outgoing, People, Said, Seen, State, Typing, Went
from port.ports import environment_of_children
from tests.edge.edge import Edge

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 20.0
LINE_BYTES_MAX = 32 * 1024 * 1024

_event = msgspec.json.Decoder(Went | Chats | People | Alias | Said | Changed | Typing | Seen | Gone | Limited)


class Broke(Exception):
    """The engine raised something that no contract knows."""


class Refusal(Exception):
    """The engine refused; the text is the word that it gave."""


class _Line(msgspec.Struct):
    n: int = 0
    event: msgspec.Raw = msgspec.Raw()
    answer: Any = None
    refused: str = ""
    broke: str = ""
    walls: dict[str, Any] = {}


class EngineAtWork:
    """A port's process."""

    def __init__(self, edge: Edge, through: str, *, errors: int = subprocess.DEVNULL) -> None:
        mine, theirs = socket.socketpair()
        environment = environment_of_children() | {
            "PYTHONPATH": str(ROOT),
            "SSL_CERT_FILE": str(edge.trusted),
            "SSL_CERT_DIR": "/nonexistent",
        }
        with theirs:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "tests.edge.port_process", str(theirs.fileno())),
                    *(through, edge.noise.root.public.hex()),
                ],
                pass_fds=[theirs.fileno()],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        self.events: list[Event] = []
        self.walls: dict[str, Any] = {}
        self._end = mine
        self._count = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._waiting: list[tuple[Callable[[], Any], asyncio.Future[Any]]] = []

    async def start(self) -> None:
        """Hear it, and let it begin to link."""
        self._reader, self._writer = await asyncio.open_connection(sock=self._end, limit=LINE_BYTES_MAX)
        self._task = asyncio.create_task(self._hear())
        await self.ask("start")

    async def stop(self) -> None:
        """Kill it: its memory goes with it."""
        self.process.kill()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._writer.close()
        await asyncio.to_thread(self.process.wait)

    async def ask(self, does: str, **given: Any) -> Any:
        """Return what it answers. Raises: Refusal, Broke."""
        self._count += 1
        future = self._answers[self._count] = asyncio.get_running_loop().create_future()
        self._writer.write(msgspec.json.encode({"n": self._count, "do": does, "given": given}) + b"\n")
        line = await asyncio.wait_for(future, WAIT_S)
        if line.refused:
            raise Refusal(line.refused)
        if line.broke:
            raise Broke(line.broke)
        return line.answer

    async def send(self, out: Outgoing, data: bytes | None = None) -> Any:
        """Let it say something."""
        given = {"data": base64.b64encode(data).decode()} if data is not None else {}
        return await self.ask("send", out=msgspec.to_builtins(out), **given)

    async def until(self, holds: Callable[[], Any]) -> Any:
        """Return what holds, as soon as something does. Raises: AssertionError, saying what was told."""
        if result := holds():
            return result
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((holds, future))
        try:
            return await asyncio.wait_for(future, WAIT_S)
        except TimeoutError:
            raise AssertionError(f"told so far: {self.events}") from None

    async def told(self, kind: type[Any], which: Callable[[Any], Any] = lambda _event: True) -> Any:
        """Return the first event of a kind that this is true of, once it was told."""
        return await self.until(
            lambda: next((one for one in self.events if isinstance(one, kind) and which(one)), None)
        )

    async def said(self, text: str) -> Any:
        """Return the message with these words, once it was told."""
        told = await self.told(Said, lambda event: any(one.text == text for one in event.messages))
        return next(one for one in told.messages if one.text == text)

    async def code(self) -> str:
        """Return the first code that it shows."""
        went = await self.told(Went, lambda event: event.state is State.CODE)
        return str(went.code)

    async def _hear(self) -> None:
        while data := await self._reader.readline():
            line = msgspec.json.decode(data, type=_Line)
            self.walls = line.walls or self.walls
            if bytes(line.event):
                self.events.append(_event.decode(line.event))
            elif line.n:
                self._answers.pop(line.n).set_result(line)
            for holds, future in list(self._waiting):
                if future.done():
                    self._waiting.remove((holds, future))
                elif result := holds():
                    future.set_result(result)
