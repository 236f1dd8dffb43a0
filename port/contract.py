"""What an engine for WhatsApp Web can be asked and what it tells: plain data, no engine, no network, no clock.

Ids are the engine's own words. A person's is the LID where one is known, else the phone's: never digits to be read as a
phone number. Instants are milliseconds since 1970 (UTC).
"""

from collections.abc import AsyncIterator, Callable, Sequence
from enum import StrEnum
from typing import Protocol

import msgspec


class State(StrEnum):
    """How far a session is."""

    STARTING = "starting"
    CODE = "code"  # a code waits to be scanned
    PASSKEY = "passkey"  # WhatsApp asks for a passkey
    SYNCING = "syncing"
    READY = "ready"
    RECONNECTING = "reconnecting"
    ENDED = "ended"


class End(StrEnum):
    """Why a session ended. Every one of them ends the process, and with it all that it knew."""

    RELEASED = "released"  # somebody gave the port back
    DISCONNECTED = "disconnected"  # somebody ended the session and kept the port
    IDLE = "idle"  # nobody looked for long
    TOO_LONG = "too_long"  # it lasted as long as a session may
    UNLINKED = "unlinked"  # removed on the phone
    REPLACED = "replaced"  # the same device spoke from elsewhere
    RESTRICTED = "restricted"  # WhatsApp locked the number for a while
    BANNED = "banned"
    PHONE_GONE = "phone_gone"  # the phone was not used for two weeks
    OUTDATED = "outdated"  # WhatsApp takes this version of the engine no longer
    NOT_SCANNED = "not_scanned"
    PASSKEY_UNSUPPORTED = "passkey_unsupported"
    CRASHED = "crashed"
    UNREACHABLE = "unreachable"  # WhatsApp could not be reached
    WITHDRAWN = "withdrawn"  # the product says that this port is nobody's any more
    STOPPED = "stopped"  # the gateway was stopped


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What an engine can. What it cannot is shown greyed, with a sentence."""

    pair_code: bool = False
    passkey: bool = False
    older: bool = False  # can ask the phone for older messages
    labels: bool = False
    groups: bool = True
    files: bool = True
    presence: bool = True
    engine: str = ""
    version: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody as WhatsApp Web knows them. `phone` is +digits, empty where it is hidden."""

    id: str
    name: str = ""  # as the phone's owner saved them
    called: str = ""  # as they call themselves
    phone: str = ""


class File(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file of a message. `ref` is what the engine gives it out by."""

    ref: str
    kind: str  # image, video, audio, voice, document, sticker
    mime: str = ""
    name: str = ""
    size_bytes: int = 0
    duration_s: int = 0
    width: int = 0
    height: int = 0


class Reaction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A reaction; `by` is empty where it is ours."""

    emoji: str
    by: str = ""


class Message(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One bubble. `sender` is empty where it is ours; `expires_at` is when it disappears, 0 for never."""

    id: str
    chat: str
    at: int
    kind: str = "text"  # text, file, location, contact, view_once, call, system, deleted, unsupported
    sender: str = ""
    text: str = ""
    quoted: str = ""  # the id of the message that it answers
    file: File | None = None
    place: tuple[float, float, str] | None = None  # latitude, longitude, name
    cards: list[tuple[str, str]] = []  # names and phones of contacts
    reactions: list[Reaction] = []
    status: str = ""  # of ours: sent, delivered, read, failed
    edited: bool = False
    expires_at: int = 0


class Chat(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One conversation on the phone. `timer_s` is after how long its messages disappear, 0 where they stay."""

    id: str
    name: str = ""
    group: bool = False
    unread: int = 0
    at: int = 0
    timer_s: int = 0
    archived: bool = False
    members: list[str] = []


# What an engine tells. `tag` names it on the wire.


class Went(msgspec.Struct, frozen=True, kw_only=True, tag="state", omit_defaults=True):
    """The session's state changed. With CODE come the code and how long it holds, with SYNCING how far it is (0 to 100)."""

    state: State
    code: str = ""
    until: int = 0
    percent: int = 0
    end: End | None = None
    restricted_until: int = 0


class Chats(msgspec.Struct, frozen=True, kw_only=True, tag="chats"):
    """Conversations, new or changed."""

    chats: list[Chat]


class People(msgspec.Struct, frozen=True, kw_only=True, tag="people"):
    """Persons, new or changed."""

    people: list[Person]


class Alias(msgspec.Struct, frozen=True, kw_only=True, tag="alias"):
    """Two ids turned out to be one person's: what was known under `old` is known under `id`."""

    old: str
    id: str


class Said(msgspec.Struct, frozen=True, kw_only=True, tag="said", omit_defaults=True):
    """Messages: of the `history`, or just said."""

    messages: list[Message]
    history: bool = False


class Changed(msgspec.Struct, frozen=True, kw_only=True, tag="changed", omit_defaults=True):
    """A message changed: what is not None is new. `deleted` takes what it said away."""

    chat: str
    id: str
    text: str | None = None
    status: str | None = None
    reaction: Reaction | None = None
    deleted: bool = False


class Typing(msgspec.Struct, frozen=True, kw_only=True, tag="typing"):
    """Somebody writes, or stopped."""

    chat: str
    who: str
    on: bool


class Seen(msgspec.Struct, frozen=True, kw_only=True, tag="seen"):
    """A conversation was read on the phone."""

    chat: str


class Gone(msgspec.Struct, frozen=True, kw_only=True, tag="gone"):
    """A conversation was deleted on the phone."""

    chat: str


class Limited(msgspec.Struct, frozen=True, kw_only=True, tag="limited", omit_defaults=True):
    """WhatsApp takes no first messages from this number for a while (its error 463)."""

    until: int = 0


Event = Went | Chats | People | Alias | Said | Changed | Typing | Seen | Gone | Limited


class Outgoing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be said. `id` is ours and makes the same request again harmless."""

    id: str
    chat: str
    text: str = ""
    quoted: str = ""
    quote: Message | None = None  # the message that it answers, as long as the session remembers it
    file: File | None = None  # `ref` is what the session holds the bytes under
    place: tuple[float, float, str] | None = None
    cards: list[tuple[str, str]] = []


class Refused(Exception):
    """An engine cannot do what it was asked. `why` is a short word that the screen has a sentence for."""

    def __init__(self, why: str, *, until: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.until = until


class Driver(Protocol):
    """An engine, in a process of its own. All of it may raise Refused."""

    capabilities: Capabilities

    async def start(self, tell: Callable[[Event], None]) -> None:
        """Begin to link; what happens is told."""

    async def pair_code(self, phone: str) -> str:
        """Return the eight characters that are typed on the phone instead of scanning."""
        ...

    async def send(self, out: Outgoing, data: bytes | None = None) -> Message:
        """Say it, and return it as it stands in the conversation."""
        ...

    async def react(self, chat: str, id: str, emoji: str) -> None:
        """React, or take the reaction away (no emoji)."""

    async def edit(self, chat: str, id: str, text: str) -> None:
        """Say something else in a message of ours."""

    async def delete(self, chat: str, id: str) -> None:
        """Take a message of ours back from everybody."""

    async def read(self, chat: str, ids: Sequence[str]) -> None:
        """Say on the phone that these were read."""

    async def typing(self, chat: str, on: bool) -> None:
        """Show that somebody writes."""

    async def older(self, chat: str, before: str, count: int) -> int:
        """Ask the phone for older messages and return how many came; they are told as history."""
        ...

    def file(self, ref: str) -> AsyncIterator[bytes]:
        """Give out a file piece by piece."""
        ...

    async def stop(self, *, unlink: bool) -> None:
        """End the session, and take the device off the phone's list where that is wished."""
