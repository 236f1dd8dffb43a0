"""What a browser may ask of a session, and what it takes: the right to look, to write, or to own the port."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from port import tickets
from port.browser import Browser
from port.contract import Chat, Message, Outgoing, Refused, Seen, State
from port.session import Session, now_ms
from port.tickets import BadTicket

LOOK, WRITE, OWN = "look", "write", "own"


async def answered(session: Session, browser: Browser, text: str) -> dict[str, Any]:
    """Do what a browser asks and return the answer."""
    number: Any = None
    try:
        asked = msgspec.json.decode(text, type=dict[str, Any])
        number = asked.get("n")
        needs, does = _CAN[str(asked.get("do"))]
        if (needs == WRITE and not browser.ticket.writes) or (needs == OWN and not browser.ticket.owns):
            raise Refused("not_yours")
        return {"n": number, **await does(session, browser, asked)}
    except Refused as refusal:
        return {"n": number, "error": refusal.why, **({"until": refusal.until} if refusal.until else {})}
    except (KeyError, TypeError, ValueError, msgspec.MsgspecError):
        return {"n": number, "error": "not_understood"}


Asked = dict[str, Any]


async def _renew(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Go on with a new ticket of the same member's."""
    try:
        ticket = tickets.read(session.begin.key, str(asked["ticket"]), port=session.begin.port, at=time.time())
    except BadTicket:
        raise Refused("not_yours") from None
    if ticket.member != browser.ticket.member or session.is_out(ticket.member):
        raise Refused("not_yours")
    browser.ticket = ticket
    session.looked()
    return {"until": ticket.until}


async def _chats(session: Session, browser: Browser, asked: Asked) -> Asked:
    """List the conversations that may be shown."""
    memory = session.memory
    chats = memory.listed()
    rows = [{"chat": one, "latest": memory.latest(one.id), "desk": session.desk.get(one.id, {})} for one in chats]
    return {"chats": rows, "people": _people_of(session, chats)}


def _people_of(session: Session, chats: list[Chat]) -> list[Any]:
    wanted = {chat.id for chat in chats} | {member for chat in chats for member in chat.members}
    return [person for id, person in session.memory.people.items() if id in wanted]


async def _offered(session: Session, browser: Browser, asked: Asked) -> Asked:
    """List all conversations by name, to choose from."""
    memory = session.memory
    chats = memory.offered()
    rows = [{"id": one.id, "name": one.name, "group": one.group, "on": memory.is_shown(one.id)} for one in chats]
    return {"chats": rows, "all": memory.shows_all, "people": _people_of(session, chats)}


async def _choose(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Choose which conversations may be shown."""
    chats = msgspec.convert(asked.get("chats", []), list[str])
    session.memory.choose(chats, all_of_them=asked.get("all") is True)
    session.tell({"type": "chosen", "all": session.memory.shows_all})
    session.report()
    return {}


async def _messages(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Give a page of a conversation."""
    chat = str(asked["chat"])
    if not session.memory.is_shown(chat):
        raise Refused("not_shown")
    page, more = session.memory.page(chat, before=str(asked.get("before", "")))
    senders = {one.sender for one in page}
    people = [person for id, person in session.memory.people.items() if id in senders or id == chat]
    known = session.memory.chats.get(session.memory.canonical(chat))
    dropped = session.memory.canonical(chat) in session.memory.dropped
    return {"messages": page, "more": more, "dropped": dropped, "people": people, "chat": known}


async def _older(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Ask the phone for older messages."""
    chat = _shown(session, asked)
    if not session.driver.capabilities.older:
        raise Refused("cannot_older")
    return {"came": await session.driver.older(chat, str(asked.get("before", "")), 50)}


async def _send(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Say something in a conversation that there is."""
    chat = _shown(session, asked)
    if session.went.state is not State.READY:
        raise Refused("not_connected")
    data = None
    if chosen := asked.get("file"):
        file, data = browser.files.get(str(chosen), (None, None))
        if file is None or data is None:
            raise Refused("file_gone")
        file = msgspec.structs.replace(file, name=str(asked.get("name", ""))[:240])
    else:
        file = None
    out = Outgoing(
        id=str(asked["id"])[:64],
        chat=chat,
        text=str(asked.get("text", "")),
        quoted=str(asked.get("quoted", "")),
        quote=session.memory.message(chat, str(asked.get("quoted", ""))),
        file=file,
        place=msgspec.convert(asked.get("place"), tuple[float, float, str] | None),
        cards=msgspec.convert(asked.get("cards", []), list[tuple[str, str]]),
    )
    if not (out.text.strip() or out.file or out.place or out.cards):
        raise Refused("empty")
    async with session.sending:
        if wait := session.pace.wait_s(at=time.monotonic()):
            raise Refused("too_fast", until=now_ms() + int(wait * 1000))
        message: Message = await session.driver.send(out, data)
        session.pace.sent(at=time.monotonic())
    if chosen:
        browser.files.pop(str(chosen), None)
    return {"message": message}


async def _react(session: Session, browser: Browser, asked: Asked) -> Asked:
    chat, id = _shown(session, asked), str(asked["id"])
    await session.driver.react(chat, id, str(asked.get("emoji", ""))[:16])
    return {}


async def _edit(session: Session, browser: Browser, asked: Asked) -> Asked:
    await session.driver.edit(_shown(session, asked), _ours(session, asked), str(asked["text"]))
    return {}


async def _delete(session: Session, browser: Browser, asked: Asked) -> Asked:
    await session.driver.delete(_shown(session, asked), _ours(session, asked))
    return {}


def _ours(session: Session, asked: Asked) -> str:
    message = session.memory.message(str(asked["chat"]), str(asked["id"]))
    if message is None or message.sender:
        raise Refused("not_ours")
    return message.id


async def _read(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Say that a conversation was read, on the phone too."""
    chat = _shown(session, asked)
    page, _more = session.memory.page(chat)
    await session.driver.read(chat, [one.id for one in page if one.sender])
    if known := session.memory.chats.get(session.memory.canonical(chat)):
        known.unread = 0
    session.tell(Seen(chat=chat))
    return {}


async def _typing(session: Session, browser: Browser, asked: Asked) -> Asked:
    await session.driver.typing(_shown(session, asked), asked.get("on") is True)
    return {}


async def _pair(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Give the code that is typed on the phone."""
    if not session.driver.capabilities.pair_code:
        raise Refused("cannot_pair_code")
    return {"code": await session.driver.pair_code(str(asked["phone"]))}


async def _desk(session: Session, browser: Browser, asked: Asked) -> Asked:
    """Note who has a conversation, its labels, whether it is closed: here, and nowhere else."""
    chat = _shown(session, asked)
    known = session.desk.setdefault(session.memory.canonical(chat), {})
    if "assignee" in asked:
        known["assignee"] = str(asked["assignee"])[:64]
    if "labels" in asked:
        known["labels"] = [str(one)[:64] for one in msgspec.convert(asked["labels"], list[str])][:20]
    if "closed" in asked:
        known["closed"] = asked["closed"] is True
    session.tell({"type": "desk", "chat": chat, "desk": known})
    return {}


def _shown(session: Session, asked: Asked) -> str:
    """Return the conversation that is meant. Raises: Refused, where it may not be shown, or is none."""
    chat = session.memory.canonical(str(asked["chat"]))
    if not session.memory.is_shown(chat) or chat not in session.memory.chats:
        raise Refused("not_shown")
    return chat


_CAN: dict[str, tuple[str, Callable[[Session, Browser, Asked], Awaitable[Asked]]]] = {
    "renew": (LOOK, _renew),
    "chats": (LOOK, _chats),
    "messages": (LOOK, _messages),
    "older": (LOOK, _older),
    "read": (WRITE, _read),
    "typing": (WRITE, _typing),
    "send": (WRITE, _send),
    "react": (WRITE, _react),
    "edit": (WRITE, _edit),
    "delete": (WRITE, _delete),
    "desk": (WRITE, _desk),
    "offered": (OWN, _offered),
    "choose": (OWN, _choose),
    "pair": (OWN, _pair),
}
