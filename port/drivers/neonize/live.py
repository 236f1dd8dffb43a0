"""What happens while it is linked: messages, what changes them, receipts, who writes, what becomes of groups."""

from typing import Any

from port.contract import Changed, Event, Message, Reaction, Said, Seen, Typing
from port.drivers.neonize.ids import is_conversation, is_group
from port.drivers.neonize.known import Known, together
from port.drivers.neonize.reads import Content, bare, content_of

# The library's numbers. Source: neonize 0.5.2, Neonize_pb2 (read 2026-11-30).
DELIVERED, READ, READ_SELF, PLAYED, PLAYED_SELF = 1, 4, 5, 6, 7
_COMPOSING = 1
_REVOKE, _TIMER, _EDIT = 0, 3, 14
_HIDE = 2  # of what could not be read, this is not to be missed by anybody


def message(event: Any, known: Known) -> list[Event]:
    """Return what a message that just came tells."""
    source = event.Info.MessageSource
    told = who(source, known)
    chat = known.ids.id_of(source.Chat)
    if not is_conversation(chat) or event.Info.Category == "peer":
        return told
    sender = "" if source.IsFromMe else known.ids.id_of(source.Sender)
    if sender:
        told += known.person(sender, called=event.Info.Pushname)
    said, once = bare(event.Message)
    if said.HasField("protocolMessage"):
        return told + _changes(said.protocolMessage, chat, known)
    if said.HasField("reactionMessage"):
        reaction = Reaction(emoji=said.reactionMessage.text, by=sender)
        return [*told, Changed(chat=chat, id=said.reactionMessage.key.ID, reaction=reaction)]
    once = once or event.IsViewOnce or event.IsViewOnceV2 or event.IsViewOnceV2Extension
    content = content_of(said, once=once)
    if content is None:
        return told
    if chat not in known.chats or (content.lasts_s and content.lasts_s != known.timer_s(chat)):
        told += known.chat(chat, timer_s=content.lasts_s or known.timer_s(chat))
    return [*told, _said(event.Info, chat, sender, content, known)]


def unreadable(event: Any, known: Known) -> list[Event]:
    """Return what is told of a message that could not be read, and was not sent again either."""
    source = event.Info.MessageSource
    chat = known.ids.id_of(source.Chat)
    if not is_conversation(chat) or known.trace(event.Info.ID) is not None or event.DecryptFailMode == _HIDE:
        return []
    sender = "" if source.IsFromMe else known.ids.id_of(source.Sender)
    return [*known.chat(chat), _said(event.Info, chat, sender, Content(kind="unsupported"), known)]


def call(event: Any, known: Known) -> list[Event]:
    """Return what is told of somebody who calls: the call itself is taken on the phone."""
    meta = event.basicCallMeta
    told = known.same(meta.callCreator, meta.callCreatorAlt)
    chat = known.ids.id_of(meta.callCreator)
    if not is_conversation(chat) or known.trace(meta.callID) is not None:
        return told
    known.said(meta.callID, chat, chat)
    known.count(chat, at=meta.timestamp * 1000, unread=True)
    said = Message(id=meta.callID, chat=chat, at=meta.timestamp * 1000, kind="call", sender=chat)
    return [*told, *known.chat(chat), Said(messages=[said])]


def receipt(event: Any, known: Known) -> list[Event]:
    """Return what a receipt tells. In a group one member's says nothing of the others, so it is not told."""
    told = who(event.MessageSource, known)
    chat = known.ids.id_of(event.MessageSource.Chat)
    if event.Type in (READ_SELF, PLAYED_SELF) or (event.Type == READ and event.MessageSource.IsFromMe):
        known.seen(chat)
        return [*told, Seen(chat=chat)]
    status = {DELIVERED: "delivered", READ: "read", PLAYED: "read"}.get(event.Type)
    if status is None or event.MessageSource.IsFromMe or is_group(chat):
        return told
    further = [id for id in event.MessageIDs if known.goes_further(id, status)]
    return told + [Changed(chat=chat, id=id, status=status) for id in further]


def writing(event: Any, known: Known) -> list[Event]:
    """Return who writes, or stopped."""
    source = event.MessageSource
    told = who(source, known)
    chat = known.ids.id_of(source.Chat)
    if source.IsFromMe or not is_conversation(chat):
        return told
    return [*told, Typing(chat=chat, who=known.ids.id_of(source.Sender), on=event.State == _COMPOSING)]


def group(info: Any, known: Known) -> list[Event]:
    """Return what a group is like."""
    told: list[Event] = []
    members = []
    for one in info.Participants:
        told += known.same(one.LID, one.PhoneNumber)
        member = known.ids.id_of(one.LID) or known.ids.id_of(one.JID)
        if not known.ids.is_mine(member):
            members.append(member)
            told += known.person(member, called=one.DisplayName)
    timer_s = info.GroupEphemeral.DisappearingTimer if info.GroupEphemeral.IsEphemeral else 0
    told += known.chat(known.ids.id_of(info.JID), name=info.GroupName.Name, members=members, timer_s=timer_s)
    return together(told)


def group_changed(event: Any, known: Known) -> list[Event]:
    """Return what changed about a group."""
    id = known.ids.id_of(event.JID)
    news: dict[str, Any] = {}
    if event.HasField("Name"):
        news["name"] = event.Name.Name
    if event.HasField("Ephemeral"):
        news["timer_s"] = event.Ephemeral.DisappearingTimer if event.Ephemeral.IsEphemeral else 0
    if event.Join or event.Leave:
        left = {known.ids.id_of(one) for one in event.Leave}
        before = known.chats[id].members if id in known.chats else []
        joined = [one for one in map(known.ids.id_of, event.Join) if one not in before]
        news["members"] = [one for one in [*before, *joined] if one not in left and not known.ids.is_mine(one)]
    return known.chat(id, **news)


def who(source: Any, known: Known) -> list[Event]:
    """Learn from where something comes which ids are one person's."""
    if source.IsGroup or not source.IsFromMe:
        return known.same(source.Sender, source.SenderAlt)
    return known.same(source.Chat, source.RecipientAlt)


def _changes(protocol: Any, chat: str, known: Known) -> list[Event]:
    if protocol.type == _REVOKE and protocol.HasField("key"):
        return [Changed(chat=chat, id=protocol.key.ID, deleted=True)]
    if protocol.type == _EDIT:
        content = content_of(protocol.editedMessage)
        return [Changed(chat=chat, id=protocol.key.ID, text=content.text)] if content else []
    if protocol.type == _TIMER:
        return known.chat(chat, timer_s=protocol.ephemeralExpiration)
    return []


def _said(info: Any, chat: str, sender: str, content: Content, known: Known) -> Said:
    at = info.Timestamp
    known.said(info.ID, chat, sender, status="" if sender else "sent")
    known.count(chat, at=at, unread=bool(sender))
    said = Message(
        id=info.ID,
        chat=chat,
        at=at,
        kind=content.kind,
        sender=sender,
        text=content.text,
        quoted=content.quoted,
        file=content.file,
        place=content.place,
        cards=content.cards,
        status="" if sender else "sent",
        expires_at=at + content.lasts_s * 1000 if content.lasts_s else 0,
    )
    return Said(messages=[said])
