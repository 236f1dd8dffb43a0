"""One of everything that can come in or go out, in two conversations, for the pictures of `tests/screens.py`."""

import json
import time
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from sandbox.customers import media_made
from tests import bodies
from tests.bodies import Body
from tests.live import LiveHouse, wait_until

WRITER, READER = "60123456001", "60123456002"
OURS = "60312345678"


def fill(house: LiveHouse) -> tuple[str, str]:
    """Let everything come in from one person and go out to another; return the addresses of the two conversations."""
    live = house.live
    live.sandbox.say("*Bold*, _italic_, ~gone~ and `code`: https://kopi.example/menu", **_mei(house))
    for kind in ("image", "video", "audio", "document", "sticker"):
        live.sandbox.say("A caption" if kind in ("image", "video", "document") else "", kind=kind, **_mei(house))
    _emit(house, [*_said(), *_said_with_more()])
    _emit(house, _done_to_them())
    _tell_the_rest(house)
    live.sandbox.say("Hello! What do you have?", to=house.number_id, from_=READER, name="Oliver Hughes")
    found = wait_until(lambda: _threads(house), within_s=30)
    live.run(_ANSWERS % {"house": house.id, "thread": found[1]})
    return f"inbox/{found[0]}/", f"inbox/{found[1]}/"


def send_files(page: Page) -> None:
    """Send a picture, a voice message and a document from the composer of the conversation that is open."""
    files: list[FilePayload] = [
        {"name": "cups.png", "mimeType": "image/png", "buffer": media_made.picture(7, width=640, height=420)},
        {"name": "bell.ogg", "mimeType": "audio/ogg", "buffer": media_made.voice(4)},
        {"name": "Price list.pdf", "mimeType": "application/pdf", "buffer": media_made.paper("Prices")},
    ]
    page.get_by_role("button", name="Attach").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="Photos, videos, sound").click()
    chooser.value.set_files(files)
    expect(page.locator(".tray-item")).to_have_count(len(files))
    page.get_by_label("Message", exact=True).fill("Here you are")
    page.keyboard.press("Enter")
    expect(page.locator(".tray-item")).to_have_count(0)
    page.wait_for_timeout(3_000)  # prepared, handed over and read


def _mei(house: LiveHouse) -> dict[str, str]:
    return {"to": house.number_id, "from_": WRITER, "name": "Mei Ling Tan"}


def _said() -> list[Body]:
    """Every kind of content that is no file."""
    vcard: Body = {
        "name": {"formatted_name": "Siti Nurhaliza", "first_name": "Siti"},
        "org": {"company": "Kopi Roasters"},
    }
    vcard |= {"phones": [{"phone": "+60 12-300 0000", "type": "CELL", "wa_id": "60123000000"}]}
    vcard |= {"emails": [{"email": "siti@roasters.example"}], "urls": [{"url": "https://roasters.example"}]}
    vcard |= {"addresses": [{"street": "12 Jalan Besar", "zip": "30000", "city": "Ipoh", "country": "Malaysia"}]}
    order: Body = {"catalog_id": "1", "text": "By Friday, please"}
    order["product_items"] = [
        {"product_retailer_id": "cup-20", "quantity": 4, "item_price": "12.50", "currency": "MYR"},
        {"product_retailer_id": "tea-1", "quantity": 1, "item_price": 30, "currency": "MYR"},
    ]
    form = {"date": "2026-12-01", "people": "4", "wishes": ["window", "cake"], "flow_token": "x"}
    return [
        {"type": "location", "location": {"latitude": 3.1466, "longitude": 101.6958, "name": "Old market", "address": "Jalan Hang Kasturi"}},
        {"type": "location", "location": {"latitude": 3.139, "longitude": "101.6869"}},
        {"type": "contacts", "contacts": [vcard, {"name": {"formatted_name": "Raj"}, "phones": [{"phone": "+60123000001"}]}]},
        {"type": "button", "button": {"payload": "YES", "text": "Yes, confirm"}, "context": {"id": "wamid.none", "from": OURS}},
        _tapped("button_reply", id="y", title="Tomorrow"),
        _tapped("list_reply", id="1", title="Teh tarik", description="With condensed milk"),
        _tapped("nfm_reply", name="flow", body="Sent", response_json=json.dumps(form)),
        _tapped("call_permission_reply", response="accept", expiration_timestamp=1_900_000_000, response_source="user_action"),
        {"type": "order", "order": order},
        {"type": "unsupported", "errors": [{"code": 131051, "title": "Unsupported"}], "unsupported": {"type": "poll_creation"}},
        {"type": "unsupported", "errors": [{"code": 131060, "title": "Unavailable"}], "unsupported": {"type": "media_placeholder"}},
        {"type": "video", "video": {"id": "9", "mime_type": "video/mp4"}, "errors": [{"code": 131052, "title": "Too large"}]},
        {"type": "hologram", "hologram": {"of": "a cup"}},
    ]  # fmt: skip


def _tapped(kind: str, **reply: Any) -> Body:
    return {"type": "interactive", "interactive": {"type": kind, kind: reply}}


def _said_with_more() -> list[Body]:
    """What stands around the words: quotes, forwarding, an advertisement, a product."""
    advertisement = {
        "source_url": "https://fb.example/ad",
        "source_id": "1",
        "source_type": "ad",
        "headline": "Two for one",
    }
    advertisement |= {"body": "Only this week", "ctwa_clid": "x"}
    product = {"referred_product": {"catalog_id": "1", "product_retailer_id": "cup-20"}, "from": OURS, "id": "wamid.x"}
    return [
        _text("I saw your advertisement", referral=advertisement),
        _text("Is this still there?", context=product),
        _text("Somebody sent me this", context={"forwarded": True}),
        _text("Everybody sends me this", context={"frequently_forwarded": True}),
        _text("As I said", context={"id": "wamid.G.0", "from": WRITER}),
        _text("This will be anothr word"),
        _text("This will be gone"),
        {"type": "reaction", "reaction": {"message_id": "wamid.G.0", "emoji": "🙏"}},
    ]


def _text(words: str, **more: Any) -> Body:
    return {"type": "text", "text": {"body": words}, **more}


def _done_to_them() -> list[Body]:
    """An edit and a deletion of the two last texts."""
    count = len(_said()) + len(_said_with_more())
    better = {
        "original_message_id": f"wamid.G.{count - 3}",
        "message": {"type": "text", "text": {"body": "This is another word"}},
    }
    return [
        {"type": "edit", "edit": better, "id": "wamid.G.edit"},
        {"type": "revoke", "revoke": {"original_message_id": f"wamid.G.{count - 2}"}, "id": "wamid.G.revoke"},
    ]


def _emit(house: LiveHouse, pieces: list[Body]) -> None:
    at = int(time.time())
    messages = [
        {"from": WRITER, "id": f"wamid.G.{place}", "timestamp": str(at + place // 8), **piece}
        for place, piece in enumerate(pieces)
    ]
    contact = bodies.contact(name="Mei Ling Tan", phone=WRITER)
    house.live.sandbox.emit(
        "messages", bodies.value(house.number_id, contacts=[contact], messages=messages), to=house.number_id
    )


def _tell_the_rest(house: LiveHouse) -> None:
    """A call, new keys, an answer from the phone's own app, and words that a status is about."""
    at = str(int(time.time()) + 3)
    call = {
        "id": "wacid.G",
        "from": WRITER,
        "to": OURS,
        "event": "connect",
        "timestamp": at,
        "direction": "USER_INITIATED",
    }
    keys = {"from": WRITER, "id": "wamid.G.keys", "timestamp": at, "type": "system", "identity": {"hash": "h"}}
    keys["system"] = {"type": "customer_identity_changed", "body": "changed", "identity": "h"}
    echo = {
        "from": OURS,
        "to": WRITER,
        "id": "wamid.G.echo",
        "timestamp": at,
        "type": "text",
        "text": {"body": "From the shop's phone"},
    }
    for field, parts in (
        ("calls", {"calls": [call]}),
        ("messages", {"messages": [keys]}),
        ("smb_message_echoes", {"message_echoes": [echo]}),
    ):
        house.live.sandbox.emit(field, bodies.value(house.number_id, **parts), to=house.number_id)


def _threads(house: LiveHouse) -> list[str] | None:
    """Return both conversations, the writer's first, once all is there."""
    ask = (
        "SELECT c.id, count(*) FROM inbox_conversation c JOIN inbox_message m ON m.conversation_id = c.id GROUP BY c.id"
    )
    with house.live.database() as database:
        rows = sorted(database.execute(f"{ask}".encode()).fetchall(), key=lambda row: -row[1])
    return [str(row[0]) for row in rows] if len(rows) == 2 and rows[0][1] >= len(_said()) + 12 else None


_ANSWERS = """
import json, time
from uuid import UUID
from tests.outgoing import EVERY_KIND
from troth.inbox.models import Conversation, Message
from troth.inbox.outbox import queue
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope
FILES = ("image", "video", "audio", "voice", "document", "sticker")
with scope(UUID(%(house)r)):
    thread = Conversation.objects.get(id=%(thread)r)
    by = Membership.objects.order_by("id")[0]
    asked = Message.objects.get(conversation=thread)
    for name, content in EVERY_KIND.items():
        if content.kind in FILES or content.kind == "reaction" or "image" in name:
            continue
        queue(thread, content, by=by, quoted=asked if name == "text" else None)
print(json.dumps(None))
"""
