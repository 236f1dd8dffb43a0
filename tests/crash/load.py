"""Customers who write without pause and remember what was acknowledged; agents who answer without pause."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests import bodies
from tests.crash.outgoing import meter
from tests.crash.pen import NotWritten, Pen
from tests.door.postman import Postman
from tests.live import LiveHouse, wait_until

ASKS_AGAIN_AFTER_S = 0.1
REPEATS = 0.05  # of acknowledged deliveries come a second time, as they do from Meta


class Worker:
    """A thread that does one thing over and over until it is stopped, and then puts its things away."""

    def __init__(self, step: Callable[[], None], *, close: Callable[[], None] = lambda: None) -> None:
        self._step = step
        self._close = close
        self._stopping = threading.Event()
        self._failed: Exception | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the step in hand. Raises: whatever broke the thread."""
        self._stopping.set()
        self._thread.join()
        if self._failed is not None:
            raise self._failed

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._step()
        except Exception as failure:  # noqa: BLE001 - told to whoever stops us
            self._failed = failure
        finally:
            self._close()


class Customers:
    """Posts signed deliveries, each until it is acknowledged. `acknowledged` holds the ids of their messages."""

    def __init__(self, house: LiveHouse, *, name: str, people: int = 50, most: int = 4, pause_s: float = 0.0) -> None:
        self.acknowledged: list[str] = []
        self.answers: dict[int, int] = {}
        self._house = house
        self._name = name
        self._people = people
        self._most = most
        self._pause_s = pause_s
        self._chance = random.Random(name)
        self._count = itertools.count()
        self._postman = Postman(house)

    def step(self) -> None:
        """Write one delivery and see it acknowledged."""
        ids = [f"wamid.{self._name}.{next(self._count)}" for _ in range(self._chance.randint(1, self._most))]
        body = bodies.encode(self._delivery(ids))
        while self._post(body) != 200:
            time.sleep(ASKS_AGAIN_AFTER_S)
        self.acknowledged += ids
        if self._chance.random() < REPEATS:
            self._post(body)
        if self._pause_s:
            time.sleep(self._pause_s)

    def close(self) -> None:
        """Hang up."""
        self._postman.close()

    def _delivery(self, ids: list[str]) -> bodies.Body:
        messages, people = [], []
        for id in ids:
            phone = f"6011{self._chance.randrange(self._people):07d}"
            messages.append(bodies.text(f"Words of {id}", id=id, at=int(time.time()), phone=phone))
            people.append(bodies.contact(name=f"Customer {phone[-4:]}", phone=phone))
        value = bodies.value(self._house.number_id, contacts=people, messages=messages)
        return bodies.envelope(value, account=self._house.account_id)

    def _post(self, body: bytes) -> int:
        """Return the status, 0 where there was no answer."""
        status = self._postman.post(body)
        self.answers[status] = self.answers.get(status, 0) + 1
        return status


class Agents:
    """Writes to many people, some of them several times in a row. `written` holds the messages' ids.

    What the database may or may not have taken when it went away is not in `written`: only the database knows.
    """

    def __init__(self, pen: Pen, *, name: str, people: int = 400, most: int = 8, pause_s: float = 0.03) -> None:
        self.written: list[str] = []
        self.refused = 0
        self._pen = pen
        self._people = people
        self._most = most
        self._pause_s = pause_s
        self._chance = random.Random(name)
        self._count = itertools.count()

    def step(self) -> None:
        """Write a few messages in one transaction."""
        texts = [(self._person(), f"Message {next(self._count)}") for _ in range(self._chance.randint(1, self._most))]
        texts += [(texts[-1][0], f"Message {next(self._count)}") for _ in range(self._chance.randint(0, 2))]
        try:
            self.written += self._pen.write(*texts)
        except NotWritten:
            self.refused += 1
            time.sleep(ASKS_AGAIN_AFTER_S)
        time.sleep(self._pause_s)

    def _person(self) -> str:
        return f"6012{self._chance.randrange(self._people):06d}9"


class Storm:
    """Customers and agents at work on one house at once: `with Storm(house, pen, name="a") as storm:`."""

    def __init__(self, house: LiveHouse, pen: Pen, *, name: str, crowd: int = 3, pause_s: float = 0.0) -> None:
        self.house = house
        self.customers = [Customers(house, name=f"{name}{index}", pause_s=pause_s) for index in range(crowd)]
        self.agents = Agents(pen, name=name)
        self._workers: list[Worker] = []

    def __enter__(self) -> Self:
        self._workers = [Worker(one.step, close=one.close) for one in self.customers]
        self._workers.append(Worker(self.agents.step))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.stop()

    def acknowledged(self) -> list[str]:
        """Return the ids of all messages of customers that were acknowledged."""
        return [id for one in self.customers for id in one.acknowledged]

    def rage(self, *, deliveries: int, messages: int, within_s: float = 30.0) -> None:
        """Return once so many more deliveries were acknowledged, and so many more messages taken by the sandbox."""
        acknowledged = len(self.acknowledged()) + deliveries
        taken = meter(self.house)["accepted"] + messages
        wait_until(
            lambda: len(self.acknowledged()) >= acknowledged and meter(self.house)["accepted"] >= taken,
            within_s=within_s,
        )

    def answers(self) -> Counter[int]:
        """Return how often the door gave each answer, 0 standing for none."""
        return sum((Counter(one.answers) for one in self.customers), Counter())
