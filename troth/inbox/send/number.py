"""Sends for one connected number: at its pace, each conversation in order, one slow person never holding up the rest."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

import psycopg
from django.db import DatabaseError, InterfaceError

from troth.channels.contract import Adapter, SendError, Unsupported
from troth.inbox.models import MessageStatus
from troth.inbox.send import ledger
from troth.inbox.send.ledger import Claimed, Number, Result
from troth.inbox.send.pace import Pace, PairPace

IN_FLIGHT_MAX = 400
AHEAD_S = 0.05
FLUSH_EVERY_S = 0.02
DATABASE_RETRY_S = 0.5
UNKNOWN = 0
NOT_SUPPORTED = -2  # our own code: this channel cannot say that
ACCOUNT_PAUSE_S = 300.0

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class NumberLane:
    """Runs while its number has something to send."""

    def __init__(self, number: Number, adapter: Adapter, *, lane: int, threads: Executor) -> None:
        self.number = number
        self.adapter = adapter
        self.lane = lane
        self.pace = Pace(number.per_second)
        self.pairs = PairPace()
        self.wake = asyncio.Event()
        self.rest_until = 0.0
        self.stopping = False
        self._threads = threads
        self._flying: set[asyncio.Task[None]] = set()
        self._results: list[Result] = []
        self._paused = False
        self._troubled = number.troubled

    async def run(self, *, idle_s: float) -> None:
        """Send until there was nothing to do for `idle_s` seconds, or until told to stop or to rest for long; then
        write the last results down and return."""
        flusher = asyncio.create_task(self._flush_on())
        try:
            idle_since = time.monotonic()
            while time.monotonic() - idle_since < idle_s and not (self.stopping or self._paused):
                if await self._round():
                    idle_since = time.monotonic()
        finally:
            if self._flying:
                await asyncio.wait(self._flying)
            flusher.cancel()
            await self._flush()

    async def _round(self) -> bool:
        """Claim what fits and set it going; return whether there was anything."""
        self.wake.clear()
        moment = time.monotonic()
        if self.rest_until > moment:
            await self._nap(min(self.rest_until - moment, 1.0))
            return True
        room = min(self.pace.room(moment, ahead_s=AHEAD_S), IN_FLIGHT_MAX - len(self._flying))
        if room < 1:
            await self._nap(0.01)
            return True
        claimed = await self._ask(
            lambda: ledger.claim(self.number.workspace_id, self.number.channel_id, lane=self.lane, most=room)
        )
        for one in claimed:
            self._start(one)
        if not claimed:
            await self._nap(1.0 if not self._flying else 0.05)
        return bool(claimed or self._flying)

    async def _nap(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.wake.wait(), seconds)
        except TimeoutError:
            return

    def _start(self, one: Claimed) -> None:
        moment = time.monotonic()
        if one.outbound is None:
            self._results.append(Result(one.id, one.conversation_id, MessageStatus.FAILED, code=ledger.UNADDRESSED))
            return
        wait_s = self.pairs.wait_s(one.conversation_id, moment)
        if wait_s:
            self._results.append(
                Result(one.id, one.conversation_id, MessageStatus.QUEUED, retry_after_s=wait_s + 0.01)
            )
            return
        task = asyncio.create_task(self._offer(one, at=self.pace.next(moment)))
        self._flying.add(task)
        task.add_done_callback(self._landed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("send.offer_broke", exc_info=task.exception())

    async def _offer(self, one: Claimed, *, at: float) -> None:
        assert one.outbound is not None
        early = at - time.monotonic()
        if early > 0:
            await asyncio.sleep(early)
        try:
            accepted = await self.adapter.send(one.outbound)
        except SendError as refusal:
            result = self._refused(one, refusal)
        except Unsupported:
            result = Result(one.id, one.conversation_id, MessageStatus.FAILED, code=NOT_SUPPORTED)
        except Exception:
            # Whatever broke, the message may have left: only a fact or a person may decide.
            log.exception("send.adapter_broke", extra={"message_id": str(one.id)})
            result = Result(one.id, one.conversation_id, MessageStatus.UNCERTAIN)
        else:
            result = Result(
                one.id, one.conversation_id, MessageStatus.SENT, external_id=accepted.external_id, held=accepted.held
            )
        self._results.append(result)

    def _refused(self, one: Claimed, refusal: SendError) -> Result:
        if refusal.uncertain:
            return Result(one.id, one.conversation_id, MessageStatus.UNCERTAIN, code=refusal.code)
        if refusal.scope == "account":
            # The queue is kept: it goes on when somebody has put the account right.
            self._rest(ACCOUNT_PAUSE_S, refusal.code)
            return self._later(one, refusal, ACCOUNT_PAUSE_S)
        if not refusal.retryable or one.attempts >= refusal.attempts_max:
            return Result(one.id, one.conversation_id, MessageStatus.FAILED, code=refusal.code)
        wait_s = (refusal.retry_after_s or 1.0) * refusal.retry_growth ** (one.attempts - 1)
        if refusal.scope == "number":
            self.rest_until = max(self.rest_until, time.monotonic() + min(wait_s, 5.0))
        return self._later(one, refusal, wait_s)

    def _later(self, one: Claimed, refusal: SendError, wait_s: float) -> Result:
        return Result(
            one.id, one.conversation_id, MessageStatus.QUEUED, code=refusal.code, retry_after_s=wait_s
        )

    def _rest(self, seconds: float, code: int) -> None:
        self.rest_until = time.monotonic() + seconds
        if not self._paused:
            self._paused = True
            number = self.number
            task = asyncio.create_task(
                self._ask(lambda: ledger.pause(number.workspace_id, number.channel_id, seconds=seconds, code=code))
            )
            self._flying.add(task)
            task.add_done_callback(self._flying.discard)

    async def _flush_on(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_EVERY_S)
            await self._flush()

    async def _flush(self) -> None:
        """Write results down in one transaction. They are kept until the database has them."""
        while self._results:
            some, self._results = self._results[:500], self._results[500:]
            number = self.number
            await self._ask(lambda some=some: ledger.record(number.workspace_id, number.channel_id, some, lane=self.lane))  # type: ignore[misc]
            if self._troubled and any(result.status == MessageStatus.SENT for result in some):
                self._troubled = False
                await self._ask(lambda: ledger.unpause(number.workspace_id, number.channel_id))
            self.wake.set()

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        """Ask the database in a thread, as long as it takes for it to be there."""
        while True:
            try:
                return await asyncio.get_running_loop().run_in_executor(self._threads, question)
            except (DatabaseError, InterfaceError, psycopg.Error) as failure:
                log.warning("send.database_away", extra={"error": type(failure).__name__})
                await asyncio.sleep(DATABASE_RETRY_S)

