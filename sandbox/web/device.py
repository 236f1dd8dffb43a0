"""A device that is linked, or waits for it: its code, and what it has not heard yet."""

import asyncio
import contextlib
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any

from sandbox.web.chats import Chat, Somebody

if TYPE_CHECKING:
    from sandbox.web.phone import WebPhone

Told = dict[str, Any]
WAITING, PASSKEY, SYNCING, READY, ENDED = "waiting", "passkey", "syncing", "ready", "ended"
EVENTS_AT_ONCE = 20


class Device:
    """One device. What it is told is kept until it says that it has heard it."""

    def __init__(self, id: str, *, name: str) -> None:
        self.id, self.name = id, name
        self.state = WAITING
        self.code, self.until, self.codes_shown = "", 0, 0
        self.pair_code, self.pair_digits = "", ""
        self.phone: WebPhone | None = None
        self.connected = True
        self.why, self.restricted_until = "", 0  # how it ended
        self.late: set[Somebody] = set()  # people whose LID it has not been told
        self.heard_at = 0
        self._said = 0
        self._ahead: deque[Told] = deque()
        self._news = asyncio.Event()

    def tell(self, event: Told) -> None:
        """Put an event, numbered, on its way."""
        self._said += 1
        self._ahead.append({"n": self._said, **event})
        self._news.set()

    def wake(self) -> None:
        """Let nobody wait for news any longer."""
        self._news.set()

    async def news(self, *, after: int, wait_s: float) -> list[Told]:
        """Return the next events, or none when none came in time. Those up to `after` were heard."""
        while self._ahead and self._ahead[0]["n"] <= after:
            self._ahead.popleft()
        if not self._ahead and wait_s > 0 and self.connected and self.state != ENDED:
            self._news.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._news.wait()
        return list(islice(self._ahead, EVENTS_AT_ONCE))

    def id_of(self, who: Somebody) -> str:
        """Return the id by which this device knows somebody."""
        return who.by_phone if who in self.late or not who.lid else who.by_lid

    def id_of_chat(self, chat: Chat) -> str:
        return self.id_of(chat.who) if chat.who else chat.group
