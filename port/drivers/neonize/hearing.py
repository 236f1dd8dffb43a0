"""Hears what the library tells, on its threads, and tells it in words of the contract, on the session's loop.

Events come one after another. A part of the history is told one conversation at a time and waits until that was taken, so
that a long past neither piles up nor holds up what is asked meanwhile.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

from port.contract import End, Event, Message, Outgoing, Said, State, Went
from port.drivers.neonize import ends, history, library, live
from port.drivers.neonize.known import Known, together
from port.drivers.neonize.line import Line
from port.drivers.neonize.reads import content_of

READY_AFTER_S = 15.0  # without a word of the history
QUIET_S = 3.0  # after the last part of it
TAKEN_S = 10.0
LOST_S = 15 * 60.0
NOT_READABLE_S = 30.0
ALL_PERCENT = 100
# The first part of the past says 100 of itself; more is on its way then.
_WHOLE, _FIRST_PERCENT = (history.RECENT, history.FULL), 50
UNEXPECTED_S = 3.0
CONTACTS_AFTER_S = (2.0, 20.0, 120.0)  # names of the address book come when they come

_LIVE: dict[str, Callable[[Any, Known], list[Event]]] = {
    "Message": live.message,
    "Receipt": live.receipt,
    "ChatPresence": live.writing,
    "GroupInfoEvent": live.group_changed,
    "CallOffer": live.call,
}


class Hearing:
    """What is heard of one line."""

    def __init__(self, tell: Callable[[Event], None], line: Line, loop: asyncio.AbstractEventLoop) -> None:
        self.known = Known()
        self.me = ""
        self.is_connected = self.is_linked = self.shows_codes = False
        self._line, self._loop = line, loop
        self._to_session = tell
        self._codes = 0
        self._is_ready = self._is_closed = self._has_past = False
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._work: set[asyncio.Task[None]] = set()

    # On the library's threads.

    def code(self, code: str) -> None:
        """Take a code to scan."""
        self._codes += 1
        holds_s = ends.FIRST_CODE_S if self._codes == 1 else ends.NEXT_CODE_S
        self._later(self._show_code, Went(state=State.CODE, code=code, until=_now_ms() + holds_s * 1000))

    def status(self, word: str) -> None:
        """Take a word about linking."""
        if word == "success":
            self._later(self._linked)
        elif word == "err-unexpected-state":
            # What happened is told next, if it is told at all.
            self._later(self._after, "unexpected", UNEXPECTED_S, self._end, End.CRASHED)
        elif (end := ends.of_status(word, codes=self._codes)) is not None:
            self._later(self._end, end)

    def event(self, event: Any) -> None:
        """Take an event."""
        name = event.DESCRIPTOR.name
        if (went := ends.of_event(event, at=_now_ms())) is not None:
            self._later(self._went, went)
        elif name == "Connected":
            self._later(self._up)
        elif name == "Disconnected":
            self._later(self._down)
        elif name == "HistorySync":
            self._history(event.Data)
        elif name == "UndecryptableMessage":
            self._later(self._after, event.Info.ID, NOT_READABLE_S, self._not_readable, event)
        elif name == "JoinedGroup":
            self._tell_all(live.group(event.GroupInfo, self.known))
        else:
            self._tell_all(_LIVE[name](event, self.known))

    def lost(self) -> None:
        """Take that the connection is down, and is being made again. From here on nothing may be asked of it."""
        self._and_wait(self._down)

    def over(self, failure: str) -> None:
        """Take that the line is over."""
        self._later(self._end, ends.of_failure(failure))

    def _history(self, part: Any) -> None:
        self._later(self._syncing, part.progress, part.syncType)
        for told in history.told_by(part, self.known):
            self._and_wait(self._take, told)
        self._later(self._past_told, part.progress, part.syncType)

    def _tell_all(self, events: list[Event]) -> None:
        for event in events:
            self._later(self.tell, event)

    def _and_wait(self, does: Callable[..., None], *given: Any) -> None:
        done = threading.Event()
        self._later(self._do, done, does, given)
        done.wait(TAKEN_S)

    def _later(self, does: Callable[..., Any], *given: Any) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(does, *given)

    # On the session's loop.

    def tell(self, event: Event) -> None:
        """Tell the session, as long as it goes on."""
        if not self._is_closed:
            self._to_session(event)

    def sent(self, out: Outgoing, said: Any, answer: Any) -> Message:
        """Tell that we said something, and return it as it stands in the conversation."""
        content = content_of(said)
        assert content is not None
        at = answer.Timestamp * 1000
        message = Message(
            id=answer.ID,
            chat=out.chat,
            at=at,
            kind=content.kind,
            text=content.text,
            quoted=content.quoted,
            file=content.file,
            place=content.place,
            cards=content.cards,
            status="sent",
            expires_at=at + content.lasts_s * 1000 if content.lasts_s else 0,
        )
        self.known.said(message.id, out.chat, "", status="sent")
        self.known.count(out.chat, at=at, unread=False)
        self.tell(Said(messages=[message]))
        return message

    def close(self) -> None:
        """Hear no more."""
        self._is_closed, self.is_connected, self.shows_codes = True, False, False
        for timer in self._timers.values():
            timer.cancel()
        for work in self._work:
            work.cancel()

    def _show_code(self, went: Went) -> None:
        self.shows_codes = True
        self.tell(went)

    def _linked(self) -> None:
        self.is_linked, self.shows_codes = True, False
        self.tell(Went(state=State.SYNCING))

    def _up(self) -> None:
        self._cancel("lost", "unexpected")
        first = not self.is_connected and not self._is_ready
        self.is_connected = self.is_linked = True
        self.shows_codes = False
        if self._is_ready:
            self.tell(Went(state=State.READY))
        elif first:
            self._after("ready", 0 if self._has_past else READY_AFTER_S, self._ready)
            self._start(self._ask_who_we_are())

    def _down(self) -> None:
        if self.is_connected:
            self.is_connected = False
            self.tell(Went(state=State.RECONNECTING))
            self._after("lost", LOST_S, self._end, End.UNREACHABLE)

    def _syncing(self, percent: int, kind: int) -> None:
        self._cancel("ready")
        if not self._is_ready:
            self.tell(Went(state=State.SYNCING, percent=percent if kind in _WHOLE else min(percent, _FIRST_PERCENT)))

    def _past_told(self, percent: int, kind: int) -> None:
        self._has_past = kind in _WHOLE and percent >= ALL_PERCENT
        self._after("ready", 0 if self._has_past else QUIET_S, self._ready)

    def _ready(self) -> None:
        if not self._is_ready and self.is_connected:
            self._is_ready = True
            self.tell(Went(state=State.READY))
            self._start(self._ask_about_groups())
            self._start(self._ask_for_names())

    def _do(self, done: threading.Event, does: Callable[..., None], given: tuple[Any, ...]) -> None:
        does(*given)
        done.set()

    def _take(self, told: list[Event]) -> None:
        for event in told:
            self.tell(event)

    def _not_readable(self, event: Any) -> None:
        for one in live.unreadable(event, self.known):
            self.tell(one)

    def _went(self, went: Went) -> None:
        self.is_connected = self.is_linked = False
        self.tell(went)

    def _end(self, why: End) -> None:
        self._went(Went(state=State.ENDED, end=why))

    async def _ask_who_we_are(self) -> None:
        mine = await self._line.me()
        self.known.ids.mine |= set(mine)
        for one in mine[1:]:
            self.known.ids.learn(one, mine[0])
        self.me = mine[-1] if mine else ""

    async def _ask_about_groups(self) -> None:
        try:
            groups = await self._line.groups()
        except library.errors():
            return  # they are shown by what is said in them
        for group in groups:
            for event in live.group(group, self.known):
                self.tell(event)

    async def _ask_for_names(self) -> None:
        for pause in CONTACTS_AFTER_S:
            await asyncio.sleep(pause)
            if not self.is_connected:
                continue
            try:
                contacts = await self._line.contacts()
            except library.errors():
                return
            told: list[Event] = []
            for one in contacts:
                id = self.known.ids.id_of(one.JID)
                name = one.Info.FullName or one.Info.FirstName
                told += self.known.person(id, name=name, called=one.Info.PushName or one.Info.BusinessName)
            self._take(together(told))

    def _start(self, work: Any) -> None:
        task = self._loop.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._work.discard)

    def _after(self, name: str, pause_s: float, does: Callable[..., Any], *given: Any) -> None:
        self._cancel(name)
        if not self._is_closed:
            self._timers[name] = self._loop.call_later(pause_s, self._due, name, does, given)

    def _due(self, name: str, does: Callable[..., Any], given: tuple[Any, ...]) -> None:
        self._timers.pop(name, None)
        does(*given)

    def _cancel(self, *names: str) -> None:
        for name in names:
            if (timer := self._timers.pop(name, None)) is not None:
                timer.cancel()


def _now_ms() -> int:
    return int(time.time() * 1000)
