"""From the mail about a request to its end: for "delete me" it is one page and one press; for "my data" two more."""

import time
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests.cast import House
from tests.house.canaries import canary
from troth.audit.models import Entry
from troth.audit.record import Actor
from troth.contacts.consents import MARKETING, latest
from troth.contacts.models import Contact
from troth.inbox.models import Conversation, Message
from troth.inbox.tests.arriving import said, told
from troth.privacy.models import Case, Erasure, Export
from troth.privacy.rights import doing
from troth.privacy.rights.cases import open_case
from troth.privacy.rights.exports import job
from troth.privacy.rights.kinds import Kind, Outcome, Proof, Route
from troth.privacy.tests.rights.conftest import every_word, make_export, opened
from troth.privacy.tests.rights.test_requests_in_whatsapp import write
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[tuple[UUID, UUID | None]]:
    """What stands in for the package that forgets people: it notes whom it was asked to forget."""
    asked: list[tuple[UUID, UUID | None]] = []

    def erase(contact_id: UUID, *, by: Any, case_id: UUID | None = None) -> None:
        asked.append((contact_id, case_id))

    monkeypatch.setitem(doing._doers, "erase", erase)
    return asked


def page(client: Client, house: House, path: str, **form: str) -> Any:
    address = f"/w/{house.handle}/privacy/{path}"
    return client.post(address, form) if form else client.get(address)


@pytest.mark.clause("B7.3", "A4.2a")
def test_delete_me_takes_one_page_and_one_press(
    house: House, client: Client, forgotten: list[tuple[UUID, UUID | None]]
) -> None:
    write(house, "delete me")
    with scope(house.id):
        case, contact = Case.objects.get(), Contact.objects.get()
    client.force_login(house.users["Alice"])
    shown = page(client, house, f"cases/{case.pk}/").content.decode()
    assert "Delete this person" in shown
    assert "deleted" in shown, "an answer is suggested"
    page(client, house, f"cases/{case.pk}/act/", what="erase", answer="Your data is deleted.", send="on")
    assert forgotten == [(contact.pk, case.pk)]
    with scope(house.id):
        case.refresh_from_db()
        assert (case.outcome, case.closed_by_id) == (Outcome.DONE, house.members["Alice"])
        assert Message.objects.filter(direction="out").latest("id").text() == "Your data is deleted."


@pytest.mark.clause("B7.1")
def test_my_data_takes_a_copy_and_a_link_in_the_conversation(house: House, client: Client) -> None:
    write(house, "my data")
    with scope(house.id):
        case = Case.objects.get()
    client.force_login(house.users["Alice"])
    assert "Make the copy" in page(client, house, f"cases/{case.pk}/").content.decode()
    page(client, house, f"cases/{case.pk}/act/", what="export")
    with scope(house.id):
        export = Export.objects.get()
    job.make(str(house.id), str(export.pk))
    assert "Send them a link in WhatsApp" in page(client, house, f"exports/{export.pk}/").content.decode()
    assert page(client, house, f"exports/{export.pk}/sending/", go="1").status_code == 302
    with scope(house.id):
        sent = Message.objects.filter(direction="out").latest("id").text()
    link = sent[sent.index("/copy/") :].split()[0]
    answer: Any = client.post(link)
    assert b"".join(answer.streaming_content).startswith(b"PK")


def test_once_the_copy_is_made_the_page_comes_again_with_what_to_do(house: House, client: Client) -> None:
    write(house, "my data")
    with scope(house.id):
        case = Case.objects.get()
    client.force_login(house.users["Alice"])
    page(client, house, f"cases/{case.pk}/act/", what="export")
    with scope(house.id):
        export = Export.objects.get()
    address = f"/w/{house.handle}/privacy/exports/{export.pk}/"
    moving = client.get(address, headers={"HX-Target": "export-progress"})
    assert f'hx-get="{address}"' in moving.content.decode()
    assert "HX-Refresh" not in moving.headers
    job.make(str(house.id), str(export.pk))
    assert client.get(address, headers={"HX-Target": "export-progress"}).headers["HX-Refresh"] == "true"
    assert "hx-get" not in client.get(address).content.decode().split('id="export-progress"')[1].split(">")[0]


@pytest.mark.clause("X41")
def test_nothing_is_done_before_it_is_known_who_asks(
    house: House, client: Client, forgotten: list[tuple[UUID, UUID | None]]
) -> None:
    told(house, said(house, "Hello", id="wamid.A", at=int(time.time()) - 60, name="Mei Ling"))
    with scope(house.id):
        case = open_case("erasure", "contact", None, Route.MAIL, by=Actor.system(), address="x@example.org").case
    client.force_login(house.users["Alice"])
    assert "whose data is it" in page(client, house, f"cases/{case.pk}/").content.decode()
    assert page(client, house, f"cases/{case.pk}/act/", what="erase").status_code == 422
    assert forgotten == []
    assert page(client, house, f"cases/{case.pk}/proof/", phone="+60199999999").status_code == 422
    assert page(client, house, f"cases/{case.pk}/proof/", phone="+60 12-345 6789").status_code == 302
    page(client, house, f"cases/{case.pk}/act/", what="erase")
    assert [case_id for _, case_id in forgotten] == [case.pk]


@pytest.mark.clause("B7.2")
def test_a_corrected_name_replaces_the_old_one_everywhere(house: House, client: Client) -> None:
    old, new = canary(), "Mei Ling Tan"
    told(house, said(house, "Hello", id="wamid.A", at=int(time.time()) - 60))
    with scope(house.id):
        thread = Conversation.objects.get()
        contact = Contact.objects.get()
    client.force_login(house.users["Bob"])
    page(client, house, f"people/{thread.pk}/name/", name=old)
    with scope(house.id):
        marks = set(Contact.objects.get().name_tokens)
        assert marks, "it is found by the name it has"
    page(client, house, f"people/{thread.pk}/name/", name=new)
    with scope(house.id):
        kept = Contact.objects.get()
        assert kept.name == new
        assert not marks & set(kept.name_tokens), "it is not found by the old name any more"
        assert Entry.objects.filter(action="contact.corrected", target_id=contact.pk).count() == 2
    for path in (f"inbox/{thread.pk}/", f"privacy/people/{thread.pk}/"):
        shown = client.get(f"/w/{house.handle}/{path}").content.decode()
        assert new in shown
        assert old not in shown
    bundle = opened(house, make_export(house))
    assert [name for name, data in every_word(bundle) if old.encode() in data] == []
    told(house, said(house, "Hi", id="wamid.B", at=int(time.time()) - 30, name=old))
    with scope(house.id):
        assert not marks & set(Contact.objects.get().name_tokens), "a member's word wins over WhatsApp's"


@pytest.mark.clause("L3")
def test_taking_a_consent_back_is_as_easy_as_giving_it(house: House, client: Client) -> None:
    told(house, said(house, "Hello", id="wamid.A", at=int(time.time()) - 60))
    with scope(house.id):
        thread, contact = Conversation.objects.get().pk, Contact.objects.get().pk
    client.force_login(house.users["Bob"])

    def offered() -> set[str]:
        shown = page(client, house, f"people/{thread}/").content.decode()
        place = f"/w/{house.handle}/privacy/people/{thread}/consent/"
        form = shown[shown.index(place) :].split("</form>")[0]
        return {word for word in ("yes", "no") if f'name="given" value="{word}"' in form}

    assert offered() == {"yes", "no"}
    page(client, house, f"people/{thread}/consent/", given="yes")
    with scope(house.id):
        assert latest(contact, MARKETING) == "resume"
    assert offered() == {"no"}
    page(client, house, f"people/{thread}/consent/", given="no")
    with scope(house.id):
        assert latest(contact, MARKETING) == "stop"
    assert offered() == {"yes"}, "at the same place, by the same one press"


@pytest.mark.clause("A4.2a", "L2")
def test_an_agent_opens_a_request_in_the_conversation_and_the_owner_does_it(house: House, client: Client) -> None:
    told(house, said(house, "Hello", id="wamid.A", at=int(time.time()) - 60))
    with scope(house.id):
        thread, contact = Conversation.objects.get().pk, Contact.objects.get().pk
    client.force_login(house.users["Bob"])
    page(client, house, f"people/{thread}/cases/", kind="objection", route="phone", words="No more offers")
    with scope(house.id):
        case = Case.objects.get()
        assert (case.kind, case.route, case.proof) == (Kind.OBJECTION, Route.PHONE, Proof.MEMBER)
        assert case.acknowledged_at is not None
    client.force_login(house.users["Alice"])
    page(client, house, f"cases/{case.pk}/act/", what="object")
    with scope(house.id):
        assert latest(contact, MARKETING) == "stop"
        case.refresh_from_db()
        assert case.outcome == Outcome.DONE


@pytest.mark.clause("B7.3", "A4.2a")
def test_the_press_begins_the_deleting_itself(house: House, client: Client) -> None:
    write(house, "delete me")
    with scope(house.id):
        case, contact = Case.objects.get(), Contact.objects.get()
    client.force_login(house.users["Alice"])
    assert "Delete this person" in page(client, house, f"cases/{case.pk}/").content.decode()
    page(client, house, f"cases/{case.pk}/act/", what="erase")
    with scope(house.id):
        contact.refresh_from_db()
        assert contact.erasing_at is not None
        assert Erasure.objects.get(case_id=case.pk).subject_id == contact.pk


@pytest.mark.clause("B7.3", "A4.2a")
def test_deleting_from_the_conversation_answers_who_asked_and_ends_their_request(house: House, client: Client) -> None:
    write(house, "delete me")
    with scope(house.id):
        case, thread = Case.objects.get(), Conversation.objects.get()
    client.force_login(house.users["Alice"])
    address = f"/w/{house.handle}/inbox/{thread.pk}/erasure/"
    shown = client.get(address).content.decode()
    assert "delete me</blockquote>" in shown
    assert "Make sure that it is really this person" not in shown, "they wrote it themselves"
    assert client.post(address, {"answer": "Your data is deleted.", "send": "on"}).status_code == 302
    with scope(house.id):
        case.refresh_from_db()
        assert (case.outcome, case.closed_by_id) == (Outcome.DONE, house.members["Alice"])
        assert Erasure.objects.get(workspace_id=house.id).case_id == case.pk
        assert Message.objects.filter(direction="out").latest("id").text() == "Your data is deleted."


def test_a_request_that_nobody_proved_is_not_ended_by_a_deletion(house: House, client: Client) -> None:
    told(house, said(house, "Hello", id="wamid.A", at=int(time.time()) - 60))
    with scope(house.id):
        thread = Conversation.objects.get()
        case = open_case("erasure", "contact", thread.contact_id, Route.MAIL, by=Actor.system()).case
    client.force_login(house.users["Alice"])
    address = f"/w/{house.handle}/inbox/{thread.pk}/erasure/"
    assert "Make sure that it is really this person" in client.get(address).content.decode()
    client.post(address)
    with scope(house.id):
        case.refresh_from_db()
        assert case.is_open
        assert Erasure.objects.get(workspace_id=house.id).case_id is None


def test_the_press_leaves_disputed_data_alone(house: House, client: Client) -> None:
    told(house, said(house, "Hello", id="wamid.A", at=int(time.time()) - 60))
    with scope(house.id):
        thread = Conversation.objects.get()
    client.force_login(house.users["Alice"])
    page(client, house, f"people/{thread.pk}/cases/", kind="restriction")
    with scope(house.id):
        case = Case.objects.get()
    page(client, house, f"cases/{case.pk}/act/", what="restrict")
    with scope(house.id):
        assert Contact.objects.get().disputed_at is not None
