"""What a message of WhatsApp's says, in words of the contract. Pure: bytes of a file are fetched by its `ref`, later.

A message may be wrapped several times over; a wrapping that says view once means that only its being there is told.
Source: the message definitions in neonize 0.5.2 (read 2026-11-30).
"""

import re
from typing import Any

import msgspec

from port.contract import File
from port.drivers.neonize import files

_ONCE = ("viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension")
_WRAPPED = (
    *_ONCE,
    "ephemeralMessage",
    "documentWithCaptionMessage",
    "editedMessage",
    "groupMentionedMessage",
    "botInvokeMessage",
    "lottieStickerMessage",
    "associatedChildMessage",
    "spoilerMessage",
    "limitSharingMessage",
)
_DEEP_MAX = 8
# What is no bubble of its own: keys, settings, votes, and what changes another message.
_SILENT = frozenset(
    {
        "senderKeyDistributionMessage", "fastRatchetKeySenderKeyDistributionMessage", "messageContextInfo",
        "protocolMessage", "reactionMessage", "encReactionMessage", "pollUpdateMessage", "keepInChatMessage",
        "pinInChatMessage", "albumMessage", "secretEncryptedMessage", "stickerSyncRmrMessage", "encEventResponseMessage",
        "messageHistoryBundle", "messageHistoryNotice", "pollResultSnapshotMessage", "statusNotificationMessage",
        "rootSecretDistributeMessage", "groupRootKeyShare",
    }
)  # fmt: skip
# Where the words of a message are that is answered with, or shown as, words.
_WORDS = {
    "conversation": (),
    "extendedTextMessage": ("text",),
    "templateButtonReplyMessage": ("selectedDisplayText",),
    "buttonsResponseMessage": ("selectedDisplayText",),
    "listResponseMessage": ("title",),
    "interactiveResponseMessage": ("body", "text"),
    "buttonsMessage": ("contentText",),
    "listMessage": ("description",),
    "interactiveMessage": ("body", "text"),
    "templateMessage": ("hydratedTemplate", "hydratedContentText"),
    "commentMessage": ("message", "conversation"),
}
_CALLS = ("call", "callLogMesssage", "bcallMessage", "scheduledCallCreationMessage")
_CARD_LINE = re.compile(r"^(?:item\d+\.)?(FN|TEL)(;[^:\r\n]*)?:(.*)$", re.MULTILINE | re.IGNORECASE)
_WHATSAPP_ID = re.compile(r"waid=(\d+)", re.IGNORECASE)


class Content(msgspec.Struct, kw_only=True):
    """What a bubble says, and after how long it disappears (0: it stays)."""

    kind: str = "text"
    text: str = ""
    quoted: str = ""
    file: File | None = None
    place: tuple[float, float, str] | None = None
    cards: list[tuple[str, str]] = []
    lasts_s: int = 0


def bare(said: Any) -> tuple[Any, bool]:
    """Return a message without its wrappings, and whether it may be viewed once only."""
    once = False
    for _layer in range(_DEEP_MAX):
        if said.HasField("deviceSentMessage"):
            said = said.deviceSentMessage.message
            continue
        wrapping = next((name for name in _WRAPPED if said.HasField(name)), None)
        if wrapping is None:
            break
        once = once or wrapping in _ONCE
        said = getattr(said, wrapping).message
    return said, once


def content_of(said: Any, *, once: bool = False) -> Content | None:
    """Return what a message says; None where it is no bubble."""
    said, wrapped_once = bare(said)
    name = next((field.name for field, _value in said.ListFields() if field.name not in _SILENT), None)
    if name is None:
        return None
    part = getattr(said, name)
    context = _context(part)
    lasts_s = context.expiration if context is not None else 0
    if once or wrapped_once or getattr(part, "viewOnce", False):
        return Content(kind="view_once", lasts_s=lasts_s)
    content = _content(name, part)
    content.lasts_s = lasts_s
    content.quoted = context.stanzaID if context is not None else ""
    return content


def _content(name: str, part: Any) -> Content:
    if name in _WORDS:
        for step in _WORDS[name]:
            part = getattr(part, step)
        return Content(text=part) if part else Content(kind="unsupported")
    if name in files.KINDS:
        return Content(kind="file", text=getattr(part, "caption", ""), file=files.of(name, part))
    if name == "locationMessage":
        return Content(kind="location", text=part.comment, place=_place(part, part.name or part.address))
    if name == "liveLocationMessage":
        return Content(kind="location", text=part.caption, place=_place(part, ""))
    if name == "contactMessage":
        return Content(kind="contact", cards=_cards(part))
    if name == "contactsArrayMessage":
        return Content(kind="contact", cards=[card for one in part.contacts for card in _cards(one)])
    return Content(kind="call" if name in _CALLS else "unsupported")


def _context(part: Any) -> Any:
    """Return what a part says about itself: what it answers, how long it stays."""
    if not hasattr(part, "DESCRIPTOR") or "contextInfo" not in part.DESCRIPTOR.fields_by_name:
        return None
    return part.contextInfo if part.HasField("contextInfo") else None


def _place(part: Any, name: str) -> tuple[float, float, str]:
    return part.degreesLatitude, part.degreesLongitude, name


def _cards(part: Any) -> list[tuple[str, str]]:
    """Return the names and phones of one card."""
    name, phones = part.displayName, []
    for key, options, value in _CARD_LINE.findall(part.vcard):
        if key.upper() == "FN":
            name = name or value.strip()
        elif known := _WHATSAPP_ID.search(options):
            phones.append(f"+{known[1]}")
        else:
            phones.append(value.strip())
    return [(name, phone) for phone in phones or [""]]
