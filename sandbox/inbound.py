"""A customer does something: the message, edit, reaction or system notice that the business then hears of."""

from typing import Any

from sandbox.accounts import Account, Number
from sandbox.errors import async_error
from sandbox.life import metadata
from sandbox.people import Person, contact_of
from sandbox.threads import Line
from sandbox.world import World

MEDIA_KINDS = {"image", "video", "audio", "document", "sticker"}
UNSUPPORTED = async_error(131051, "Message type is currently not supported.")


def write(
    world: World,
    account: Account,
    number: Number,
    person: Person,
    *,
    kind: str,
    content: dict[str, Any] | list[Any],
    reply_to: str | None = None,
    extras: dict[str, Any] | None = None,
    at: int | None = None,
) -> str:
    """Send one message of a customer and return its id. `content` stands under the name of its kind."""
    now = at or world.now()
    message_id = world.mint.message_id(person.wa_id or person.country)
    message = {**_sender(world, account, person), "id": message_id, "timestamp": str(now), "type": kind}
    if reply_to:
        message["context"] = {"from": number.digits, "id": reply_to}
    message[kind] = content
    for name, value in (extras or {}).items():
        message[name] = {**message[name], **value} if name == "context" and "context" in message else value
    if kind == "unsupported":
        message["errors"] = [{name: value for name, value in UNSUPPORTED.items() if name != "href"}]
    number.wrote_at[person.key] = max(now, number.wrote_at.get(person.key, 0))
    _deliver(world, account, number, person, message)
    if kind == "reaction" and isinstance(content, dict):
        world.threads.react(content["message_id"], "customer", content.get("emoji", ""))
    else:
        shown = content if isinstance(content, dict) else {"cards": content}
        world.threads.add(number.id, person.key, Line(message_id, False, kind, shown, now, "", reply_to))
    return message_id


def text(world: World, account: Account, number: Number, person: Person, body: str, *, at: int | None = None) -> str:
    """Send a customer's text and return its id."""
    return write(world, account, number, person, kind="text", content={"body": body}, at=at)


def media(
    world: World,
    account: Account,
    number: Number,
    person: Person,
    *,
    kind: str,
    data: bytes,
    mime_type: str,
    caption: str | None = None,
    filename: str | None = None,
    voice: bool = False,
    at: int | None = None,
) -> str:
    """Send a customer's file and return the message id."""
    medium = world.media.keep(data, mime_type, number_id=number.id, now=world.now(), uploaded=False)
    content: dict[str, Any] = {"id": medium.id, "mime_type": mime_type, "sha256": medium.sha256}
    content["url"] = world.media.address(medium, now=world.now(), source="webhook")
    if caption and kind in {"image", "video", "document"}:
        content["caption"] = caption
    if kind == "document":
        content["filename"] = filename or "document"
    if kind == "audio":
        content["voice"] = voice
    if kind == "sticker":
        content["animated"] = False
    return write(world, account, number, person, kind=kind, content=content, at=at)


def edit(
    world: World,
    account: Account,
    number: Number,
    person: Person,
    *,
    original_id: str,
    body: str,
    at: int | None = None,
) -> str:
    """Change a text that a customer has sent, as numbers shared with the phone app hear of it."""
    content = {"original_message_id": original_id, "message": {"type": "text", "text": {"body": body}}}
    if found := world.threads.find(original_id):
        found[1].content = {"body": body, "edited": True}
    return _notice(world, account, number, person, kind="edit", content=content, at=at)


def revoke(
    world: World, account: Account, number: Number, person: Person, *, original_id: str, at: int | None = None
) -> str:
    """Take back a message that a customer has sent."""
    if found := world.threads.find(original_id):
        found[1].kind, found[1].content = "revoked", {}
    content = {"original_message_id": original_id}
    return _notice(world, account, number, person, kind="revoke", content=content, at=at)


def change_number(world: World, account: Account, number: Number, person: Person, *, wa_id: str) -> str:
    """Move a customer to another phone number; the business hears of it in a system message without contacts."""
    old_wa_id, old_key = person.wa_id, person.key
    previous = world.people.user_id(person, account.portfolio_id)
    wrote_at = {item.id: item.wrote_at.pop(old_key, 0) for item in account.numbers}
    world.people.change_number(person, wa_id)
    world.threads.rename(old_key, person.key)
    for item in account.numbers:
        item.wrote_at[person.key] = wrote_at[item.id]
    shown = person.shows_phone and old_wa_id
    system: dict[str, Any] = {
        "body": f"User {person.name or ''} changed from {old_wa_id} to {wa_id}" if shown else "User id changed",
        "type": "user_changed_number" if shown else "user_changed_user_id",
        "user_id": world.people.user_id(person, account.portfolio_id),
        "previous_user_id": previous,
    }
    if shown:
        system["wa_id"] = wa_id
    message_id = world.mint.message_id(wa_id)
    message: dict[str, Any] = {"from": old_wa_id} if shown else {}
    message |= {"id": message_id, "timestamp": str(world.now()), "type": "system", "system": system}
    world.emit(
        account,
        number,
        "messages",
        {"messaging_product": "whatsapp", "metadata": metadata(number), "messages": [message]},
    )
    return message_id


def change_phone(world: World, account: Account, number: Number, person: Person) -> str:
    """Let a customer write from a new phone from now on; the business hears of it where its number asked for that."""
    person.phones += 1
    world.changed()
    if not number.checks_identity:
        return ""
    message_id = world.mint.message_id(person.wa_id or person.country)
    system = {"body": "The security code changed", "type": "customer_identity_changed", "identity": person.code}
    message = {**_sender(world, account, person), "id": message_id, "timestamp": str(world.now())}
    message |= {"type": "system", "system": system}
    if "from" in message:
        system["customer"] = message["from"]
    _deliver(world, account, number, person, message)
    return message_id


def preference(world: World, account: Account, number: Number, person: Person, *, value: str) -> None:
    """Stop or resume marketing messages, as people do in WhatsApp's own menu."""
    user_id = world.people.user_id(person, account.portfolio_id)
    who = {"wa_id": person.wa_id} if person.wa_id and person.shows_phone else {}
    wish = {
        **who,
        "user_id": user_id,
        "detail": f"User requested to {value} marketing messages",
        "category": "marketing_messages",
        "value": value,
        "timestamp": world.now(),
    }
    change = {"messaging_product": "whatsapp", "metadata": metadata(number)}
    world.emit(
        account,
        number,
        "user_preferences",
        {**change, "contacts": [contact_of(person, user_id)], "user_preferences": [wish]},
    )


def _notice(
    world: World,
    account: Account,
    number: Number,
    person: Person,
    *,
    kind: str,
    content: dict[str, Any],
    at: int | None,
) -> str:
    message_id = world.mint.message_id(person.wa_id or person.country)
    message = {**_sender(world, account, person), "id": message_id, "timestamp": str(at or world.now()), "type": kind}
    message[kind] = content
    _deliver(world, account, number, person, message)
    return message_id


def _sender(world: World, account: Account, person: Person) -> dict[str, Any]:
    sender: dict[str, Any] = {"from": person.wa_id} if person.wa_id and person.shows_phone else {}
    sender["from_user_id"] = world.people.user_id(person, account.portfolio_id)
    return sender


def _deliver(world: World, account: Account, number: Number, person: Person, message: dict[str, Any]) -> None:
    user_id = message["from_user_id"]
    value = {
        "messaging_product": "whatsapp",
        "metadata": metadata(number),
        "contacts": [contact_of(person, user_id, with_code=number.checks_identity)],
        "messages": [message],
    }
    world.emit(account, number, "messages", value)
