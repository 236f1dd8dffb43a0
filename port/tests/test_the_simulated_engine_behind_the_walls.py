"""The process of a port with the simulated engine: walled in as it is, it links, hears and ends."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from port import wire
from port.contract import End, State
from port.ports import Ports, environment_of_children
from port.tests.played import LONG_S, Played
from sandbox.testing import RunningSandbox

PORT = "0f0e0d0c-0b0a-4908-8706-050403020100"


class House:
    """The ports of a gateway without its door, and what their processes report."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self._null = os.open(os.devnull, os.O_RDWR)
        environment = {**environment_of_children(), "PYTHONPATH": os.getcwd()}
        address = f"127.0.0.1:{sandbox.port}"
        self.ports = Ports(b"k" * 32, origins=[], sandbox=address, null=self._null, environment=environment)
        self.reports: list[wire.Report] = []
        self._news = asyncio.Event()

    def begin(self) -> None:
        port = self.ports.begin(PORT, driver="simulated")
        asyncio.get_running_loop().add_reader(port.end.fileno(), self._heard, port.end.fileno())

    def _heard(self, file: int) -> None:
        port = self.ports.live[PORT]
        self.ports.heard(port)
        self.reports.append(port.report)
        if PORT not in self.ports.live:
            asyncio.get_running_loop().remove_reader(file)
        self._news.set()

    async def reaches(self, state: State) -> wire.Report:
        async with asyncio.timeout(LONG_S):
            while not any(report.state == state for report in self.reports):
                self._news.clear()
                await self._news.wait()
        return next(report for report in self.reports if report.state == state)

    def close(self) -> None:
        self.ports.close()
        os.close(self._null)


@pytest.fixture
async def house(sandbox: RunningSandbox) -> AsyncIterator[House]:
    made = House(sandbox)
    yield made
    made.close()


async def test_it_links_and_ends_with_its_reason(house: House, played: Played) -> None:
    await played.begin()
    house.begin()
    await house.reaches(State.CODE)
    listed = played.sandbox.control("GET", "/web/phones")["waiting"]
    device = next(one["device"] for one in listed if one["code"] != played.went(State.CODE).code)
    await played.happens("scan", device=device)
    ready = await house.reaches(State.READY)
    assert (ready.engine, ready.chats) == ("simulated", 1)
    await played.happens("ban", device=device)
    assert (await house.reaches(State.ENDED)).end == End.BANNED
