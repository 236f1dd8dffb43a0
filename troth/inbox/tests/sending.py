"""People to write to, messages in the outbox, and a channel that answers as it is told."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import cast
from uuid import UUID

import pytest

from tests import bodies
from tests.cast import House
from tests.deliver import deliver
from troth.base.clock import now
from troth.channels.contract import Accepted, Adapter, Content, Outbound, SendError, Who
from troth.inbox.models import Conversation, Message, MessageStatus
from troth.inbox.outbox import queue
from troth.inbox.send import connected
from troth.inbox.send.asking import Asking
from troth.inbox.send.number import NumberLane
from troth.inbox.send.pace import Pace, PairPace
from troth.inbox.tests import virtual
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

LANE = 7
CLOCKS = ("troth.inbox.send.ledger.now", "troth.inbox.send.connected.now")
Answer = Accepted | SendError | Exception | None


def phone(person: int) -> str:
    """Return the number of a made-up person, with plus."""
    return f"+60123{person:06d}"


def meet(house: House, *people: int) -> list[UUID]:
    """Let these people write, and return their conversations."""
    at = int(now().timestamp())
    for person in people:
        number = phone(person).removeprefix("+")
        message = bodies.text("Hello", id=f"wamid.in.{person}", at=at, phone=number)
        value = bodies.value(
            house.number_id, contacts=[bodies.contact(name=f"Person {person}", phone=number)], messages=[message]
        )
        deliver(house, bodies.envelope(value, account=house.account_id))
    with scope(house.id):
        found = {
            conversation.contact.identities.get(kind="phone").value: conversation.id
            for conversation in Conversation.objects.select_related("contact")
        }
    return [found[phone(person)] for person in people]


def write(house: House, conversation: UUID, *texts: str) -> list[UUID]:
    """Put texts into the outbox and return the messages' ids."""
    with scope(house.id):
        author = Membership.objects.order_by("id")[0]
        found = Conversation.objects.get(id=conversation)
        return [queue(found, Content(kind="text", text=text), by=author).id for text in texts]


def message(house: House, id: UUID) -> Message:
    """Return a message as it is now."""
    with scope(house.id):
        return Message.objects.get(id=id)


def statuses(house: House, ids: Sequence[UUID]) -> list[MessageStatus]:
    """Return what became of these messages, in their order."""
    with scope(house.id):
        found = {id: MessageStatus(status) for id, status in Message.objects.values_list("id", "status")}
    return [found[id] for id in ids]


def refusal(code: int, **facts: object) -> SendError:
    """Return a refusal that may pass, unless told otherwise."""
    return SendError(code, **{"retryable": True, "user_text": "", "attempts_max": 9, "retry_after_s": 1.0, **facts})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Call:
    """One offer, as the channel saw it. Times in seconds of the virtual clock."""

    began: float
    ended: float
    to: str
    text: str
    our_id: UUID


class Channel:
    """Takes everything after `takes_s`, but for those whose answers are planned: one after the other, None to take."""

    capabilities = None

    def __init__(self, *, takes_s: Callable[[], float] = lambda: 0.05) -> None:
        self.calls: list[Call] = []
        self.planned: dict[str, list[Answer]] = defaultdict(list)
        self._takes_s = takes_s
        self.threads: Executor | None = None  # where the test's database is within reach

    def plan(self, person: int, *answers: Answer) -> None:
        """Answer this person's next messages so."""
        self.planned[phone(person)] += answers

    async def send(self, outbound: Outbound) -> Accepted:
        began, to = time.monotonic(), outbound.phone or outbound.bsuid or ""
        answer = self.planned[to].pop(0) if self.planned[to] else None
        await asyncio.sleep(self._takes_s())
        self.calls.append(Call(began, time.monotonic(), to, outbound.content.text or "", outbound.our_id))
        if isinstance(answer, Exception):
            raise answer
        return answer or Accepted(external_id=f"wamid.out.{len(self.calls)}", who=Who())

    def texts(self, person: int | None = None) -> list[str]:
        """Return what was offered, to one person or to all, in the order in which it left."""
        calls = sorted(self.calls, key=lambda call: call.began)
        return [call.text for call in calls if person is None or call.to == phone(person)]


def send_all(
    house: House,
    channel: Channel,
    *,
    monkeypatch: pytest.MonkeyPatch,
    for_s: float = 600.0,
    pairs: PairPace | None = None,
) -> float:
    """Send in virtual time until the outbox is empty or the time is over, and return how long it took."""

    async def work() -> float:
        pace, pairs_kept = Pace(1), pairs or PairPace()
        while time.monotonic() < for_s and await asking.once(lambda: waits(house)):
            number = await asking.once(lambda: connected.number(house.id, house.channel))
            if number is None:
                await asyncio.sleep(1.0)
                continue
            lane = NumberLane(
                number,
                adapter_for=lambda _: cast(Adapter, channel),
                pace=pace,
                pairs=pairs_kept,
                lane=LANE,
                asking=asking,
            )
            await lane.run(idle_s=1.5)
        return time.monotonic()

    keep_connection(monkeypatch)
    threads = channel.threads = virtual.AtOnce()
    asking = Asking(threads)
    try:
        return virtual.run(work(), monkeypatch=monkeypatch, clocks=CLOCKS)
    finally:
        threads.close()


def keep_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody close the connection on which the test's own transaction runs."""
    monkeypatch.setattr("troth.inbox.send.ledger.close_old_connections", lambda: None)


def waits(house: House) -> bool:
    """Return whether anything is in the outbox."""
    with scope(house.id):
        return Message.objects.filter(status__in=[MessageStatus.QUEUED, MessageStatus.SENDING]).exists()
