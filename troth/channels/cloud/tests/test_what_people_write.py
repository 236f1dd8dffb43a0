"""Every type of message becomes what its bubble says."""

from typing import Any

import pytest

from troth.channels.cloud.tests import bodies
from troth.channels.cloud.wire import parse
from troth.channels.contract import Content, Media, MessageReceived, Problem, Quote


def received(kind: str, /, **parts: Any) -> MessageReceived:
    [event] = parse(bodies.messages_body(bodies.message(kind, **parts)))
    assert isinstance(event, MessageReceived), event
    return event


def said(kind: str, /, **parts: Any) -> Content:
    return received(kind, **parts).content


def test_text() -> None:
    event = received("text", text={"body": "¿Qué tal? 🙂"})
    assert event.content == Content(kind="text", text="¿Qué tal? 🙂")
    assert (event.external_id, event.number_id, event.account_id, event.field, event.change) == (
        "wamid.in1",
        bodies.NUMBER_ID,
        bodies.ACCOUNT,
        "messages",
        0,
    )
    assert event.at is not None
    assert event.at.timestamp() == bodies.AT
    assert event.raw["text"] == {"body": "¿Qué tal? 🙂"}


@pytest.mark.parametrize("kind", ["image", "video", "document", "sticker"])
def test_files(kind: str) -> None:
    file = {"id": "9", "mime_type": "x/y", "sha256": "c2hh", "caption": "look", "filename": "a.pdf", "url": "https://l"}
    assert said(kind, **{kind: {**file, "animated": kind == "sticker"}}) == Content(
        kind=kind,  # type: ignore[arg-type]  # the parameter is one of the kinds
        text="look",
        media=Media(id="9", mime="x/y", sha256="c2hh", name="a.pdf", url="https://l", animated=kind == "sticker"),
    )


@pytest.mark.parametrize(("voice", "kind"), [(True, "voice"), (False, "audio"), (None, "audio")])
def test_a_voice_note_is_told_from_other_sound(voice: bool | None, kind: str) -> None:
    assert said("audio", audio={"id": "9", "voice": voice}).kind == kind


def test_the_old_type_of_voice_notes_is_read_too() -> None:
    assert said("voice", voice={"id": "9"}) == Content(kind="voice", media=Media(id="9"))


def test_a_file_that_could_not_be_fetched_keeps_its_place_and_says_why() -> None:
    errors = [{"code": 131052, "title": "Media download error", "error_data": {"details": "Too big"}}]
    assert said("video", errors=errors) == Content(
        kind="video", problems=(Problem(code=131052, title="Media download error", details="Too big"),)
    )


def test_the_size_of_a_file_may_be_text() -> None:
    assert said("image", image={"id": 5, "file_size": "1024"}).media == Media(id="5", size_bytes=1024)


@pytest.mark.parametrize("latitude", [41.38, "41.38"])
def test_a_place(latitude: Any) -> None:
    place = {"latitude": latitude, "longitude": 2, "name": "Acme", "address": "Rambla 1", "url": "https://m"}
    assert said("location", location=place).data == {
        "latitude": 41.38,
        "longitude": 2.0,
        "name": "Acme",
        "address": "Rambla 1",
        "url": "https://m",
    }


@pytest.mark.parametrize("latitude", ["north", None, 91, float("nan"), True, [1]])
def test_a_place_that_is_nowhere_says_so(latitude: Any) -> None:
    assert said("location", location={"latitude": latitude, "longitude": 2}) == Content(
        kind="unsupported", data={"type": "location"}
    )


def test_cards() -> None:
    cards = [
        {
            "name": {"formatted_name": "Ben Ode", "first_name": "Ben"},
            "phones": [{"phone": "+234 800", "wa_id": "234800", "type": "CELL", "user_id": "NG.b"}, "odd"],
            "emails": [{"email": "ben@example.com"}, {}, None],
            "org": {"company": "Ode Ltd", "title": "Baker", "department": ["?"]},
            "urls": [{"url": "https://ode.example", "type": "WORK"}, {"type": "HOME"}, "odd"],
            "addresses": [{"street": "1 Hill Road", "city": "Lagos", "zip": 100001, "type": "WORK"}, {}, None],
            "birthday": "1990-02-03",
            "origin": "contact_request",
        },
        {"name": {"first_name": "Cy", "last_name": "Dee"}, "birthday": "3rd of May", "org": "?", "urls": "?"},
        {},
    ]
    data = said("contacts", contacts=cards).data
    assert data is not None
    assert data["cards"][0] == {
        "name": "Ben Ode",
        "phones": [{"phone": "+234 800", "wa_id": "234800", "user_id": "NG.b", "type": "CELL"}],
        "emails": ["ben@example.com"],
        "org": "Ode Ltd",
        "title": "Baker",
        "urls": ["https://ode.example"],
        "addresses": [{"street": "1 Hill Road", "city": "Lagos", "zip": "100001", "type": "WORK"}],
        "birthday": "1990-02-03",
        "origin": "contact_request",
    }
    assert data["cards"][1].keys() == {"name", "phones", "emails"}
    assert [card["name"] for card in data["cards"]] == ["Ben Ode", "Cy Dee", None]


def test_a_templates_quick_reply() -> None:
    assert said("button", button={"payload": "P", "text": "Yes"}) == Content(
        kind="button", text="Yes", data={"payload": "P"}
    )


@pytest.mark.parametrize("kind", ["button_reply", "list_reply"])
def test_a_tapped_choice(kind: str) -> None:
    reply = {"id": "b1", "title": "Cancel", "description": "free"}
    assert said("interactive", interactive={"type": kind, kind: reply}) == Content(
        kind="interactive", text="Cancel", data={"type": kind, "id": "b1", "title": "Cancel", "description": "free"}
    )


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ('{"size": "M", "note": "caf\\u00e9"}', {"size": "M", "note": "café"}),
        ("[1, 2]", [1, 2]),
        ('"just text"', "just text"),
        ("not JSON", "not JSON"),
        ({"already": "an object"}, {"already": "an object"}),
        ("[" * 5000, "[" * 5000),
    ],
)
def test_a_form_is_read_as_far_as_it_can_be(written: Any, answer: Any) -> None:
    form = {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": written}}
    assert said("interactive", interactive=form) == Content(
        kind="interactive", text="Sent", data={"type": "nfm_reply", "answer": answer, "title": "flow"}
    )


def test_a_permission_and_a_reply_of_next_year_keep_their_answer() -> None:
    for kind in ("call_permission_reply", "hologram_reply"):
        assert said("interactive", interactive={"type": kind, kind: {"response": "accept"}}) == Content(
            kind="interactive", data={"type": kind, "answer": {"response": "accept"}}
        )


def test_an_order_never_holds_a_price_as_a_float() -> None:
    lines = [
        {"product_retailer_id": "a", "quantity": "2", "item_price": 9.95, "currency": "EUR"},
        {"product_retailer_id": "b", "quantity": 1, "item_price": "1E+2", "currency": "EUR"},
        {"product_retailer_id": "c", "quantity": "some", "item_price": "free", "currency": None},
    ]
    order = said("order", order={"catalog_id": "c1", "text": "", "product_items": lines})
    assert order.text is None
    assert order.data == {
        "catalog_id": "c1",
        "items": [
            {"retailer_id": "a", "quantity": 2, "price": "9.95", "currency": "EUR"},
            {"retailer_id": "b", "quantity": 1, "price": "100", "currency": "EUR"},
            {"retailer_id": "c", "quantity": None, "price": None, "currency": None},
        ],
    }


def test_an_unknown_system_message_is_shown_as_one() -> None:
    assert said("system", system={"type": "weather", "body": "It rains"}) == Content(
        kind="system", text="It rains", data={"type": "weather"}
    )


@pytest.mark.parametrize(
    ("kind", "parts", "named"),
    [
        ("unsupported", {"unsupported": {"type": "poll_creation"}}, {"type": "poll_creation"}),
        ("unsupported", {}, {}),
        ("unknown", {}, {}),
        ("hologram", {}, {"type": "hologram"}),
        ("request_welcome", {}, {"type": "request_welcome"}),
        ("interactive", {}, {"type": "interactive"}),
        ("text", {"text": None}, {"type": "text"}),
        ("contacts", {"contacts": "?"}, {"type": "contacts"}),
    ],
)
def test_what_cannot_be_shown_is_a_bubble_that_says_so(kind: str, parts: Any, named: Any) -> None:
    errors = [{"code": 131051, "title": "Message type unknown", "details": "old style"}]
    assert said(kind, **parts, errors=errors) == Content(
        kind="unsupported",
        data=named,
        problems=(Problem(code=131051, title="Message type unknown", details="old style"),),
    )


def test_a_missing_type_is_taken_from_what_is_there() -> None:
    assert said("x", type=None, text={"body": "hi"}) == Content(kind="text", text="hi")
    assert said("x", type=None).kind == "unsupported"


def test_a_quote() -> None:
    context = {
        "id": "wamid.q",
        "from": "15557770100",
        "forwarded": True,
        "frequently_forwarded": "true",
        "referred_product": {"catalog_id": "c", "product_retailer_id": "p"},
    }
    assert received("text", context=context).quote == Quote(
        external_id="wamid.q",
        author="15557770100",
        forwarded=True,
        frequently_forwarded=True,
    )
    assert received("text", context=context).content.occasion == {"product": {"id": "p", "catalog_id": "c"}}


@pytest.mark.parametrize("context", [{}, [], "?", {"forwarded": False}, {"id": ""}])
def test_an_empty_quote_is_none(context: Any) -> None:
    assert received("text", context=context).quote is None


def test_where_somebody_came_from() -> None:
    referral = {
        "source_type": "AD",
        "source_id": 120208,
        "source_url": "https://fb.me/2x",
        "headline": "Fresh bread",
        "body": "Order before noon",
        "welcome_message": {"text": "What can we bake?"},
        "ctwa_clid": "clicked",
        "media_type": "image",
        "image_url": "https://media.example/1",
    }
    found = received("text", referral=referral).content.occasion
    assert found == {
        "ad": {
            "kind": "ad",
            "id": "120208",
            "title": "Fresh bread",
            "text": "Order before noon",
            "greeting": "What can we bake?",
            "url": "https://fb.me/2x",
        }
    }


@pytest.mark.parametrize("referral", ["?", [], {}, {"headline": ["?"], "source_url": "javascript:alert(1)"}])
def test_nobody_came_from_nowhere(referral: Any) -> None:
    assert received("text", referral=referral).content.occasion is None


@pytest.mark.parametrize(
    ("timestamp", "seconds"),
    [(str(bodies.AT), bodies.AT), (bodies.AT, bodies.AT), (bodies.AT * 1000, bodies.AT), (bodies.AT + 0.0, bodies.AT)],
)
def test_an_instant_is_text_or_a_number(timestamp: Any, seconds: int) -> None:
    at = received("text", timestamp=timestamp).at
    assert at is not None
    assert at.timestamp() == seconds


@pytest.mark.parametrize("timestamp", ["", "TIMESTAMP", "-5", 0, True, None, [], 10**30, "9" * 4000])
def test_no_instant_is_invented(timestamp: Any) -> None:
    assert received("text", timestamp=timestamp).at is None


def test_traffic_of_another_responder_is_marked() -> None:
    [event] = parse(bodies.messages_body(bodies.message(), field="standby"))
    assert isinstance(event, MessageReceived)
    assert event.observed
    assert not received("text").observed


SHARED = {
    "phones": [{"phone": "+60 12-300 0000", "wa_id": "60123000000", "user_id": "MY.me"}],
    "origin": "contact_request",
}


def known(cards: Any, **who: Any) -> str | None:
    found = received("contacts", contacts=cards, **({"from": None, "from_user_id": "MY.me"} | who)).who
    return found.phone


def test_who_shares_their_number_when_asked_is_known_by_it() -> None:
    assert known([SHARED]) == "60123000000"
    assert known([{**SHARED, "phones": [{"phone": "+60 12-300 0000"}]}]) == "60123000000"


@pytest.mark.parametrize(
    "cards",
    [
        [{**SHARED, "origin": "other"}],
        [{"phones": SHARED["phones"]}],
        [SHARED, SHARED],
        [{**SHARED, "phones": [{"phone": "+60 12-300 0000", "user_id": "MY.other"}]}],
        [{**SHARED, "phones": [{"phone": "soon"}, "?", None]}],
        [{**SHARED, "phones": "?"}],
        "?",
    ],
)
def test_a_card_of_somebody_else_says_nothing_of_who_sends_it(cards: Any) -> None:
    assert known(cards) is None


def test_a_number_that_is_known_stays() -> None:
    assert known([SHARED], **{"from": "60999999999"}) == "60999999999"
