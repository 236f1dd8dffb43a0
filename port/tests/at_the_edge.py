"""A phone, people who write to it, and an engine that is about to be linked, all on the edge of WhatsApp on loopback."""

import sys
from typing import Any

import pytest

from port.contract import (
    State,
    Went,
)
from port.drivers import is_there
from tests.edge import people, protos
from tests.edge.connection import Connection
from tests.edge.edge import Edge
from tests.edge.engine import EngineAtWork
from tests.edge.people import Person, Phone

needs_the_engine = [
    pytest.mark.skipif(not is_there("neonize"), reason="neonize is not installed (bin/setup --port)"),
    pytest.mark.skipif(sys.platform != "linux", reason="the engine's trust is exchanged by what Linux tells of memory"),
]

RECENT = 3


class World:
    """An edge with people, and an engine that is about to link."""

    def __init__(self, edge: Edge, engine: EngineAtWork) -> None:
        self.edge, self.engine = edge, engine
        self.phone: Phone = people.phone("4915119999999", "Olga")
        self.anna, self.ben = people.person("4915110000001", "Anna"), people.person("4915110000002", "Ben")
        edge.add(self.phone, self.anna, self.ben)
        self.past = protos.history().HistorySync(syncType=RECENT, progress=100, chunkOrder=1)
        self.phone.history = [self.past]
        self.connection: Connection | None = None

    async def link(self) -> Connection:
        """Scan its code, and return its connection once it says that it is ready."""
        self.connection = await self.edge.scan(self.phone, await self.engine.code())
        await self.engine.told(Went, lambda went: went.state is State.READY)
        return self.connection

    async def ended(self) -> Went:
        """Return its end."""
        went: Went = await self.engine.told(Went, lambda went: went.state is State.ENDED)
        return went

    async def heard(self, by: Person, *, after: int = 0) -> tuple[str, Any]:
        """Return the id and the message that somebody read, the first beyond so many."""
        said = await self.edge.until(lambda: [one for one in self.edge.said if one[0] is by][after:])
        return said[0][1], said[0][2]


def words(text: str) -> Any:
    """Return a message of plain words."""
    return protos.e2e().Message(conversation=text)


def states(engine: EngineAtWork) -> list[State]:
    """Return how its session went."""
    return [event.state for event in engine.events if isinstance(event, Went)]


def receipt(connection: Connection, by: Person, id: str, kind: str) -> None:
    """Let the servers tell a device how far a message got; no kind says that it was delivered."""
    connection.tell("receipt", {"from": by.lid, "id": id, "type": kind, "t": "1790000000"})
