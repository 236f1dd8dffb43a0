"""Keeps what became of offers until the database has it."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace

from troth.inbox.send.asking import Asking
from troth.inbox.send.offer import Result

TOGETHER_S = 0.02  # results of so long share a transaction
MOST = 500

log = logging.getLogger(__name__)


class Results:
    """Writes results down, many at once and each until it is done.

    `write` writes some of them, blocking; `written` is told which the database has.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Result]], None],
        *,
        asking: Asking,
        written: Callable[[Sequence[Result]], None],
    ) -> None:
        self._write = write
        self._asking = asking
        self._written = written
        self._waiting: list[Result] = []
        self._news = asyncio.Event()
        self._closing = False

    def add(self, result: Result) -> None:
        """Take a result in."""
        self._waiting.append(result)
        self._news.set()

    def close(self) -> None:
        """Let `keep_writing` return once everything is written."""
        self._closing = True
        self._news.set()

    async def keep_writing(self) -> None:
        """Write until closed."""
        while self._waiting or not self._closing:
            await self._news.wait()
            if not self._closing:
                await asyncio.sleep(TOGETHER_S)
                self._news.clear()
            while self._waiting:
                some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                await self._write_down(some)

    async def _write_down(self, some: Sequence[Result]) -> None:
        try:
            await self._asking.patiently(lambda: self._write(some))
        except Exception:
            log.exception("send.results_refused", extra={"count": len(some)})
            await self._write_each(some)
        else:
            self._written(some)

    async def _write_each(self, some: Sequence[Result]) -> None:
        """Find the one that the database refuses; the others are not to suffer for it."""
        if len(some) > 1:
            for one in some:
                await self._write_down([one])
        elif await self._written_without_id(some[0]):
            self._written(some)

    async def _written_without_id(self, one: Result) -> bool:
        """Write a refused result without what it may be refused for; return whether that went well.

        Otherwise the message stays `sending`, and is uncertain when its number changes hands.
        """
        try:
            await self._asking.patiently(lambda: self._write([replace(one, external_id=None)]))
        except Exception:
            log.exception("send.result_lost", extra={"message_id": str(one.of.id)})
            return False
        return True
