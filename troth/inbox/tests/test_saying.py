"""What members say beside plain text: read strictly, refused with words before it leaves, shown as it was sent."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.base.clock import now
from troth.channels.models import Channel
from troth.channels.registry import refusal_of
from troth.inbox.models import Conversation, Message
from troth.inbox.models import MessageStatus as Is
from troth.inbox.outbox import CannotSend
from troth.inbox.saying.content import content_of
from troth.inbox.send import ledger, offer
from troth.inbox.send.offer import Result
from troth.inbox.tests.sending import LANE, keep_connection, meet, message, refusal
from troth.inbox.views.saying import DIALOGS
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db

SITI: dict[str, Any] = {
    "name": "Siti",
    "phones": [{"phone": "+60 12-300 0000"}, {"phone": "+60 3-2000 0000", "kind": "WORK"}],
    "emails": [{"value": "siti@kopi.example"}, {"value": ""}],
    "org": "Kopi",
    "department": "Beans",
    "title": "Roaster",
    "urls": [{"value": "https://kopi.example"}],
    "addresses": [{"street": "1 Jalan Besar", "city": "Ipoh", "country": "Malaysia"}, {"kind": "HOME"}],
    "birthday": "1990-02-03",
}
SAID: dict[str, dict[str, Any]] = {
    "button": {"text": "Tea or coffee?", "buttons": [{"title": "Tea"}, {"title": "Coffee"}], "footer": "Both are hot"},
    "list": {"text": "Choose", "label": "Menu", "rows": [{"title": "Kopi", "description": "Black", "section": "Hot"}]},
    "cta_url": {"text": "Our menu", "label": "Open", "url": "https://kopi.example/menu"},
    "flow": {"text": "Book a table", "label": "Book", "flow_id": "123456789"},
    "carousel": {
        "text": "New this week",
        "cards": [
            {"link": f"https://kopi.example/{n}.jpg", "text": "Cake", "label": "See", "url": "https://kopi.example"}
            for n in range(2)
        ],
    },
    "films to answer": {
        "type": "carousel",
        "text": "Which one?",
        "buttons": "reply",
        "cards": [{"link": f"https://kopi.example/{n}.mp4", "label": "This", "second": "Not this"} for n in range(2)],
    },
    "location": {"place": "https://maps.example/@3.139,101.687,17z", "name": "Kopi & Co"},
    "location_request_message": {"text": "Where shall we deliver?"},
    "contacts": {"cards": [SITI, {"name": "Raj", "emails": [{"value": "raj@kopi.example"}]}]},
    "request_contact_info": {"text": "Your number, please"},
    "call_permission_request": {"text": "May we call you?"},
    "voice_call": {"text": "Call us", "label": "Call now", "minutes": "1440"},
    "address_message": {"text": "Where to?", "footer": "We deliver daily"},
    "order_status": {"text": "On its way", "reference": "A-1", "status": "shipped", "description": "By courier"},
}

FILM = {"link": "https://kopi.example/1.mp4?x=1", "label": "See", "url": "https://kopi.example"}


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    keep_connection(monkeypatch)
    return kopi()


@pytest.fixture
def bob(house: House) -> Client:
    client = Client()
    client.force_login(house.users["Bob"])
    return client


def path(house: House, conversation: UUID, rest: str) -> str:
    return f"/w/{house.handle}/inbox/{conversation}/{rest}"


def our_number(house: House, display_number: str) -> None:
    with scope(house.id):
        channel = Channel.objects.get(id=house.channel)
        channel.display_number = display_number
        channel.save(update_fields=["display_number"])


def written(kind: str, **changes: object) -> str:
    return json.dumps({"type": kind, **SAID[kind], **changes})


@pytest.mark.parametrize("kind", SAID)
def test_what_a_dialog_sends_is_something_that_whatsapp_takes(kind: str, house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    if kind in ("address_message", "order_status"):
        our_number(house, "+91 22 1234 5678")
    answer = bob.post(path(house, mei, "messages/"), {"content": written(kind)}, headers={"HX-Request": "true"})
    assert answer.status_code == 201, answer.content
    (one,) = ledger.claim(house.id, house.channel, lane=LANE, most=1)
    assert one.outbound is not None
    assert refusal_of("cloud", one.outbound.content) == ""
    page = bob.get(path(house, mei, ""), headers={"HX-Target": "pane"}).content.decode()
    shown = str(SAID[kind].get("text") or SAID[kind].get("name") or "Siti")
    assert shown.replace("&", "&amp;") in page


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("button", {"buttons": [{"title": "x" * 21}]}, "at most 20 characters"),
        ("button", {"buttons": [{"title": "Tea"}, {"title": "Tea"}]}, "the same"),
        ("button", {"buttons": []}, "at least 1"),
        ("button", {"text": " "}, "nothing to send"),
        ("list", {"rows": [{"title": f"Row {n}"} for n in range(11)]}, "at most 10"),
        ("cta_url", {"url": "javascript:alert(1)"}, "https://"),
        ("carousel", {"cards": SAID["carousel"]["cards"][:1]}, "at least 2"),
        ("location", {"place": "somewhere"}, "coordinates"),
        ("location", {"place": "95, 10"}, "coordinates"),
        ("contacts", {"cards": [{**SITI, "phones": [{"phone": "12"}]}]}, "country code"),
        ("contacts", {"cards": [SITI, {**SITI, "name": ""}]}, "needs a name"),
        ("contacts", {"cards": [{"name": "Siti"}]}, "a phone number or an e-mail"),
        ("contacts", {"cards": [{**SITI, "urls": [{"value": "kopi.example"}]}]}, "https://"),
        ("contacts", {"cards": [{**SITI, "birthday": "soon"}]}, "has to be a day"),
        ("contacts", {"cards": [SITI] * 6}, "between 1 and 5"),
        ("list", {"rows": [{"title": "A", "section": "Hot"}, {"title": "B"}]}, "heading of its group"),
        ("carousel", {"cards": [FILM, {**FILM, "link": "https://kopi.example/0.jpg"}]}, "no mixture"),
        ("carousel", {"cards": [FILM, {**FILM, "link": ""}]}, "a picture or a video"),
        ("films to answer", {"cards": [FILM, {**FILM, "second": "No"}]}, "same number"),
        ("films to answer", {"cards": [{**FILM, "second": FILM["label"]}] * 2}, "cannot be the same"),
        ("films to answer", {"cards": [{**FILM, "label": ""}] * 2}, "needs words"),
        ("voice_call", {"minutes": "0"}, "how long"),
        ("voice_call", {"label": "x" * 21}, "at most 20 characters"),
        ("address_message", {}, "India only"),
        ("order_status", {}, "Brazil and India only"),
        ("order_status", {"reference": " "}, "which order"),
        ("order_status", {"status": "lost"}, "how the order stands"),
    ],
)
def test_what_whatsapp_would_refuse_is_refused_with_words(
    kind: str, changes: dict[str, object], words: str, house: House, bob: Client
) -> None:
    (mei,) = meet(house, 1)
    content = written(kind, **changes)
    answer = bob.post(path(house, mei, "messages/"), {"content": content})
    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert words in bob.post(path(house, mei, "preview/"), {"content": content}).content.decode()
    with scope(house.id):
        assert not Message.objects.filter(direction="out").exists()


@pytest.mark.parametrize("junk", ["", "[]", "{", '{"type":"button","x":1}', '{"type":"unknown"}', '"' + "x" * 70_000])
def test_junk_is_refused_and_breaks_nothing(junk: str) -> None:
    with pytest.raises(CannotSend):
        content_of(junk)


def test_addresses_and_orders_are_offered_where_whatsapp_has_them(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    offered = {
        "+91 22 1234 5678": (True, True),
        "+55 11 91234-5678": (False, True),
        "+60 3-1234 5678": (False, False),
    }
    for number, (addresses, orders) in offered.items():
        our_number(house, number)
        page = pane(house, bob, mei)
        assert ('data-what="address_message"' in page, 'data-what="order_status"' in page) == (addresses, orders)
        assert ("numbers of India only" in page) is not addresses


def test_products_are_in_groups_and_keep_their_names_to_us(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    with scope(house.id):
        Channel.objects.filter(id=house.channel).update(catalog_id="77")
    products = [{"product": "cup", "section": "Cups", "name": "Cup of clay"}, {"product": "tin", "section": "Tea"}]
    said = {"type": "product_list", "header": "Ours", "text": "Look", "footer": "Fresh", "products": products}
    bare = {**said, "products": [products[0], {"product": "tin"}]}
    refused = bob.post(path(house, mei, "messages/"), {"content": json.dumps(bare)})
    assert "heading of its group" in refused.json()["error"]
    answer = bob.post(path(house, mei, "messages/"), {"content": json.dumps(said)}, headers={"HX-Request": "true"})
    assert answer.status_code == 201, answer.content
    (one,) = ledger.claim(house.id, house.channel, lane=LANE, most=1)
    assert one.outbound is not None
    sent = one.outbound.content.data or {}
    assert [(group["title"], group["product_items"]) for group in sent["action"]["sections"]] == [
        ("Cups", [{"product_retailer_id": "cup"}]),
        ("Tea", [{"product_retailer_id": "tin"}]),
    ]
    assert sent["footer"] == "Fresh"
    assert "Cup of clay" not in str(sent["action"])
    page = pane(house, bob, mei)
    assert all(words in page for words in ("Cups", "Cup of clay", "Tea", "<bdi>tin</bdi>"))


def test_products_stand_side_by_side(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    with scope(house.id):
        Channel.objects.filter(id=house.channel).update(catalog_id="77")
    products = [{"product": "cup", "name": "Cup of clay"}, {"product": "tin"}]
    said = {"type": "product_carousel", "text": "Look", "products": products}
    one_only = json.dumps({**said, "products": products[:1]})
    assert "at least 2" in bob.post(path(house, mei, "messages/"), {"content": one_only}).json()["error"]
    answer = bob.post(path(house, mei, "messages/"), {"content": json.dumps(said)}, headers={"HX-Request": "true"})
    assert answer.status_code == 201, answer.content
    (one,) = ledger.claim(house.id, house.channel, lane=LANE, most=1)
    assert one.outbound is not None
    cards = (one.outbound.content.data or {})["action"]["cards"]
    assert [(card["type"], card["action"]) for card in cards] == [
        ("product", {"product_retailer_id": "cup", "catalog_id": "77"}),
        ("product", {"product_retailer_id": "tin", "catalog_id": "77"}),
    ]
    assert "Cup of clay" in pane(house, bob, mei)


def test_a_closed_window_refuses_buttons_too(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    with scope(house.id):
        Conversation.objects.filter(id=mei).update(window_expires_at=now() - timedelta(seconds=1))
    answer = bob.post(path(house, mei, "messages/"), {"content": written("button")})
    assert "over 24 hours ago" in answer.json()["error"]


def test_a_reply_carries_its_quote_and_a_link_its_preview(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    with scope(house.id):
        asked = Message.objects.get(direction="in")
    form = {"text": "See https://kopi.example", "quoted": str(asked.id), "preview": "1"}
    assert bob.post(path(house, mei, "messages/"), form, headers={"HX-Request": "true"}).status_code == 201
    (one,) = ledger.claim(house.id, house.channel, lane=LANE, most=1)
    assert one.outbound is not None
    assert (one.outbound.quoted_id, one.outbound.preview_links) == ("wamid.in.1", True)


def test_a_message_that_is_held_waits_and_can_be_taken_back(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    bob.post(path(house, mei, "messages/"), {"text": "Oops", "hold": "1"}, headers={"HX-Request": "true"})
    assert ledger.claim(house.id, house.channel, lane=LANE, most=1) == []
    with scope(house.id):
        waiting = Message.objects.get(direction="out")
    assert "Undo" in bob.get(path(house, mei, ""), headers={"HX-Target": "pane"}).content.decode()
    answer = bob.post(path(house, mei, f"messages/{waiting.id}/undoing/"))
    assert (answer.status_code, answer.json()["text"]) == (200, "Oops")
    with scope(house.id):
        assert not Message.objects.filter(direction="out").exists()
        assert Conversation.objects.get(id=mei).preview == "Hello"


def test_what_has_left_cannot_be_taken_back(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    bob.post(path(house, mei, "messages/"), {"text": "Gone", "hold": "1"}, headers={"HX-Request": "true"})
    with scope(house.id):
        Message.objects.filter(direction="out").update(next_attempt_at=now() - timedelta(seconds=1))
        waiting = Message.objects.get(direction="out")
    answer = bob.post(path(house, mei, f"messages/{waiting.id}/undoing/"))
    assert (answer.status_code, answer.json()["error"]) == (409, "It has already left.")
    assert len(ledger.claim(house.id, house.channel, lane=LANE, most=1)) == 1


def reacted(house: House, bob: Client, emoji: str) -> tuple[UUID, UUID]:
    """React to what somebody wrote; return the conversation and the message."""
    (mei,) = meet(house, 1)
    with scope(house.id):
        target = Message.objects.get(direction="in")
    assert bob.post(path(house, mei, f"messages/{target.id}/reaction/"), {"emoji": emoji}).status_code == 204
    return mei, target.id


def pane(house: House, bob: Client, conversation: UUID) -> str:
    return bob.get(path(house, conversation, ""), headers={"HX-Target": "pane"}).content.decode()


def test_a_reaction_shows_at_once_makes_no_bubble_and_leaves_as_one(house: House, bob: Client) -> None:
    mei, _ = reacted(house, bob, "👍")
    page = pane(house, bob, mei)
    assert "reaction-mine" in page
    assert page.count("data-message=") == 1
    (one,) = ledger.claim(house.id, house.channel, lane=LANE, most=9)
    assert one.outbound is not None
    assert one.outbound.content.data == {"target_id": "wamid.in.1", "emoji": "👍"}
    with scope(house.id):
        assert Conversation.objects.get(id=mei).preview == "Hello"


def test_a_reaction_that_is_refused_turns_back_and_says_why(house: House, bob: Client) -> None:
    mei, target = reacted(house, bob, "👍")
    (one,) = ledger.claim(house.id, house.channel, lane=LANE, most=9)
    ledger.record(house.id, house.channel, [Result(one, Is.SENT, external_id="wamid.r1")], lane=LANE)
    bob.post(path(house, mei, f"messages/{target}/reaction/"), {"emoji": "❤️"})
    assert "❤️</span>" in pane(house, bob, mei)
    (one,) = ledger.claim(house.id, house.channel, lane=LANE, most=9)
    verdict = offer.refused(one, refusal(131009, retryable=False), troubled=False)
    ledger.record(house.id, house.channel, [verdict.result], lane=LANE)
    page = pane(house, bob, mei)
    assert "Your ❤️ did not arrive." in page
    assert "<span>👍</span>" in page, "what it was before counts again"
    bob.post(path(house, mei, f"messages/{target}/reaction/"), {"leave": "1"})
    assert "did not arrive" not in pane(house, bob, mei)


def test_a_reaction_is_changed_before_it_leaves_and_taken_away_after(house: House, bob: Client) -> None:
    mei, target = reacted(house, bob, "👍")
    bob.post(path(house, mei, f"messages/{target}/reaction/"), {"emoji": "🙏"})
    (one,) = ledger.claim(house.id, house.channel, lane=LANE, most=9)
    assert one.outbound is not None
    assert (one.outbound.content.data or {})["emoji"] == "🙏"
    ledger.record(house.id, house.channel, [Result(one, Is.SENT, external_id="wamid.r1")], lane=LANE)
    bob.post(path(house, mei, f"messages/{target}/reaction/"), {"emoji": ""})
    assert "reaction-mine" not in pane(house, bob, mei)
    (one,) = ledger.claim(house.id, house.channel, lane=LANE, most=9)
    assert one.outbound is not None
    assert (one.outbound.content.data or {})["emoji"] is None


@pytest.mark.parametrize(
    ("emoji", "days", "words"), [("hello", 0, "one emoji"), ("👍👍", 0, "one emoji"), ("👍", 31, "30 days")]
)
def test_what_is_no_reaction_is_refused(emoji: str, days: int, words: str, house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    with scope(house.id):
        Message.objects.filter(direction="in").update(at=now() - timedelta(days=days))
        target = Message.objects.get(direction="in")
    answer = bob.post(path(house, mei, f"messages/{target.id}/reaction/"), {"emoji": emoji})
    assert words in answer.json()["error"]


def test_a_message_is_forwarded_to_open_conversations_only(house: House, bob: Client) -> None:
    mei, omar, raj = meet(house, 1, 2, 3)
    with scope(house.id):
        Conversation.objects.filter(id=raj).update(window_expires_at=now() - timedelta(seconds=1))
        asked = Message.objects.get(conversation_id=mei, direction="in")
    dialog = bob.get(path(house, mei, "say/forward/")).content.decode()
    assert (str(omar) in dialog, str(raj) in dialog, str(mei) in dialog) == (True, False, False)
    answer = bob.post(path(house, mei, f"messages/{asked.id}/forwarding/"), {"to": [str(omar), str(raj)]}).json()
    assert answer["words"].startswith("Forwarded to 1 conversation.")
    with scope(house.id):
        sent = Message.objects.get(direction="out")
        assert (sent.conversation_id, sent.text()) == (omar, "Hello")


def test_a_deleted_message_can_be_neither_forwarded_nor_reacted_to(house: House, bob: Client) -> None:
    mei, omar = meet(house, 1, 2)
    with scope(house.id):
        asked = Message.objects.get(conversation_id=mei, direction="in")
        Message.objects.filter(id=asked.id).update(revoked_at=now(), content=None)
    for rest, form in (("forwarding/", {"to": str(omar)}), ("reaction/", {"emoji": "👍"})):
        assert bob.post(path(house, mei, f"messages/{asked.id}/{rest}"), form).status_code == 422


def test_a_card_is_saved_and_an_order_has_its_total(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    card = {"name": {"formatted_name": "Siti Ng"}, "phones": [{"phone": "+60123000000"}], "emails": []}
    card |= {"org": {"company": "Kopi", "title": "Roaster"}, "urls": [{"url": "https://kopi.example"}]}
    card |= {"addresses": [{"street": "1 Jalan Besar", "city": "Ipoh", "zip": "30000"}], "birthday": "1990-02-03"}
    items = [
        {"product_retailer_id": "tea", "quantity": 2, "item_price": "4.50", "currency": "MYR"},
        {"product_retailer_id": "cake", "quantity": "1", "item_price": 12, "currency": "MYR"},
    ]
    answer = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "response_json": '{"table_for":"4","flow_token":"x"}'}}
    pieces: list[bodies.Body] = [
        {"type": "contacts", "contacts": [card]},
        {"type": "order", "order": {"catalog_id": "1", "product_items": items}},
        {"type": "interactive", "interactive": answer},
    ]
    at = int(now().timestamp())
    messages = [
        {"from": "60123000001", "id": f"wamid.x{n}", "timestamp": str(at), **one} for n, one in enumerate(pieces)
    ]
    deliver(house, bodies.envelope(bodies.value(house.number_id, messages=messages), account=house.account_id))
    page = pane(house, bob, mei)
    assert "MYR 21.00" in page
    assert ("table for" in page, "flow_token" in page) == (True, False)
    with scope(house.id):
        told = Message.objects.get(kind="contacts")
    saved = bob.get(path(house, mei, f"messages/{told.id}/cards/0/"))
    assert (saved["Content-Type"], b"FN:Siti Ng" in saved.content) == ("text/vcard; charset=utf-8", True)
    for line in (
        "ORG:Kopi",
        "TITLE:Roaster",
        "URL:https://kopi.example",
        "1 Jalan Besar;Ipoh;;30000",
        "BDAY:1990-02-03",
    ):
        assert line in saved.content.decode()
    for words in (
        "Roaster, Kopi",
        "1 Jalan Besar, 30000 Ipoh",
        'href="https://kopi.example"',
        "Birthday: Feb. 3, 1990",
    ):
        assert words in page
    assert bob.get(path(house, mei, f"messages/{told.id}/cards/1/")).status_code == 404
    assert message(house, told.id).kind == "contacts"


@pytest.mark.parametrize("what", sorted(DIALOGS))
def test_each_label_of_a_dialog_names_a_field_of_its_own(what: str, house: House, bob: Client) -> None:
    mei, _raj = meet(house, 1, 2)
    dialog = bob.get(path(house, mei, f"say/{what}/")).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', dialog)
    assert sorted(ids) == sorted(set(ids))
    fields = set(re.findall(r'<(?:input|select|textarea)[^>]*\sid="([^"]+)"', dialog))
    assert set(re.findall(r'<label[^>]*\sfor="([^"]+)"', dialog)) <= fields
