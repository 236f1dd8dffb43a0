"""A template is found, filled and written into the outbox: also after the window has closed, and never where it must not."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.cast import House, kopi, rival
from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.sealing import ring
from troth.channels.models import Channel, MessageTemplate
from troth.contacts.consents import say_by_member
from troth.contacts.models import Contact, Identity, IdentityKind
from troth.contacts.recognise import identity_hash
from troth.inbox.models import Conversation, Message
from troth.inbox.models import MessageStatus as Is
from troth.inbox.tests.sending import meet
from troth.workspaces.models import Role, Workspace
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
BODY = {
    "type": "BODY",
    "text": "Hello {{1}}, your order {{2}} is *here*.",
    "example": {"body_text": [["Ana", "17"]]},
}
MORE = [
    {"type": "HEADER", "format": "TEXT", "text": "Your order"},
    {"type": "FOOTER", "text": "Kopi since 1990"},
    {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Follow it", "url": "https://example.org/{{1}}"}]},
]
FILLED = {"value-body:1": "Mei", "value-body:2": "17", "value-button:0": "t/17"}


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def house() -> House:
    return kopi()


@pytest.fixture
def mei(house: House) -> UUID:
    (found,) = meet(house, 1)
    with scope(house.id):
        Conversation.objects.update(window_expires_at=now() - timedelta(hours=1))
        Contact.objects.update(name="Mei Ling Tan")
    return found


def template(house: House, **changes: Any) -> UUID:
    facts: dict[str, Any] = {"name": "order_here", "language": "en", "status": "APPROVED", "category": "UTILITY"}
    facts |= {"account_id": house.account_id, "components": [BODY, *MORE], "parameter_format": "POSITIONAL", **changes}
    with scope(house.id):
        return UUID(str(MessageTemplate.objects.create(**facts).pk))


def address(house: House, conversation: UUID, template_id: UUID | None = None, more: str = "") -> str:
    return f"/w/{house.handle}/inbox/{conversation}/templates/" + (f"{template_id}/{more}" if template_id else "")


def browser(house: House, who: str = "Bob") -> Client:
    client = Client(headers={"HX-Request": "true"})
    client.force_login(house.users[who])
    return client


def messages(house: House) -> list[Message]:
    with scope(house.id):
        return list(Message.objects.filter(direction="out").order_by("id"))


def test_the_picker_lists_what_is_approved_and_finds_it_by_its_words(house: House, mei: UUID) -> None:
    template(house)
    template(house, name="still_waiting", status="PENDING")
    template(house, name="elsewhere", account_id="777")
    template(house, name="birthday", components=[{"type": "BODY", "text": "Happy birthday to you, dear friend"}])
    bob = browser(house)
    listed = bob.get(address(house, mei)).content.decode()
    assert "order_here" in listed
    assert "birthday" in listed
    assert "still_waiting" not in listed
    assert "elsewhere" not in listed
    found = bob.get(address(house, mei), {"q": "dear BIRTH"}, headers={"HX-Target": "list"}).content.decode()
    assert "birthday" in found
    assert "order_here" not in found
    whole = bob.get(address(house, mei), headers={"HX-Request": ""}).content.decode()
    assert "<html" in whole
    assert "order_here" in whole


def test_the_form_begins_with_what_is_known_of_the_person(house: House, mei: UUID) -> None:
    form = browser(house).get(address(house, mei, template(house))).content.decode()
    assert 'name="value-body:1" value="Mei"' in form
    assert 'name="value-body:2" value=""' in form
    assert "Hello Mei, your order" in form
    named = [{"type": "BODY", "text": "Hello {{first_name}}, is {{phone}} right?"}]
    other = template(house, name="n", components=named, parameter_format="NAMED")
    form = browser(house).get(address(house, mei, other)).content.decode()
    assert 'value="Mei"' in form
    assert 'value="+60123000001"' in form


def test_a_number_that_the_member_may_not_see_is_not_filled_in(house: House, mei: UUID) -> None:
    named = [{"type": "BODY", "text": "Hello there, is {{phone}} right, dear friend?"}]
    id = template(house, components=named, parameter_format="NAMED")
    with scope(house.id):
        Workspace.objects.filter(id=house.id).update(phones_from=Role.ADMIN)
    form = browser(house).get(address(house, mei, id)).content.decode()
    assert "60123000001" not in form


def test_the_preview_follows_what_is_typed(house: House, mei: UUID) -> None:
    look = browser(house).post(address(house, mei, template(house), "preview/"), FILLED).content.decode()
    assert "Hello Mei, your order 17 is <strong>here</strong>." in look
    assert messages(house) == []


def test_it_is_sent_after_the_window_has_closed_as_it_read(house: House, mei: UUID) -> None:
    id, client_id = template(house), str(new_id())
    for _ in range(2):  # twice by accident
        answer = browser(house).post(address(house, mei, id), {**FILLED, "client_id": client_id})
        assert answer.status_code == 201
    [sent] = messages(house)
    content: dict[str, Any] = sent.content
    assert (sent.kind, sent.status, sent.text()) == ("template", Is.QUEUED, "Hello Mei, your order 17 is *here*.")
    assert content["data"]["components"] == [
        {"type": "body", "parameters": [{"type": "text", "text": "Mei"}, {"type": "text", "text": "17"}]},
        {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "t/17"}]},
    ]
    thread = browser(house).get(f"/w/{house.handle}/inbox/{mei}/", headers={"HX-Target": "pane"}).content.decode()
    for words in ("Your order", "Hello Mei, your order 17", "Kopi since 1990", "Follow it", "https://example.org/t/17"):
        assert words in thread


def test_what_waits_for_a_quality_check_does_not_stand_as_sent(house: House, mei: UUID) -> None:
    browser(house).post(address(house, mei, template(house)), FILLED)
    with scope(house.id):
        sent = Message.objects.filter(kind="template")
        sent.update(status=Is.SENT, held=True)
    thread = browser(house).get(f"/w/{house.handle}/inbox/{mei}/", headers={"HX-Target": "pane"}).content.decode()
    assert "tick-held" in thread
    assert "tick-sent" not in thread
    assert "WhatsApp is checking the quality of this template" in thread
    with scope(house.id):
        sent.update(sent_at=now())  # news came that it was let go
    thread = browser(house).get(f"/w/{house.handle}/inbox/{mei}/", headers={"HX-Target": "pane"}).content.decode()
    assert "tick-sent" in thread


@pytest.mark.parametrize(
    ("key", "value"), [("value-body:1", ""), ("value-body:2", "a\nb"), ("value-body:2", "x" * 1025)]
)
def test_a_value_that_whatsapp_would_refuse_is_named_at_its_field(
    house: House, mei: UUID, key: str, value: str
) -> None:
    answer = browser(house).post(address(house, mei, template(house)), {**FILLED, key: value})
    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()
    assert messages(house) == []


def refused(house: House, mei: UUID, id: UUID) -> str:
    answer = browser(house).post(address(house, mei, id), FILLED)
    assert answer.status_code == 422
    assert messages(house) == []
    return answer.content.decode()


def test_a_template_that_is_no_longer_approved_is_refused(house: House, mei: UUID) -> None:
    assert "no longer approved" in refused(house, mei, template(house, status="PAUSED"))


def test_a_template_of_another_account_is_refused(house: House, mei: UUID) -> None:
    assert "no longer approved" in refused(house, mei, template(house, account_id="777"))
    assert browser(house).get(address(house, mei, template(house, name="x", account_id="777"))).status_code == 404


def test_whoever_wants_no_marketing_gets_none_but_what_they_ordered(house: House, mei: UUID) -> None:
    with scope(house.id):
        contact = Conversation.objects.get(id=mei).contact_id
        say_by_member(contact, "marketing_messages", "stop", source="member")
    assert "wants no marketing" in refused(house, mei, template(house, name="offer", category="MARKETING"))
    assert browser(house).post(address(house, mei, template(house)), FILLED).status_code == 201


def test_nothing_is_sent_to_somebody_whose_data_are_only_kept(house: House, mei: UUID) -> None:
    id = template(house)
    with scope(house.id):
        Contact.objects.update(disputed_at=now())
    alice = browser(house, "Alice")
    answer = alice.post(address(house, mei, id), FILLED)
    assert answer.status_code == 422
    assert "only kept for now" in answer.content.decode()
    assert messages(house) == []


def test_nothing_is_sent_from_a_number_that_was_disconnected(house: House, mei: UUID) -> None:
    id = template(house)
    with scope(house.id):
        Channel.objects.update(removed_at=now())
    assert "no longer connected" in refused(house, mei, id)


PRODUCTS = [
    {"type": "BODY", "text": "Look"},
    {"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "See"}]},
]


def test_products_are_chosen_out_of_the_numbers_catalogue(house: House, mei: UUID) -> None:
    id = template(house, components=PRODUCTS)
    assert "No catalogue is linked" in refused(house, mei, id)
    with scope(house.id):
        Channel.objects.update(catalog_id="77")
    answer = browser(house).post(address(house, mei, id), {"value-button:0": "SKU-1, SKU-2"})
    assert answer.status_code == 201
    content: dict[str, Any] = messages(house)[0].content
    assert [part["sub_type"] for part in content["data"]["components"]] == ["mpm"]


def test_a_payment_is_told_to_be_beyond_the_form(house: House, mei: UUID) -> None:
    parts = [
        {"type": "BODY", "text": "Pay"},
        {"type": "BUTTONS", "buttons": [{"type": "ORDER_DETAILS", "text": "Pay"}]},
    ]
    assert "asks for a payment" in refused(house, mei, template(house, components=parts))


@pytest.mark.parametrize(
    ("phone", "category", "taken"),
    [
        ("+12025550123", "MARKETING", False),
        ("+12025550123", "UTILITY", True),
        ("+14165550123", "MARKETING", True),  # Canada, which has the same calling code
    ],
)
def test_no_marketing_goes_to_numbers_of_the_united_states(
    house: House, mei: UUID, phone: str, category: str, taken: bool
) -> None:
    id = template(house, category=category)
    known_as(house, IdentityKind.PHONE, phone)
    if taken:
        assert browser(house).post(address(house, mei, id), FILLED).status_code == 201
    else:
        assert "numbers of the United States" in refused(house, mei, id)
        assert "numbers of the United States" in browser(house).get(address(house, mei)).content.decode()


def test_somebody_whose_number_is_hidden_is_known_by_where_their_id_is_from(house: House, mei: UUID) -> None:
    known_as(house, IdentityKind.BSUID, "US.13491208655302741918")
    assert "numbers of the United States" in refused(house, mei, template(house, category="MARKETING"))
    codes = template(house, name="code", category="AUTHENTICATION", components=[{"type": "BODY"}])
    assert "go to phone numbers only" in refused(house, mei, codes)


def known_as(house: House, kind: str, value: str) -> None:
    """Let the only person be known in this way alone."""
    with scope(house.id):
        Identity.objects.update(valid_to=now())
        one = Identity.objects.filter(kind=IdentityKind.PHONE).first()
        assert one is not None
        digest = identity_hash(ring(), kind, value)
        Identity.objects.create(contact_id=one.contact_id, kind=kind, value=value, value_hash=digest, source="test")


def test_viewers_and_strangers_send_nothing(house: House, mei: UUID) -> None:
    id, stranger = template(house), rival()
    assert browser(house, "Vera").post(address(house, mei, id), FILLED).status_code == 403
    charlie = Client()
    charlie.force_login(stranger.users["Charlie"])
    assert charlie.post(address(house, mei, id), FILLED).status_code == 404
    assert messages(house) == []
