"""For tests: the simulated engine in this process, and a phone that is played beside it."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any, TypeVar

from port.contract import Changed, Chats, End, Event, Message, Outgoing, Said, State, Went
from port.drivers.simulated import Simulated
from sandbox.testing import RunningSandbox

QUICK = {"chunk_ms": 0, "delivered_ms": 0, "read_ms": 0, "answers": False}
LONG_S = 10
ANN = {"name": "Ann", "number": "+44 7700 900001", "lines": [{"text": "Hello"}, {"mine": True, "text": "Hi Ann"}]}
Told = TypeVar("Told")
_numbers = count(1)


class Played:
    """One engine with one phone of its own."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.events: list[Event] = []
        self.phone: dict[str, Any] = {}
        self.driver = Simulated(f"127.0.0.1:{sandbox.port}", pauses_s=(0.01,), give_up_s=5)
        self._news = asyncio.Event()
        self._requests = count(1)

    def hear(self, event: Event) -> None:
        self.events.append(event)
        self._news.set()

    async def begin(self, *, chats: list[dict[str, Any]] | None = None, **behaviour: Any) -> "Played":
        """Make the phone, and let the engine show its code."""
        number = f"+1 202 556 {next(_numbers):04d}"
        wish: dict[str, Any] = {"owner": "Amy", "number": number, "chats": [ANN] if chats is None else chats}
        wish["behaviour"] = {**QUICK, **behaviour}
        self.phone = await self._control("POST", "/web/phones", wish)
        await self.driver.start(self.hear)
        return self

    async def link(self, **wishes: Any) -> "Played":
        """Begin, scan, and wait until it is ready."""
        await self.begin(**wishes)
        await self.happens("scan", code=self.went(State.CODE).code)
        await self.reaches(State.READY)
        return self

    async def happens(self, what: str, **facts: Any) -> dict[str, Any]:
        """Let something happen on the phone."""
        return await self._control("POST", f"/web/{what}", {"phone": self.phone["id"], **facts})

    async def acts(self, what: str) -> list[dict[str, Any]]:
        """Return what reached the phone."""
        saw = await self._control("GET", f"/web/saw?phone={self.phone['id']}")
        return [act for act in saw["acts"] if act["do"] == what]

    async def _control(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return await asyncio.to_thread(self.sandbox.control, method, path, body)

    # What was told.

    async def until(self, kind: type[Told], fits: Callable[[Told], bool] = lambda _event: True) -> Told:
        """Wait for an event and return it."""
        async with asyncio.timeout(LONG_S):
            while True:
                for event in self.events:
                    if isinstance(event, kind) and fits(event):
                        return event
                self._news.clear()
                await self._news.wait()

    async def reaches(self, state: State) -> Went:
        return await self.until(Went, lambda event: event.state is state)

    async def ends(self) -> tuple[End | None, int]:
        """Wait for the end; return why, and until when the number is restricted."""
        went = await self.reaches(State.ENDED)
        return went.end, went.restricted_until

    async def said(self, fits: Callable[[Message], bool]) -> Message:
        """Wait until somebody has said this just now."""
        event = await self.until(Said, lambda event: not event.history and any(map(fits, event.messages)))
        return next(filter(fits, event.messages))

    async def changed(self, id: str, fits: Callable[[Changed], bool] = lambda _event: True) -> Changed:
        return await self.until(Changed, lambda event: event.id == id and fits(event))

    def all_went(self, state: State) -> list[Went]:
        return [event for event in self.events if isinstance(event, Went) and event.state is state]

    def went(self, state: State) -> Went:
        return self.all_went(state)[-1]

    def states(self) -> list[State]:
        """Return the states it went through, each once in a row."""
        states = [event.state for event in self.events if isinstance(event, Went)]
        return [state for at, state in enumerate(states) if at == 0 or states[at - 1] is not state]

    def history(self) -> list[Message]:
        return [one for event in self.events if isinstance(event, Said) and event.history for one in event.messages]

    def chat(self, name: str = "Ann") -> str:
        """Return the id of a conversation by its name."""
        chats = [one for event in self.events if isinstance(event, Chats) for one in event.chats]
        return next(one.id for one in reversed(chats) if one.name == name)

    def out(self, text: str = "", *, chat: str = "Ann", **more: Any) -> Outgoing:
        return Outgoing(id=f"request-{next(self._requests)}", chat=self.chat(chat), text=text, **more)
