"""What the phone tells of the past once it is linked: conversations, people and messages, in parts."""

from collections.abc import Iterator
from typing import Any

from port.contract import Chat, Chats, Event, Message, Reaction, Said
from port.drivers.neonize.ids import is_conversation, is_group
from port.drivers.neonize.known import Known, copy_of, together
from port.drivers.neonize.reads import Content, bare, content_of

INITIAL, FULL, RECENT, ON_DEMAND = 0, 2, 3, 6
_REVOKED = 1  # of the marks that stand in place of words
_MISSED_CALLS = frozenset({40, 41, 45, 46, 169, 170, 181})
_REVOKE = 0  # of the messages that change another one
_STATUS = {0: "failed", 1: "sent", 2: "sent", 3: "delivered", 4: "read", 5: "read"}


def told_by(part: Any, known: Known) -> Iterator[list[Event]]:
    """Yield what a part of the history tells, one conversation at a time."""
    yield together(_people(part, known))
    for conversation in part.conversations:
        yield together(_conversation(conversation, known))


def _people(part: Any, known: Known) -> list[Event]:
    told: list[Event] = []
    for pair in part.phoneNumberToLidMappings:
        told += known.same(pair.lidJID, pair.pnJID)
    for contact in part.inlineContacts:
        told += known.same(contact.lidJID, contact.pnJID)
        id = known.ids.id_of(contact.lidJID or contact.pnJID)
        told += known.person(id, name=contact.fullName or contact.firstName)
    for one in part.pushnames:
        told += known.person(known.ids.id_of(one.ID), called=one.pushname)
    return told


def _conversation(conversation: Any, known: Known) -> list[Event]:
    told = known.same(conversation.lidJID or conversation.ID, conversation.pnJID or conversation.ID)
    id = known.ids.id_of(conversation.ID)
    if not is_conversation(id):
        return told
    name = conversation.name or conversation.displayName
    told += [] if is_group(id) else known.person(id, name=name)
    chat = _chat(conversation, id, name, known)
    known.keep(chat)
    said = []
    for one in conversation.messages:
        told += _called(one.message, known)
        message = _message(one.message, id, known)
        if message is not None:
            said.append(message)
            known.said(message.id, id, message.sender, status=message.status)
    said.sort(key=lambda message: message.at)
    if said:
        chat.at = max(chat.at, said[-1].at)
    told.append(Chats(chats=[copy_of(chat)]))
    return [*told, Said(messages=said, history=True)] if said else told


def _chat(conversation: Any, id: str, name: str, known: Known) -> Chat:
    before = known.chats.get(id)
    members = [known.ids.id_of(one.userJID) for one in conversation.participant]
    return Chat(
        id=id,
        name=name or (before.name if before else ""),
        group=is_group(id),
        unread=max(conversation.unreadCount, 1 if conversation.markedAsUnread else 0),
        at=(conversation.conversationTimestamp or conversation.lastMsgTimestamp) * 1000,
        timer_s=conversation.ephemeralExpiration,
        archived=conversation.archived,
        members=members or (before.members if before else []),
    )


def _called(web: Any, known: Known) -> list[Event]:
    sender = web.participant or web.key.participant or web.key.remoteJID
    if web.key.fromMe or not web.pushName or not is_conversation(known.ids.id_of(sender)):
        return []
    return known.person(known.ids.id_of(sender), called=web.pushName)


def _message(web: Any, chat: str, known: Known) -> Message | None:
    content = _content(web)
    if content is None or not web.key.ID:
        return None
    at = web.messageTimestamp * 1000
    sender = "" if web.key.fromMe else known.ids.id_of(web.participant or web.key.participant or web.key.remoteJID)
    lasts_s = web.ephemeralDuration or content.lasts_s
    begun_at = web.ephemeralStartTimestamp * 1000 or at
    return Message(
        id=web.key.ID,
        chat=chat,
        at=at,
        kind=content.kind,
        sender=sender,
        text=content.text,
        quoted=content.quoted,
        file=content.file,
        place=content.place,
        cards=content.cards,
        reactions=[_reaction(one, chat, known) for one in web.reactions if one.text],
        status=_STATUS.get(web.status, "") if not sender and web.HasField("status") else "",
        edited=web.message.HasField("editedMessage"),
        expires_at=begun_at + lasts_s * 1000 if lasts_s else 0,
    )


def _content(web: Any) -> Content | None:
    if web.messageStubType == _REVOKED or _is_revoke(web.message):
        return Content(kind="deleted")
    if web.messageStubType in _MISSED_CALLS:
        return Content(kind="call")
    said, once = bare(web.message)
    if said.HasField("protocolMessage") and said.protocolMessage.HasField("editedMessage"):
        return content_of(said.protocolMessage.editedMessage)
    return content_of(said, once=once)


def _is_revoke(said: Any) -> bool:
    said, _once = bare(said)
    return bool(said.HasField("protocolMessage") and said.protocolMessage.HasField("key")) and (
        said.protocolMessage.type == _REVOKE
    )


def _reaction(one: Any, chat: str, known: Known) -> Reaction:
    by = "" if one.key.fromMe else known.ids.id_of(one.key.participant or one.key.remoteJID) or chat
    return Reaction(emoji=one.text, by=by)
