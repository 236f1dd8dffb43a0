"""Whatever is said can be taken back for a few seconds: files, templates, what dialogs made, what was forwarded."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from tests.cast import House, kopi
from troth.base.clock import now
from troth.channels.models import MessageTemplate
from troth.contacts.models import Contact
from troth.inbox.files import drafting, handing
from troth.inbox.files.preparing import Prepared
from troth.inbox.models import Attachment, AttachmentState, Block, Conversation, Message
from troth.inbox.saying.sending import HOLD
from troth.inbox.send import ledger
from troth.inbox.tests.sending import LANE, keep_connection, meet
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}


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


def pane(house: House, bob: Client, conversation: UUID) -> str:
    return bob.get(path(house, conversation, ""), headers={"HX-Target": "pane"}).content.decode()


def chosen(house: House, conversation: UUID, *, kind: str = "document") -> Attachment:
    """Return a file that Bob has chosen."""
    with scope(house.id):
        member = Membership.objects.get(id=house.members["Bob"])
        thread = Conversation.objects.get(id=conversation)
        file = drafting.begin(thread, by=member, size_bytes=9, wish="", name="menu.pdf")
        drafting.finish(file, Prepared(kind, "application/pdf", 9))
        return file


def said(house: House) -> Message:
    with scope(house.id):
        return Message.objects.get(direction="out")


def leaves(house: House) -> int:
    return len(ledger.claim(house.id, house.channel, lane=LANE, most=9))


def take_back(house: House, bob: Client, conversation: UUID) -> dict[str, Any]:
    answer = bob.post(path(house, conversation, f"messages/{said(house).id}/undoing/"))
    assert answer.status_code == 200, answer.content
    with scope(house.id):
        assert not Message.objects.filter(direction="out").exists()
    told: dict[str, Any] = answer.json()
    return told


def handed(house: House, file: Attachment) -> object:
    """Return what whoever hands files over would do with this one now: nothing, or take it."""
    with scope(house.id):
        return handing._claim(file.id)


def send_file(house: House, bob: Client, conversation: UUID, file: Attachment, **more: str) -> None:
    form = {"text": "The menu", "file": str(file.id), **more}
    assert bob.post(path(house, conversation, "messages/"), form, headers=SCRIPT).status_code == 201


def test_a_file_is_taken_back_before_anybody_has_it_and_can_be_sent_again(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    file = chosen(house, mei)
    send_file(house, bob, mei, file, hold="1")
    assert "data-undo=" in pane(house, bob, mei)
    assert handed(house, file) is None, "it is not handed over while it can be taken back"
    assert leaves(house) == 0
    told = take_back(house, bob, mei)
    assert (told["text"], told["kind"]) == ("The menu", "document")
    [back] = told["files"]
    assert (back["id"], back["slot"], back["name"], back["label"]) == (str(file.id), "", "menu.pdf", "Document")
    send_file(house, bob, mei, file)
    assert "data-undo=" not in pane(house, bob, mei)
    assert handed(house, file) is not None


def test_after_those_seconds_a_file_is_handed_over_and_cannot_be_taken_back(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    file = chosen(house, mei)
    send_file(house, bob, mei, file, hold="1")
    with time_machine.travel(now() + HOLD + timedelta(seconds=1)):
        assert handed(house, file) is not None
        assert "data-undo=" not in pane(house, bob, mei)
        answer = bob.post(path(house, mei, f"messages/{said(house).id}/undoing/"))
    assert (answer.status_code, answer.json()["error"]) == (409, "It has already left.")
    with scope(house.id):
        assert Attachment.objects.get(id=file.id).state == AttachmentState.LEAVING


def test_a_colleague_who_withdraws_it_takes_the_file_with_it(house: House, bob: Client) -> None:
    """What stays because the person was blocked anybody may withdraw; the file is nobody's then."""
    (mei,) = meet(house, 1)
    file = chosen(house, mei)
    send_file(house, bob, mei, file)
    with scope(house.id):
        Block.objects.create(channel_id=house.channel, contact=Contact.objects.get())
    alice = Client()
    alice.force_login(house.users["Alice"])
    answer = alice.post(path(house, mei, f"messages/{said(house).id}/undoing/"))
    assert (answer.status_code, answer.json()) == (200, {})
    with scope(house.id):
        assert not Attachment.objects.filter(id=file.id).exists()


def cards(file: Attachment) -> str:
    card = {"text": "Cake", "label": "See", "url": "https://kopi.example"}
    other = {**card, "link": "https://kopi.example/2.jpg"}
    first = {**card, "file": str(file.id), "file_kind": "image"}
    return json.dumps({"type": "carousel", "text": "New", "cards": [first, other]})


def test_cards_are_taken_back_with_their_pictures(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    file = chosen(house, mei, kind="image")
    form = {"content": cards(file), "hold": "1"}
    assert bob.post(path(house, mei, "messages/"), form, headers=SCRIPT).status_code == 201
    assert handed(house, file) is None
    told = take_back(house, bob, mei)
    assert (told["kind"], [back["slot"] for back in told["files"]]) == ("interactive", ["card0.header:file"])
    assert bob.post(path(house, mei, "messages/"), form, headers=SCRIPT).status_code == 201


@pytest.mark.parametrize("hold", ["1", ""])
def test_a_template_is_held_where_that_is_wished(hold: str, house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    body = {"type": "BODY", "text": "Hello {{1}}, we open.", "example": {"body_text": [["Ana"]]}}
    facts = {"name": "we_open", "language": "en", "status": "APPROVED", "category": "UTILITY", "components": [body]}
    with scope(house.id):
        template = MessageTemplate.objects.create(account_id=house.account_id, parameter_format="POSITIONAL", **facts)
    form = {"value-body:1": "Mei", "hold": hold}
    assert bob.post(path(house, mei, f"templates/{template.pk}/"), form, headers=SCRIPT).status_code == 201
    assert ("data-undo=" in pane(house, bob, mei)) == bool(hold)
    if hold:
        assert take_back(house, bob, mei)["kind"] == "template"
    assert leaves(house) == (0 if hold else 1)


def test_what_was_forwarded_is_taken_back_everywhere(house: House, bob: Client) -> None:
    mei, omar, raj = meet(house, 1, 2, 3)
    with scope(house.id):
        asked = Message.objects.get(conversation_id=mei, direction="in")
    form = {"to": [str(omar), str(raj)], "hold": "1"}
    told = bob.post(path(house, mei, f"messages/{asked.id}/forwarding/"), form).json()
    assert (len(told["undo"]), leaves(house)) == (2, 0)
    assert [bob.post(url).status_code for url in told["undo"]] == [200, 200]
    with scope(house.id):
        assert not Message.objects.filter(direction="out").exists()
    assert bob.post(path(house, mei, f"messages/{asked.id}/forwarding/"), {"to": str(omar)}).json()["undo"] == []
