"""What the simulated WhatsApp Web says, in the words of the contract; and ours in its own."""

from typing import Any

from port.contract import (
    Alias,
    Changed,
    Chat,
    Chats,
    End,
    Event,
    File,
    Gone,
    Limited,
    Message,
    Outgoing,
    People,
    Person,
    Reaction,
    Said,
    Seen,
    Typing,
)

Told = dict[str, Any]

FILES = ("image", "video", "audio", "document", "sticker")
KINDS = {"text": "text", "location": "location", "contact": "contact", "view_once": "view_once", "call": "call"} | {
    **dict.fromkeys(FILES, "file"),
    "notice": "system",
    "revoked": "deleted",
}
TICKS = {-1: "failed", 1: "sent", 2: "delivered", 3: "read"}
ENDS = {
    "unlinked": End.UNLINKED,
    "logged_out": End.UNLINKED,
    "replaced": End.REPLACED,
    "banned": End.BANNED,
    "restricted": End.RESTRICTED,
    "outdated": End.OUTDATED,
    "phone_gone": End.PHONE_GONE,
    "not_scanned": End.NOT_SCANNED,
}
# Words of its refusals that are others in ours.
REFUSALS = {
    "ended": "not_connected",
    "no_such_device": "not_connected",
    "not_linked": "not_connected",
    "no_such_chat": "no_chat",
    "no_such_message": "no_message",
    "no_such_file": "file_gone",
    "not_waiting": "already_linked",
}


def event_of(told: Told) -> Event | None:
    """Return what is told besides the state of the session; None where it is nothing that we know."""
    match told["type"]:
        case "people":
            return People(people=[person_of(one) for one in told["people"]])
        case "chats":
            return Chats(chats=[chat_of(one) for one in told["chats"]])
        case "lid":
            return Alias(old=told["phone"], id=told["lid"])
        case "history":
            return Said(messages=[message_of(one) for one in told["messages"]], history=True)
        case "message":
            return Said(messages=[message_of(told["message"])])
        case "change":
            return changed_of(told)
        case "typing":
            return Typing(chat=told["chat"], who=told["who"], on=told["on"])
        case "read":
            return Seen(chat=told["chat"])
        case "chat_deleted":
            return Gone(chat=told["chat"])
        case "time_lock":
            return Limited(until=told["until"])
    return None


def person_of(told: Told) -> Person:
    phone = f"+{told['phone']}" if told["phone"] else ""
    return Person(id=told["id"], name=told["saved_as"], called=told["push_name"], phone=phone)


def chat_of(told: Told) -> Chat:
    return Chat(
        id=told["id"],
        name=told["name"],
        group=told["is_group"],
        unread=told["unread"],
        at=told["t"],
        timer_s=told["ephemeral_s"],
        archived=told["archived"],
        members=told["participants"],
    )


def message_of(told: Told) -> Message:
    place = told.get("location")
    return Message(
        id=told["id"],
        chat=told["chat"],
        at=told["t"],
        kind=KINDS.get(told["type"], "unsupported"),
        sender=told.get("sender", ""),
        text=told.get("body", ""),
        quoted=told.get("quotes", ""),
        file=file_of(told["type"], told["media"]) if "media" in told else None,
        place=(place["latitude"], place["longitude"], place["name"]) if place else None,
        cards=[(one["name"], one["phone"]) for one in told.get("contacts", [])],
        reactions=[reaction_of(one) for one in told.get("reactions", [])],
        status=TICKS.get(told.get("ack", 0), ""),
        edited=told.get("edited", False),
        expires_at=told.get("expires", 0),
    )


def file_of(kind: str, told: Told) -> File:
    return File(
        ref=told["ref"],
        kind="voice" if told["ptt"] else kind,
        mime=told["mime"],
        name=told["name"],
        size_bytes=told["bytes"],
        duration_s=told["seconds"],
        width=told["width"],
        height=told["height"],
    )


def reaction_of(told: Told) -> Reaction:
    return Reaction(emoji=told["emoji"], by="" if told["from_me"] else told["sender"])


def changed_of(told: Told) -> Changed:
    return Changed(
        chat=told["chat"],
        id=told["id"],
        text=told.get("body"),
        status=TICKS[told["ack"]] if "ack" in told else None,
        reaction=reaction_of(told["reaction"]) if "reaction" in told else None,
        deleted=told.get("revoked", False),
    )


def send_of(out: Outgoing, *, ref: str) -> Told:
    """Return how the stand-in is asked to say something. `ref` is what it knows the file by, empty where there is none."""
    told: Told = {"id": out.id, "chat": out.chat, "text": out.text, "quotes": out.quoted, "cards": out.cards}
    if out.file is not None:
        file = out.file
        told["file"] = {"ref": ref, "kind": file.kind, "mime": file.mime, "name": file.name, "seconds": file.duration_s}
    if out.place is not None:
        told["location"] = dict(zip(("latitude", "longitude", "name"), out.place, strict=True))
    return told
