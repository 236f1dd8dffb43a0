"""One browser that looks at a port: what is on its way to it, and its own addresses of files."""

import asyncio
import contextlib
import secrets
import time
from typing import Any

import msgspec
from aiohttp import WSCloseCode, web

from port.contract import File
from port.session import Session
from port.tickets import Ticket

BEHIND_MAX = 2_000  # events that a browser may be behind
CLOSE_S = 2.0


class Browser:
    """One browser that looks at a port."""

    def __init__(
        self, session: Session, ticket: Ticket, talk: web.WebSocketResponse, transport: asyncio.Transport | None
    ) -> None:
        self.session, self.ticket, self.talk, self.transport = session, ticket, talk, transport
        self.files: dict[str, tuple[File, bytes | None]] = {}  # by what its address says
        self.brings_to = secrets.token_urlsafe(24)  # where it brings files that it will send
        self._addresses: dict[str, str] = {}  # an engine's word for a file -> what its address says
        self._ahead: asyncio.Queue[bytes] = asyncio.Queue(BEHIND_MAX)

    @property
    def is_live(self) -> bool:
        """Whether its ticket still holds."""
        return self.ticket.until >= time.time()

    def tell(self, event: Any) -> None:
        """Put an event on its way; whoever is too far behind starts anew."""
        try:
            self._ahead.put_nowait(self.encode(event))
        except asyncio.QueueFull:
            self.close(WSCloseCode.TRY_AGAIN_LATER)

    def encode(self, event: Any) -> bytes:
        """Return it as JSON, files by addresses of this browser's own."""
        return msgspec.json.encode(self._addressed(msgspec.to_builtins(event)))

    def _addressed(self, told: Any) -> Any:
        if isinstance(told, dict):
            if "ref" in told and "kind" in told:
                told["ref"] = self._address(msgspec.convert(told, File))
            return {key: self._addressed(value) for key, value in told.items()}
        if isinstance(told, list):
            return [self._addressed(one) for one in told]
        return told

    def _address(self, file: File) -> str:
        if (known := self._addresses.get(file.ref)) is None:
            known = self._addresses[file.ref] = secrets.token_urlsafe(24)
            self.files[known] = (file, None)
        return known

    def expel(self) -> None:
        """Show it the door: its member may look no more."""
        self.close(WSCloseCode.POLICY_VIOLATION)

    def close(self, code: int) -> None:
        self.files.clear()
        self.session.start(self._close(code))

    async def _close(self, code: int) -> None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.talk.close(code=code), CLOSE_S)
        if self.transport is not None:
            self.transport.abort()

    async def write(self) -> None:
        """Send what is on its way, and nothing once the ticket has ended."""
        while not self.talk.closed:
            with contextlib.suppress(TimeoutError):
                data = await asyncio.wait_for(self._ahead.get(), 1)
                if self.is_live:
                    await self.talk.send_str(data.decode())
            if not self.is_live:
                self.close(WSCloseCode.POLICY_VIOLATION)
                return
