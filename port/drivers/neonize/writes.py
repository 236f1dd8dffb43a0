"""What is to be said, as a message of WhatsApp's. Pure; a file was uploaded before."""

from typing import Any

from port.contract import Message, Outgoing, Refused
from port.drivers.neonize import files, library
from port.drivers.neonize.ids import is_group

_NAMES_MAX = 200


def said(out: Outgoing, uploaded: Any = None, *, context: Any = None) -> Any:
    """Return the message that says this. `context` is what it answers and how long it stays. Raises: Refused."""
    message = library.e2e().Message()
    if out.file is not None:
        _file(message, out, uploaded, context)
    elif out.place is not None:
        latitude, longitude, name = out.place
        part = message.locationMessage
        part.degreesLatitude, part.degreesLongitude, part.name = latitude, longitude, name
        part.comment = out.text
        _tell(part, context)
    elif out.cards:
        _contacts(message, out.cards, context)
    elif context is None:
        message.conversation = out.text
    else:
        message.extendedTextMessage.text = out.text
        _tell(message.extendedTextMessage, context)
    return message


def context(*, quoted: str = "", by: str = "", quote: Message | None = None, timer_s: int = 0) -> Any:
    """Return what a message says about itself: which one it answers and who said that, after how long it goes."""
    if not quoted and not timer_s:
        return None
    about = library.e2e().ContextInfo()
    if timer_s:
        about.expiration = timer_s
    if quoted:
        about.stanzaID, about.participant = quoted, by
        about.quotedMessage.conversation = quote.text if quote is not None else ""
    return about


def edited(chat: str, id: str, text: str, *, at: int) -> Any:
    """Return the message that says something else in one of ours."""
    message = library.e2e().Message()
    protocol = message.editedMessage.message.protocolMessage
    _key(protocol.key, chat, id, by="")
    protocol.type = protocol.MESSAGE_EDIT
    protocol.editedMessage.conversation = text
    protocol.timestampMS = at
    return message


def revoked(chat: str, id: str) -> Any:
    """Return the message that takes one of ours back."""
    message = library.e2e().Message()
    _key(message.protocolMessage.key, chat, id, by="")
    message.protocolMessage.type = message.protocolMessage.REVOKE
    return message


def reacted(chat: str, id: str, emoji: str, *, by: str, at: int) -> Any:
    """Return the message that reacts to one, which somebody said, or we did where `by` is empty."""
    message = library.e2e().Message()
    reaction = message.reactionMessage
    _key(reaction.key, chat, id, by=by)
    reaction.text, reaction.senderTimestampMS = emoji, at
    return message


def upload_number(out: Outgoing) -> int:
    """Return the number under which the file of a message is uploaded."""
    return _form(out)[1]


def card(name: str, phone: str) -> str:
    """Return a card of one name and one phone."""
    digits = "".join(one for one in phone if one.isdigit())
    plain = _escaped(name)
    number = f"TEL;type=CELL;type=VOICE;waid={digits}:{_escaped(phone)}\n" if digits else ""
    return f"BEGIN:VCARD\nVERSION:3.0\nN:;{plain};;;\nFN:{plain}\n{number}END:VCARD"


def _file(message: Any, out: Outgoing, uploaded: Any, context: Any) -> None:
    assert out.file is not None
    if uploaded is None:
        raise Refused("file_gone")
    name, _number = _form(out)
    part = getattr(message, name)
    part.URL, part.directPath, part.mediaKey = uploaded.url, uploaded.DirectPath, uploaded.MediaKey
    part.fileEncSHA256, part.fileSHA256 = uploaded.FileEncSHA256, uploaded.FileSHA256
    part.fileLength, part.mimetype = uploaded.FileLength, out.file.mime or "application/octet-stream"
    if name == "audioMessage":
        part.PTT = out.file.kind == "voice"
    else:
        part.caption = out.text
    if name == "documentMessage":
        part.fileName = part.title = out.file.name or "file"
    _tell(part, context)


def _form(out: Outgoing) -> tuple[str, int]:
    """Return the part that a file goes in. A recording has no words beside it, so with words it goes as a document."""
    kind = out.file.kind if out.file is not None else ""
    kind = {"voice": "audio", "sticker": "image"}.get(kind, kind)
    return files.DOCUMENT if kind == "audio" and out.text else files.SENT_AS.get(kind, files.DOCUMENT)


def _contacts(message: Any, cards: list[tuple[str, str]], context: Any) -> None:
    if len(cards) == 1:
        [(name, phone)] = cards
        message.contactMessage.displayName, message.contactMessage.vcard = name, card(name, phone)
        _tell(message.contactMessage, context)
        return
    several = message.contactsArrayMessage
    several.displayName = ", ".join(name for name, _phone in cards)[:_NAMES_MAX]
    for name, phone in cards:
        several.contacts.add(displayName=name, vcard=card(name, phone))
    _tell(several, context)


def _tell(part: Any, context: Any) -> None:
    if context is not None:
        part.contextInfo.CopyFrom(context)


def _key(key: Any, chat: str, id: str, *, by: str) -> None:
    key.remoteJID, key.fromMe, key.ID = chat, not by, id
    if by and is_group(chat):
        key.participant = by


def _escaped(text: str) -> str:
    """Return text that ends no line and no field of a card."""
    plain = " ".join(text.split())
    return plain.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
