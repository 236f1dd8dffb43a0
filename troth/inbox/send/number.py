"""Sends for one connected number: at its pace, each conversation in order, one slow person never holding up the rest."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from troth.base.http import on_departure
from troth.channels.contract import Adapter, SendError, Unsupported
from troth.inbox.models import MessageStatus
from troth.inbox.send import connected, ledger, offer
from troth.inbox.send.asking import AWAY, Asking
from troth.inbox.send.connected import Number
from troth.inbox.send.offer import Claimed, Result, Verdict
from troth.inbox.send.pace import Departure, Pace, PairPace
from troth.inbox.send.results import Results

IN_FLIGHT_MAX = 600  # at 1,000/s and answers after a quarter of a second 250 are under way, and some wait their turn
AHEAD_S = 0.2  # messages of so long are claimed ahead of their turn: a claim takes up to half of that on a busy machine
LOOK_EVERY_S = 1.0
READ_AGAIN_EVERY_S = 5.0
REST_MAX_S = 60.0

log = logging.getLogger(__name__)


class NumberLane:
    """Runs while its number has something to send. Set `wake` when there is more."""

    def __init__(
        self,
        number: Number,
        *,
        adapter_for: Callable[[Number], Adapter],
        pace: Pace,
        pairs: PairPace,
        lane: int,
        asking: Asking,
    ) -> None:
        self.number = number
        self.pace = pace
        self.pairs = pairs
        self.wake = asyncio.Event()
        self._adapter_for = adapter_for
        self._adapter = adapter_for(number)
        self._lane = lane
        self._asking = asking
        self._results = Results(self._record, asking=asking, written=self._written)
        self._claimed: set[UUID] = set()  # and not yet written down
        self._flying: set[asyncio.Task[Any]] = set()
        self._aside: set[asyncio.Task[Any]] = set()
        self._in_line = 0
        self._turn = asyncio.Lock()
        self._ending = False
        self._stopped = False
        self._may_have_lost = False
        self._read_at = time.monotonic()
        self._rest_until = 0.0
        self._setbacks = 0
        pace.change(number.per_second)

    async def run(self, *, idle_s: float) -> None:
        """Send until there was nothing to do for `idle_s` seconds, or the number may not send, or `finish` is called;
        then write the last results down and return."""
        writing = asyncio.create_task(self._results.keep_writing())
        try:
            idle_since = time.monotonic()
            while not self._ending and time.monotonic() - idle_since < idle_s:
                if await self._round():
                    idle_since = time.monotonic()
        finally:
            while self._flying or self._aside:
                await asyncio.wait(self._flying | self._aside)
            self._results.close()
            await writing

    def finish(self) -> None:
        """Claim nothing more; what has been claimed is still offered."""
        self._ending = True
        self.wake.set()

    def give_up(self) -> None:
        """Wait no longer for answers: what may have left is uncertain, what has not goes back."""
        self.finish()
        for task in self._flying:
            task.cancel()

    async def _round(self) -> bool:
        """Claim what fits and set it going; return whether there was anything to do."""
        self.wake.clear()
        await self._read_again()
        most = await self._room()
        if most < 1:
            return True
        claimed = await self._claim(most)
        for one in claimed:
            self._start(one)
        if len(claimed) < most:
            await self._nap(LOOK_EVERY_S)
        return bool(claimed or self._flying)

    async def _room(self) -> int:
        """Return how many messages to claim now. Where there is no room, wait a moment and return 0."""
        at = time.monotonic()
        free = IN_FLIGHT_MAX - len(self._flying)
        if self.number.troubled:
            free = min(free, 1 - len(self._claimed))  # one shows whether the number works again
        room = self.pace.room(at, ahead_s=AHEAD_S) - self._in_line
        if self._rest_until > at:
            await asyncio.sleep(min(self._rest_until - at, LOOK_EVERY_S))
        elif free < 1:
            await self._nap(LOOK_EVERY_S)
        elif room < self.number.per_second * AHEAD_S / 2 and room < free:
            await asyncio.sleep(AHEAD_S / 4)
        else:
            return min(room, free)
        return 0

    async def _nap(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.wake.wait(), seconds)
        except TimeoutError:
            return

    async def _read_again(self) -> None:
        """Follow what changes about the number while it sends: removed, stopped, another token or speed."""
        if time.monotonic() < self._read_at + READ_AGAIN_EVERY_S:
            return
        self._read_at = time.monotonic()
        self._may_have_lost = True
        old = self.number
        try:
            new = await self._asking.once(lambda: connected.number(old.workspace_id, old.channel_id))
        except AWAY:
            return
        if new is None:
            self.finish()
        elif new != old:
            self.number, self._adapter = new, self._adapter_for(new)
            self.pace.change(new.per_second)

    async def _claim(self, most: int) -> list[Claimed]:
        number, known = self.number, set(self._claimed)
        place = (number.workspace_id, number.channel_id)
        try:
            if self._may_have_lost:
                await self._asking.once(lambda: ledger.put_back_lost(*place, lane=self._lane, known=known))
                self._may_have_lost = False
            claimed = await self._asking.once(
                lambda: ledger.claim(*place, lane=self._lane, most=most, probing=number.troubled, held=number.held)
            )
        except AWAY as failure:
            log.warning("send.database_away", extra={"error": type(failure).__name__})
            self._may_have_lost = True
            return []
        self._claimed.update(one.id for one in claimed)
        return claimed

    def _start(self, one: Claimed) -> None:
        if one.outbound is None:
            self._results.add(offer.hopeless(one))
        elif wait_s := self.pairs.wait_s(one.conversation_id, time.monotonic()):
            self._results.add(offer.not_offered(one, retry_after_s=wait_s))
        else:
            self._go(self._flying, self._offer(one))

    def _go(self, among: set[asyncio.Task[Any]], work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)

    async def _offer(self, one: Claimed) -> None:
        try:
            departure = await self._its_turn()
        except asyncio.CancelledError:
            self._results.add(offer.not_offered(one))
            raise
        if departure is None:
            self._results.add(offer.not_offered(one))
            return
        with on_departure(lambda: departure.went(time.monotonic())):
            self._take(await self._verdict(one))

    async def _its_turn(self) -> Departure | None:
        """Wait until the pace lets one message leave; return its departure, None where the number may not send then."""
        self._in_line += 1
        try:
            async with self._turn:
                while self._may_send() and (wait_s := self.pace.wait_s(time.monotonic())) > 0:  # noqa: ASYNC110
                    await asyncio.sleep(wait_s)
                return self.pace.last if self._may_send() else None
        finally:
            self._in_line -= 1

    def _may_send(self) -> bool:
        return not self._stopped and self._rest_until <= time.monotonic()

    async def _verdict(self, one: Claimed) -> Verdict:
        assert one.outbound is not None
        try:
            return offer.accepted(one, await self._adapter.send(one.outbound))
        except SendError as refusal:
            return offer.refused(one, refusal, troubled=self.number.troubled)
        except Unsupported:
            return offer.unsupported(one)
        except asyncio.CancelledError:
            self._results.add(offer.unsure(one))
            raise
        except Exception:
            # Whatever broke, the message may have left: only a fact or a person may decide.
            log.exception("send.adapter_broke", extra={"message_id": str(one.id)})
            return Verdict(offer.unsure(one))

    def _take(self, verdict: Verdict) -> None:
        self._results.add(verdict.result)
        if verdict.result.status == MessageStatus.SENT:
            self._works()
        if verdict.rest_s:
            self._rest(verdict.rest_s)
        if verdict.stop_s and not self._stopped:
            self._stop(verdict.stop_s, code=verdict.result.code or 0)

    def _works(self) -> None:
        self._setbacks = 0
        if self.number.troubled:
            number = self.number = replace(self.number, troubled=False)
            self._go(self._aside, self._asking.patiently(lambda: connected.works_again(number)))

    def _rest(self, seconds: float) -> None:
        """Leave the number alone, twice as long after each time that it did not help, and go on a little slower."""
        at = time.monotonic()
        if self._rest_until <= at:
            self.pace.leave_more()
            self._rest_until = at + min(seconds * 2**self._setbacks, max(seconds, REST_MAX_S))
            self._setbacks = min(self._setbacks + 1, 10)

    def _stop(self, seconds: float, *, code: int) -> None:
        """Send no more until somebody has put the number right, or some time has passed."""
        number, self._stopped = self.number, True
        self.finish()
        self._go(self._aside, self._asking.patiently(lambda: connected.stop(number, seconds=seconds, code=code)))

    def _record(self, results: Sequence[Result]) -> None:
        ledger.record(self.number.workspace_id, self.number.channel_id, results, lane=self._lane)

    def _written(self, results: Sequence[Result]) -> None:
        self._claimed.difference_update(result.of.id for result in results)
        self.wake.set()
