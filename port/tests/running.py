"""For tests: the gateway as a program of its own, and browsers that talk to it."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

import aiohttp
import msgspec

from port import tickets
from port.talk import PROTOCOL

ROOT = Path(__file__).parents[2]
KEY = bytes(range(32))
ORIGIN = "http://troth.test"
WORKSPACE = uuid4()
LONG_S = 15


class Gateway:
    """A running gateway."""

    def __init__(self, *, sandbox: int, more: dict[str, str] | None = None) -> None:
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._sandbox, self._more = sandbox, more or {}
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        mine, theirs = os.pipe()
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "TROTH_ENV": "test",
            "TROTH_GATEWAY_LISTEN": f"127.0.0.1:{self.port}",
            "TROTH_GATEWAY_KEY_FD": str(mine),
            "TROTH_GATEWAY_ORIGINS": ORIGIN,
            "TROTH_GATEWAY_SANDBOX": f"127.0.0.1:{self._sandbox}",
            **self._more,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "port"], env=environment, pass_fds=[mine], cwd=ROOT, stderr=subprocess.PIPE
        )
        os.close(mine)
        os.write(theirs, KEY.hex().encode())
        os.close(theirs)
        return self

    def __exit__(self, *_error: object) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(LONG_S)
        if self.process.stderr is not None:
            self.process.stderr.close()

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    async def up(self) -> Self:
        """Wait until it answers."""
        async with asyncio.timeout(LONG_S):
            while True:
                try:
                    await self.control("health")
                except OSError:
                    await asyncio.sleep(0.05)
                else:
                    return self

    async def control(self, what: str, *, ticket: str | None = None, **asked: Any) -> dict[str, Any]:
        """Ask what the product asks. Return the answer, or its status where it is a refusal."""
        told = tickets.issue_control(KEY, at=time.time()) if ticket is None else ticket
        headers = {"Authorization": f"Ticket {told}"}
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=LONG_S)) as session,
            session.post(f"{self.url}/control/{what}", data=msgspec.json.encode(asked), headers=headers) as answer,
        ):
            return await answer.json() if answer.status == 200 else {"status": answer.status}

    async def state(self, port: UUID) -> dict[str, Any]:
        told: dict[str, Any] = (await self.control("states", ports=[str(port)]))["ports"][str(port)]
        return told

    async def ends(self, port: UUID) -> dict[str, Any]:
        """Wait until the process of a port is gone, and return what was told of it last."""
        async with asyncio.timeout(LONG_S):
            while True:
                told = await self.state(port)
                if "ended_at" in told:
                    return told
                await asyncio.sleep(0.05)

    async def goes(self, process: int, *, within_s: float = LONG_S) -> None:
        """Wait until a process is no more."""
        async with asyncio.timeout(within_s):
            while is_alive(process):  # noqa: ASYNC110  # the kernel tells nobody but its parent
                await asyncio.sleep(0.05)

    def children(self) -> list[int]:
        """Return the processes of its ports."""
        return [int(one) for one in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    @asynccontextmanager
    async def browser(self, ticket: str, *, port: UUID, origin: str = ORIGIN) -> AsyncIterator["Browser"]:
        """Open a browser's connection. Raises: aiohttp.WSServerHandshakeError, where it is refused."""
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(
                f"{self.url}/ports/{port}/talk", protocols=[PROTOCOL, ticket], origin=origin, max_msg_size=0
            ) as talk,
        ):
            yield Browser(talk, session, f"{self.url}/ports/{port}")


class Browser:
    """What a member's page does."""

    def __init__(self, talk: aiohttp.ClientWebSocketResponse, session: aiohttp.ClientSession, base: str) -> None:
        self.talk, self.session, self.base = talk, session, base
        self.heard: list[dict[str, Any]] = []
        self._count = 0

    async def ask(self, what: str, **asked: Any) -> dict[str, Any]:
        """Ask, and return the answer; what comes meanwhile is kept."""
        self._count += 1
        number = self._count
        await self.talk.send_json({"n": number, "do": what, **asked})
        return await self._hear(lambda told: told.get("n") == number)

    async def event(self, kind: str, fits: Any = lambda _told: True) -> dict[str, Any]:
        """Wait for what comes by itself."""
        for told in self.heard:
            if told.get("type") == kind and fits(told):
                return told
        return await self._hear(lambda told: told.get("type") == kind and fits(told))

    async def _hear(self, fits: Any) -> dict[str, Any]:
        async with asyncio.timeout(LONG_S):
            while True:
                frame = await self.talk.receive()
                if frame.type is not aiohttp.WSMsgType.TEXT:
                    raise ConnectionError(self.talk.close_code)
                told: dict[str, Any] = msgspec.json.decode(frame.data)
                self.heard.append(told)
                if fits(told):
                    return told


def ticket(port: UUID, *, member: UUID | None = None, writes: bool = True, owns: bool = True, ago_s: float = 0) -> str:
    """Return a ticket as the product would issue it."""
    at = time.time() - ago_s
    return tickets.issue(KEY, port=port, workspace=WORKSPACE, member=member or uuid4(), at=at, writes=writes, owns=owns)


def is_alive(process: int) -> bool:
    """Return whether a process lives; what was killed and nobody has asked after does not."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
