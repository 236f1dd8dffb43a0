"""What neonize gives its listener, made by hand: real protobufs, no network, no Go."""

from typing import Any

from port.contract import Event, Message, Said
from port.drivers.neonize import library

ANNA, ANNA_PHONE = "77001@lid", "4915110000001@s.whatsapp.net"
BEN, BEN_PHONE = "77002@lid", "4915110000002@s.whatsapp.net"
ME, ME_PHONE = "99001@lid", "4915119999999@s.whatsapp.net"
TEAM = "120363000000000001@g.us"
AT_MS = 1_790_000_000_000


def jid(id: str) -> Any:
    """Return an id in parts; none for an empty one."""
    user, _at, server = id.partition("@")
    return library.told().JID(User=user, Server=server, Device=0, RawAgent=0, Integrator=0, IsEmpty=not id)


def source(chat: str, sender: str = "", *, alt: str = "", mine: bool = False) -> Any:
    """Return where something comes from; `alt` is the other id of the sender, or of the recipient where it is ours."""
    return library.told().MessageSource(
        Chat=jid(chat),
        Sender=jid(sender or chat),
        IsFromMe=mine,
        IsGroup=chat.endswith("@g.us"),
        SenderAlt=jid("" if mine else alt),
        RecipientAlt=jid(alt if mine else ""),
        BroadcastListOwner=jid(""),
    )


def event(said: Any, *, id: str = "3EB01", origin: Any = None, name: str = "", at: int = AT_MS, **flags: Any) -> Any:
    """Return a message that just came."""
    info = library.told().MessageInfo(
        MessageSource=origin or source(ANNA),
        ID=id,
        ServerID=0,
        Type="text",
        Pushname=name,
        Timestamp=at,
        Category=flags.pop("category", ""),
        Multicast=False,
        MediaType="",
        Edit="",
    )
    names = ("IsEphemeral", "IsViewOnce", "IsViewOnceV2", "IsViewOnceV2Extension", "IsDocumentWithCaption")
    given = dict.fromkeys((*names, "IsLottieSticker", "IsEdit"), False) | flags
    event = library.told().Message(Info=info, Message=said, UnavailableRequestID="", RetryCount=0, **given)
    # It came over the wire once.
    return library.told().Message.FromString(event.SerializeToString())


def words(text: str) -> Any:
    """Return a message of plain words."""
    return library.e2e().Message(conversation=text)


def receipt(kind: int, *ids: str, origin: Any = None) -> Any:
    """Return a receipt."""
    return library.told().Receipt(
        MessageSource=origin or source(ANNA), MessageIDs=ids, Timestamp=AT_MS // 1000, Type=kind
    )


def history(kind: int = 0) -> Any:
    """Return a part of the history with nothing in it."""
    return library.told().HistorySync().Data.__class__(syncType=kind, progress=100)


def conversation(part: Any, id: str, **given: Any) -> Any:
    """Return a conversation, added to a part of the history."""
    return part.conversations.add(ID=id, **given)


def past(conversation: Any, id: str, text: str = "", *, mine: bool = False, at_s: int, **given: Any) -> Any:
    """Return a message, added to a conversation of the history."""
    web = conversation.messages.add().message
    web.key.remoteJID, web.key.fromMe, web.key.ID = conversation.ID, mine, id
    web.messageTimestamp = at_s
    if text:
        web.message.conversation = text
    for name, value in given.items():
        setattr(web, name, value)
    return web


def the(kind: type[Any], told: list[Event]) -> Any:
    """Return the one event of a kind."""
    [found] = [one for one in told if isinstance(one, kind)]
    return found


def said(told: list[Event]) -> Message:
    """Return the one message that was told."""
    [message] = the(Said, told).messages
    assert isinstance(message, Message)
    return message
