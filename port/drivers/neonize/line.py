"""The line to WhatsApp: the library's client of one port, and the threads that it calls back on.

All of its calls wait, so they are made on threads. It starts to tell of events only once linking is over.
"""

import asyncio
import contextlib
import ctypes
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

from port.drivers.neonize import ends, library

THREADS = 4
AGAIN_MAX = 50
_HEARD = (
    "ConnectedEv", "DisconnectedEv", "LoggedOutEv", "StreamReplacedEv", "TemporaryBanEv", "ConnectFailureEv",
    "ClientOutdatedEv", "HistorySyncEv", "MessageEv", "UndecryptableMessageEv", "ReceiptEv", "ChatPresenceEv",
    "JoinedGroupEv", "GroupInfoEv", "CallOfferEv",
)  # fmt: skip
# A store that is a name in this process's memory: what follows the last question mark is the library's own doing.
_STORE = "/port-{id}?vfs=memdb&_foreign_keys=on&_x="

Answer = TypeVar("Answer")


class Listener(Protocol):
    """Who is told what comes in, on threads of the library's, one at a time."""

    def code(self, code: str) -> None:
        """Take a code to scan."""

    def status(self, word: str) -> None:
        """Take a word about linking."""

    def event(self, event: Any) -> None:
        """Take an event."""

    def lost(self) -> None:
        """Take that the connection is down, and is being made again."""

    def over(self, failure: str) -> None:
        """Take that the line is over, and the sentence that says why."""


class Line:
    """One client."""

    def __init__(self, port: str, *, through: str = "") -> None:
        """`through` is the address of a proxy, which tests stand in for WhatsApp with."""
        self._library = library.client()
        self._through = through
        self._calls = ThreadPoolExecutor(THREADS, thread_name_prefix="neonize")
        props = library.device().DeviceProps
        name = _STORE.format(id=port)
        self._client = self._library.NewClient(
            name, uuid=port, props=props(os="Troth", platformType=props.CHROME, requireFullSync=False)
        )

    def open(self, listener: Listener) -> None:
        """Connect on a thread of its own, which may never come back: the end of the process ends it."""
        self._client.event.qr(lambda _client, code: listener.code(code.decode()))
        # The library prints these words and keeps them to itself.
        self._client._NewClient__onLoginStatus = lambda _uuid, word: listener.status(_text_at(word))
        for name in _HEARD:
            self._client.event(getattr(library.events(), name))(lambda _client, event: listener.event(event))
        threading.Thread(target=self._live, args=(listener,), name="line", daemon=True).start()

    def _live(self, listener: Listener) -> None:
        for _time in range(AGAIN_MAX):
            failure = self._connect()
            if not ends.was_untold(failure):
                break
            # It gave up on one event that it has no word for. Its store still knows that it is linked.
            listener.lost()
            self._client.stop()
        listener.over(failure)

    def _connect(self) -> str:
        """Return, once it gave up, the sentence that says why."""
        try:
            self._client.connect(self._library.ProxySettings(self._through) if self._through else None)
        except library.errors() as error:
            return str(error)
        return ""

    async def call(self, does: Callable[..., Answer], *given: Any) -> Answer:
        """Return what a call answers. Raises: whatever it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._calls, does, *given)

    async def me(self) -> list[str]:
        """Return the ids of the linked phone's owner."""
        device = await self.call(self._client.get_me)
        return [f"{one.User}@{one.Server}" for one in (device.JID, device.LID) if one.User]

    async def groups(self) -> list[Any]:
        """Return the groups that the phone is in."""
        return list(await self.call(self._client.get_joined_groups))

    async def contacts(self) -> list[Any]:
        """Return whom the phone has in its address book, as far as it has told."""
        return list(await self.call(self._client.contact.get_all_contacts))

    async def pair_code(self, phone: str) -> str:
        """Return the code that is typed on the phone. Raises: the library's error."""
        kinds = self._library
        code: str = await self.call(
            self._client.PairPhone, phone, True, kinds.ClientName.LINUX, kinds.ClientType.CHROME
        )
        return code

    async def send(self, chat: str, message: Any) -> Any:
        """Send a message and return what the server says of it."""
        return await self.call(self._client.send_message, self.jid(chat), message)

    async def upload(self, data: bytes, number: int) -> Any:
        """Bring a file to WhatsApp and return where it lies there."""
        return await self.call(self._client.upload, data, self._library.MediaType(number))

    async def fetch(self, message: Any) -> bytes:
        """Return the file of a message."""
        data: bytes = await self.call(self._client.download_any, message)
        return data

    async def read(self, chat: str, sender: str, ids: list[str]) -> None:
        """Say that these were read."""
        await self.call(self._mark, chat, sender, ids)

    def _mark(self, chat: str, sender: str, ids: list[str]) -> None:
        read = self._library.ReceiptType.READ
        self._client.mark_read(*ids, chat=self.jid(chat), sender=self.jid(sender), receipt=read)

    async def writing(self, chat: str, on: bool) -> None:
        """Show that somebody writes."""
        states, media = self._library.ChatPresence, self._library.ChatPresenceMedia
        state = states.CHAT_PRESENCE_COMPOSING if on else states.CHAT_PRESENCE_PAUSED
        await self.call(self._client.send_chat_presence, self.jid(chat), state, media.CHAT_PRESENCE_MEDIA_TEXT)

    async def unlink(self) -> None:
        """Take this device off the phone's list."""
        await self.call(self._client.logout)

    def hang_up(self) -> None:
        """Close the connection, and wait for nothing."""
        with contextlib.suppress(RuntimeError):
            self._calls.submit(self._client.disconnect)

    def jid(self, id: str) -> Any:
        """Return an id in parts."""
        user, _at, server = id.partition("@")
        return library.told().JID(User=user, Server=server, Device=0, RawAgent=0, Integrator=0, IsEmpty=False)


def _text_at(address: int) -> str:
    return ctypes.string_at(address).decode()
