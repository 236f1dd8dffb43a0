"""The driver: what is asked of WhatsApp Web, through neonize, and what it tells."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import msgspec

from port import wire
from port.contract import (
    Capabilities,
    Changed,
    Event,
    Limited,
    Message,
    Outgoing,
    Reaction,
    Refused,
    Seen,
)
from port.drivers.neonize import files, library, writes
from port.drivers.neonize.hearing import Hearing
from port.drivers.neonize.ids import is_group
from port.drivers.neonize.line import Line

PIECE_BYTES = 64 * 1024
UPLOADED_BYTES_MAX = 64 * 1024 * 1024
ASKED_KEPT_MAX = 500
NO_FIRST_MESSAGES = "463"


def driver(begin: wire.Begin) -> "Engine":
    """Return the engine of a port. The library is loaded here, before the walls stand."""
    return Engine(begin.port)


class Engine:
    """One linked device."""

    def __init__(self, port: str, *, through: str = "") -> None:
        # WhatsApp tells who writes to whoever shows as online only, and then the phone is silent: we never do.
        self.capabilities = Capabilities(
            engine=library.NAME, version=library.installed_version(), pair_code=True, presence=False
        )
        self._line = Line(port, through=through)
        self._hearing: Hearing | None = None
        self._sent: OrderedDict[str, Message] = OrderedDict()  # by what asked for it, without words

    async def start(self, tell: Callable[[Event], None]) -> None:
        """Begin to link; what happens is told."""
        self._hearing = Hearing(tell, self._line, asyncio.get_running_loop())
        self._line.open(self._hearing)

    async def pair_code(self, phone: str) -> str:
        """Return the eight characters that are typed on the phone instead of scanning."""
        if self._hearing is None or not self._hearing.shows_codes:
            raise Refused("not_now")
        code: str = await self._do(self._line.pair_code("".join(one for one in phone if one.isdigit())))
        return code.replace("-", "")

    async def send(self, out: Outgoing, data: bytes | None = None) -> Message:
        """Say it, and return it as it stands in the conversation."""
        heard = self._connected()
        if (before := self._sent.get(out.id)) is not None:
            return _with_words(before, out)
        known = heard.known
        timer_s = known.timer_s(out.chat)
        context = writes.context(
            quoted=out.quoted, by=self._said_by(out.chat, out.quoted), quote=out.quote, timer_s=timer_s
        )
        uploaded = None
        if out.file is not None and data is not None:
            if len(data) > UPLOADED_BYTES_MAX:
                raise Refused("file_too_large")
            uploaded = await self._do(self._line.upload(data, writes.upload_number(out)))
        sent = writes.said(out, uploaded, context=context)
        answer = await self._do(self._line.send(out.chat, sent))
        message = heard.sent(out, sent, answer)
        self._sent[out.id] = msgspec.structs.replace(message, text="", cards=[], place=None)
        if len(self._sent) > ASKED_KEPT_MAX:
            self._sent.popitem(last=False)
        return message

    async def react(self, chat: str, id: str, emoji: str) -> None:
        """React, or take the reaction away (no emoji)."""
        by = self._said_by(chat, id, ours="")
        await self._change(chat, writes.reacted(chat, id, emoji, by=by, at=_now_ms()))
        self._tell(Changed(chat=chat, id=id, reaction=Reaction(emoji=emoji)))

    async def edit(self, chat: str, id: str, text: str) -> None:
        """Say something else in a message of ours."""
        await self._change(chat, writes.edited(chat, id, text, at=_now_ms()))
        self._tell(Changed(chat=chat, id=id, text=text))

    async def delete(self, chat: str, id: str) -> None:
        """Take a message of ours back from everybody."""
        await self._change(chat, writes.revoked(chat, id))
        self._tell(Changed(chat=chat, id=id, deleted=True))

    async def read(self, chat: str, ids: Sequence[str]) -> None:
        """Say on the phone that these were read."""
        heard = self._connected()
        by: dict[str, list[str]] = {}
        for id in ids:
            trace = heard.known.trace(id)
            sender = chat if not is_group(chat) else trace.sender if trace is not None else ""
            if sender:
                by.setdefault(sender, []).append(id)
        for sender, said in by.items():
            await self._do(self._line.read(chat, sender, said))
        heard.known.seen(chat)
        self._tell(Seen(chat=chat))

    async def typing(self, chat: str, on: bool) -> None:
        """Show that somebody writes."""
        self._connected()
        await self._do(self._line.writing(chat, on))

    async def older(self, chat: str, before: str, count: int) -> int:
        """Refuse: this library cannot ask the phone for older messages."""
        raise Refused("cannot_older")

    async def file(self, ref: str) -> AsyncIterator[bytes]:
        """Give out a file piece by piece. It is fetched whole and never lies anywhere but in memory."""
        self._connected()
        data = memoryview(await self._do(self._line.fetch(files.to_fetch(ref)), why="file_gone"))
        for start in range(0, len(data), PIECE_BYTES):
            yield bytes(data[start : start + PIECE_BYTES])

    async def stop(self, *, unlink: bool) -> None:
        """End the session, and take the device off the phone's list where that is wished."""
        if self._hearing is None:
            return
        linked, connected = self._hearing.is_linked, self._hearing.is_connected
        self._hearing.close()
        if linked and connected and unlink:
            await self._do(self._line.unlink())
        elif connected:
            self._line.hang_up()

    def _connected(self) -> Hearing:
        """Return who hears. Raises: Refused, where the line is not up: the library breaks off when it is asked too early."""
        if self._hearing is None or not self._hearing.is_connected:
            raise Refused("not_connected")
        return self._hearing

    def _said_by(self, chat: str, id: str, *, ours: str | None = None) -> str:
        """Return who said a message: `ours` if we did, by default our own id."""
        heard = self._connected()
        trace = heard.known.trace(id)
        if trace is None:
            if is_group(chat) and id:
                raise Refused("too_old")
            return chat
        if trace.sender:
            return heard.known.ids.id_of(trace.sender)
        return heard.me if ours is None else ours

    async def _change(self, chat: str, message: Any) -> None:
        self._connected()
        await self._do(self._line.send(chat, message))

    def _tell(self, event: Event) -> None:
        if self._hearing is not None:
            self._hearing.tell(event)

    async def _do(self, work: Any, *, why: str = "") -> Any:
        """Return what a call answers. Raises: Refused, with a word for what the library said."""
        try:
            return await work
        except library.errors() as error:
            text = str(error)
            if text.endswith(f" {NO_FIRST_MESSAGES}"):
                self._tell(Limited())
                raise Refused("limited") from None
            raise Refused(why or _why(text)) from None


def _why(text: str) -> str:
    if "not connected" in text or "disconnected" in text or "doesn't contain a device" in text:
        return "not_connected"
    if "no LID found" in text:
        return "not_on_whatsapp"
    return "not_sent"


def _with_words(message: Message, out: Outgoing) -> Message:
    return msgspec.structs.replace(message, text=out.text, cards=list(out.cards), place=out.place)


def _now_ms() -> int:
    return int(time.time() * 1000)
