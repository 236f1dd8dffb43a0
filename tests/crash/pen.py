"""Writes to people from inside a running product, as its views do but without the cost of a request each."""

import json
import subprocess
import sys
import threading
from types import TracebackType
from typing import Any, Self

from tests.live import ROOT, Live, LiveHouse

Text = tuple[str, str]  # to whom (digits, or a business-scoped id) and what


class NotWritten(Exception):
    """The product could not do it; with the name of the error."""


class Desk:
    """`with Desk(live) as desk: desk.pen(house).write(("60123456789", "Hello"))`: one process that takes orders."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-c", "import django; django.setup(); from tests.crash.desk import main; main()"],
            env=self._live.environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.communicate()

    def pen(self, house: LiveHouse) -> "Pen":
        """Return what writes for a house."""
        return Pen(house, self)

    def ask(self, order: dict[str, Any]) -> Any:
        """Give an order and return the answer. Raises: NotWritten."""
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline())
        if "error" in answer:
            raise NotWritten(answer["error"])
        return answer["done"]


class Pen:
    """Writes for one house."""

    def __init__(self, house: LiveHouse, desk: Desk) -> None:
        self._house = house
        self._desk = desk

    def write(self, *texts: Text, **more: Any) -> list[str]:
        """Queue texts in one transaction, in this order, and return the messages' ids.

        `quoted` is the id of an answered message, `template` the name of one to send instead of the text.
        Raises: NotWritten.
        """
        made: list[str] = self._ask(do="write", texts=texts, **more)
        return made

    def offer_again(self, id: str) -> None:
        """Do what the agent's "send again" does."""
        self._ask(do="offer_again", id=id)

    def settle(self, id: str, *, arrived: bool) -> None:
        """Do what the agent's "it arrived" does."""
        self._ask(do="settle", id=id, arrived=arrived)

    def _ask(self, **order: Any) -> Any:
        return self._desk.ask({"house": self._house.id, "channel": self._house.channel, **order})
