"""What is to be said later waits outside the outbox, is checked again at its time, and tells its author when it cannot be said."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from tests.cast import House, kopi
from troth.accounts.models import QueuedMail
from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.models import MessageTemplate
from troth.contacts.merging import merge
from troth.inbox.files import drafting
from troth.inbox.files.preparing import Prepared
from troth.inbox.models import (
    Attachment,
    AttachmentState,
    Conversation,
    Message,
    MessageStatus,
    ScheduledMessage,
    ScheduledState,
)
from troth.inbox.saying import scheduling
from troth.inbox.saying.clocks import zones_of
from troth.inbox.send import ledger
from troth.inbox.tests.sending import LANE, keep_connection, meet, write
from troth.ui.zone import zone_named
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, settings: Any) -> House:
    settings.EMAIL_BACKEND = "troth.accounts.mail.QueuedBackend"
    keep_connection(monkeypatch)
    return kopi()


@pytest.fixture
def bob(house: House) -> Client:
    client = Client()
    client.force_login(house.users["Bob"])
    return client


def later(
    house: House, bob: Client, conversation: UUID, *, hours: float = 2, zone: str = "Asia/Kuching"
) -> ScheduledMessage:
    """Schedule a text in so many hours."""
    at = (now() + timedelta(hours=hours, minutes=1)).astimezone(zone_named(zone))
    form = {"text": "We open soon", "at": f"{at:%Y-%m-%dT%H:%M}", "zone": zone}
    answer = bob.post(f"/w/{house.handle}/inbox/{conversation}/scheduled/", form)
    assert answer.status_code == 201, answer.content
    with scope(house.id):
        return ScheduledMessage.objects.get()


def pane(house: House, bob: Client, conversation: UUID) -> str:
    return bob.get(f"/w/{house.handle}/inbox/{conversation}/", headers={"HX-Target": "pane"}).content.decode()


def due(house: House, *, hours: float = 3) -> None:
    """Let it be some hours later, and the minute's job run."""
    with time_machine.travel(now() + timedelta(hours=hours)):
        scheduling._send_due_of(house.id)


def test_it_is_said_at_its_time_and_holds_up_nothing_before(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    later(house, bob, mei)
    (other,) = write(house, mei, "Said meanwhile")
    assert [one.id for one in ledger.claim(house.id, house.channel, lane=LANE, most=9)] == [other]
    scheduling._send_due_of(house.id)
    with scope(house.id):
        assert Message.objects.filter(direction="out").count() == 1
    due(house)
    with scope(house.id):
        assert not ScheduledMessage.objects.exists()
        assert Message.objects.latest("id").text() == "We open soon"


def test_it_is_not_said_when_the_window_has_closed_by_then_and_its_author_is_told(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    later(house, bob, mei, hours=30)
    due(house, hours=31)
    with scope(house.id):
        one = ScheduledMessage.objects.get()
        assert (one.state, one.reason) == (ScheduledState.NOT_SENT, "window")
        assert not Message.objects.filter(direction="out").exists()
    mail = bytes(QueuedMail.objects.latest("id").message).decode()
    assert "A scheduled message was not sent" in mail
    assert "We open soon" not in mail
    page = bob.get(f"/w/{house.handle}/inbox/{mei}/", headers={"HX-Target": "pane"}).content.decode()
    assert "message-missed" in page


@pytest.mark.parametrize("role", ["viewer", None])
def test_it_is_not_said_for_somebody_who_may_not_write_any_more(role: str | None, house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    later(house, bob, mei)
    with scope(house.id):
        theirs = Membership.objects.filter(id=house.members["Bob"])
        if role:
            theirs.update(role=role)
        else:
            theirs.update(removed_at=now(), removed_by=house.members["Alice"])
    due(house)
    with scope(house.id):
        assert ScheduledMessage.objects.get().reason == "left"


def test_the_time_is_of_the_clock_of_the_zone_that_was_chosen(house: House) -> None:
    (mei,) = meet(house, 1)
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC)):
        bob = Client()
        bob.force_login(house.users["Bob"])
        form = {"text": "Hi", "at": "2026-03-02T09:00", "zone": "America/New_York"}
        bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/", form)
    with scope(house.id):
        assert ScheduledMessage.objects.get().send_at == datetime(2026, 3, 2, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "words"),
    [
        ("2020-01-01T10:00", "Asia/Kuching", "has passed"),
        ("2999-01-01T10:00", "Asia/Kuching", "90 days"),
        ("tomorrow", "Asia/Kuching", "Choose a day"),
        ("2026-12-01T10:00+08:00", "Asia/Kuching", "Choose a day"),
        ("2026-12-01T10:00", "../../etc/passwd", "Choose a day"),
    ],
)
def test_a_time_that_is_none_is_refused_with_words(at: str, zone: str, words: str, house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    answer = bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/", {"text": "Hi", "at": at, "zone": zone})
    assert (answer.status_code, words in answer.json()["error"]) == (422, True)


def test_it_is_taken_back_or_said_at_once(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    one = later(house, bob, mei)
    place = f"/w/{house.handle}/inbox/{mei}/scheduled/"
    assert bob.post(f"{place}{one.id}/", {"edit": "1"}).json()["text"] == "We open soon"
    one = later(house, bob, mei)
    assert bob.post(f"{place}{one.id}/", {"now": "1"}).status_code == 200
    with scope(house.id):
        assert not ScheduledMessage.objects.exists()
        assert Message.objects.filter(direction="out").count() == 1


@pytest.mark.parametrize(
    ("number", "names", "likely"),
    [
        ("+60123000001", 1, "Asia/Kuching"),
        ("+447700900123", 1, "Europe/London"),  # four zones whose clocks show the same
        ("+61412345678", 5, "Australia/Sydney"),
        ("+351912345678", 2, ""),
        ("+888123456789", 0, ""),
    ],
)
def test_a_number_tells_one_clock_several_or_none(number: str, names: int, likely: str, house: House) -> None:
    (mei,) = meet(house, 1)
    with scope(house.id):
        conversation = Conversation.objects.get(id=mei)
        phone = conversation.contact.identities.get(kind="phone")
        phone.value = number
        phone.save(update_fields=["value"])
        found = zones_of(conversation)
    assert (len(found.names), found.likely) == (names, likely)


def test_its_time_is_shown_as_they_have_it_and_as_we_do(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    bob.cookies["troth_zone"] = "America/Sao_Paulo"
    with time_machine.travel(datetime(2026, 11, 30, 1, tzinfo=UTC)):
        with scope(house.id):
            Conversation.objects.update(window_expires_at=datetime(2026, 12, 1, tzinfo=UTC))
        form = {"text": "Hi", "at": "2026-11-30T22:30", "zone": "America/Sao_Paulo"}
        assert bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/", form).status_code == 201
        page = pane(house, bob, mei)
    assert "Tue 09:30 for Person 1 in Malaysia, Mon 22:30 for you" in page
    assert "will be closed by then" in page


def chosen(house: House, conversation: UUID, *, kind: str = "document", name: str = "menu.pdf") -> Attachment:
    """Return a file that Bob has chosen."""
    with scope(house.id):
        bob = Membership.objects.get(id=house.members["Bob"])
        thread = Conversation.objects.get(id=conversation)
        file = drafting.begin(thread, by=bob, size_bytes=9, wish="", name=name)
        drafting.finish(file, Prepared(kind, "application/pdf", 9))
        return file


def schedule_file(
    house: House, bob: Client, conversation: UUID, file: Attachment, *, days: int = 0
) -> ScheduledMessage:
    at = (now() + timedelta(days=days, hours=2)).astimezone(UTC)
    form = {
        "text": "The menu",
        "file": str(file.id),
        "at": f"{at:%Y-%m-%dT%H:%M}",
        "zone": "UTC",
        "client_id": str(new_id()),
    }
    for _ in range(2):  # the same again is harmless
        answer = bob.post(f"/w/{house.handle}/inbox/{conversation}/scheduled/", form)
        assert answer.status_code == 201, answer.content
    with scope(house.id):
        return ScheduledMessage.objects.get()


def test_a_file_waits_for_its_time_and_then_leaves_with_its_words(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    file = chosen(house, mei)
    schedule_file(house, bob, mei, file)
    page = pane(house, bob, mei)
    assert "menu.pdf" in page
    assert "The menu" in page
    with scope(house.id), time_machine.travel(now() + timedelta(hours=3)):
        drafting.drop_old()
    again = bob.post(f"/w/{house.handle}/inbox/{mei}/messages/", {"file": str(file.id)})
    assert (again.status_code, "no longer here" in again.json()["error"]) == (422, True)
    due(house)
    with scope(house.id):
        said = Message.objects.get(direction="out")
        file.refresh_from_db()
        assert (said.kind, said.text(), (said.content or {})["media"]["name"]) == ("document", "The menu", "menu.pdf")
        assert (file.message_id, file.state, file.conversation_id) == (said.id, AttachmentState.LEAVING, None)


def test_a_paper_above_buttons_keeps_its_name_until_its_time(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    file = chosen(house, mei)
    buttons = {"type": "button", "text": "The menu", "buttons": [{"title": "Yes"}]}
    content = json.dumps({**buttons, "header_file": str(file.id), "header_kind": "document"})
    at = (now() + timedelta(hours=2)).astimezone(UTC)
    form = {"content": content, "at": f"{at:%Y-%m-%dT%H:%M}", "zone": "UTC"}
    answer = bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/", form)
    assert answer.status_code == 201, answer.content
    due(house)
    with scope(house.id):
        said = Message.objects.get(direction="out").content or {}
    assert said["data"]["header"] == {"type": "document", "name": "menu.pdf"}


def test_a_file_that_missed_its_time_is_kept_until_somebody_sends_it(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    file = chosen(house, mei)
    one = schedule_file(house, bob, mei, file, days=2)
    due(house, hours=51)
    with scope(house.id):
        one.refresh_from_db()
        assert (one.state, one.reason) == (ScheduledState.NOT_SENT, "window")
    with time_machine.travel(now() + timedelta(days=10)):
        with scope(house.id):
            drafting.drop_old()
            Conversation.objects.update(window_expires_at=now() + timedelta(hours=1))
        bob.force_login(house.users["Bob"])  # ten days are longer than a session
        assert bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/{one.id}/", {"now": "1"}).status_code == 200
    with scope(house.id):
        assert Message.objects.get(direction="out").kind == "document"


def test_a_file_that_is_gone_is_said_and_nothing_is_sent_without_it(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    file = chosen(house, mei)
    one = schedule_file(house, bob, mei, file)
    with scope(house.id):
        Attachment.objects.filter(id=file.id).delete()
    due(house)
    with scope(house.id):
        one.refresh_from_db()
        assert one.reason == "file"
    answer = bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/{one.id}/", {"now": "1"})
    assert (answer.status_code, "no longer here" in answer.json()["error"]) == (422, True)


@pytest.mark.parametrize(("act", "left"), [("edit", 1), ("cancel", 0)])
def test_its_file_goes_back_to_whoever_edits_it_and_away_when_it_is_cancelled(
    act: str, left: int, house: House, bob: Client
) -> None:
    (mei,) = meet(house, 1)
    file = chosen(house, mei)
    one = schedule_file(house, bob, mei, file)
    told = bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/{one.id}/", {act: "1"}).json()
    assert [back["id"] for back in told["files"]] == [str(file.id)] * left
    assert (told["text"], told["kind"]) == ("The menu", "document")
    with scope(house.id):
        assert Attachment.objects.filter(id=file.id, state=AttachmentState.DRAFT).count() == left
        member = Membership.objects.get(id=house.members["Bob"])
        sendable = drafting.draft_of(file.id, Conversation.objects.get(id=mei), by=member)
        assert (sendable is not None) == bool(left)


def test_what_a_dialog_made_is_said_later_too(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    said = {"type": "button", "text": "Tea or coffee?", "buttons": [{"title": "Tea"}, {"title": "Coffee"}]}
    at = f"{now() + timedelta(hours=2):%Y-%m-%dT%H:%M}"
    form = {"content": json.dumps(said), "at": at, "zone": "UTC"}
    assert bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/", form).status_code == 201
    page = pane(house, bob, mei)
    assert page.count("Coffee") == 1
    due(house)
    with scope(house.id):
        assert Message.objects.get(direction="out").kind == "interactive"


def template(house: House) -> UUID:
    body = {"type": "BODY", "text": "Hello {{1}}, we open.", "example": {"body_text": [["Ana"]]}}
    facts = {"name": "we_open", "language": "en", "status": "APPROVED", "category": "UTILITY", "components": [body]}
    with scope(house.id):
        made = MessageTemplate.objects.create(account_id=house.account_id, parameter_format="POSITIONAL", **facts)
        return UUID(str(made.pk))


def schedule_template(house: House, bob: Client, conversation: UUID, id: UUID, **changes: str) -> Any:
    at = f"{now() + timedelta(days=3):%Y-%m-%dT%H:%M}"
    form = {"value-body:1": "Mei", "at": at, "zone": "UTC", "client_id": str(new_id())} | changes
    address = f"/w/{house.handle}/inbox/{conversation}/templates/{id}/"
    return bob.post(address, form, headers={"HX-Request": "true"})


def test_a_template_is_said_later_although_the_window_has_closed(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    assert schedule_template(house, bob, mei, template(house)).status_code == 201
    page = pane(house, bob, mei)
    assert "Hello Mei, we open." in page
    assert "will be closed by then" not in page
    due(house, hours=24 * 3 + 1)
    with scope(house.id):
        assert not ScheduledMessage.objects.exists()
        assert Message.objects.get(direction="out").text() == "Hello Mei, we open."


def test_a_template_that_is_no_longer_approved_at_its_time_is_held_and_told(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    id = template(house)
    assert schedule_template(house, bob, mei, id).status_code == 201
    with scope(house.id):
        MessageTemplate.objects.filter(pk=id).update(status="PAUSED")
    due(house, hours=24 * 3 + 1)
    with scope(house.id):
        assert ScheduledMessage.objects.get().reason == "template"
        assert not Message.objects.filter(direction="out").exists()
        one = ScheduledMessage.objects.get().id
    assert "could not be sent to this person any more" in pane(house, bob, mei)
    answer = bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/{one}/", {"now": "1"})
    assert (answer.status_code, "no longer approved" in answer.json()["error"]) == (422, True)
    with scope(house.id):
        assert not Message.objects.filter(direction="out").exists()
        MessageTemplate.objects.filter(pk=id).update(status="APPROVED")
    assert bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/{one}/", {"now": "1"}).status_code == 200


def test_a_failed_template_is_not_sent_again_once_it_is_paused(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    id = template(house)
    schedule_template(house, bob, mei, id)
    with scope(house.id):
        one = ScheduledMessage.objects.get().id
    bob.post(f"/w/{house.handle}/inbox/{mei}/scheduled/{one}/", {"now": "1"})
    with scope(house.id):
        message = Message.objects.get(direction="out")
        Message.objects.update(status=MessageStatus.FAILED)
        MessageTemplate.objects.filter(pk=id).update(status="PAUSED")
    address = f"/w/{house.handle}/inbox/{mei}/messages/{message.id}/offer/"
    answer = bob.post(address)
    assert (answer.status_code, "no longer approved" in answer.json()["error"]) == (422, True)


def test_what_is_scheduled_follows_its_person_into_another_thread(house: House, bob: Client) -> None:
    mei, head = meet(house, 1, 2)
    file = chosen(house, mei)
    schedule_file(house, bob, mei, file)
    with scope(house.id):
        by = Membership.objects.get(id=house.members["Alice"])
        first, second = (Conversation.objects.get(id=id) for id in (mei, head))
        merge(second.contact_id, first.contact_id, by=by, reason="member")
        folded = Conversation.objects.filter(folded_into__isnull=False).get()
        Conversation.objects.filter(id=folded.id).update(window_expires_at=None)  # they wrote from the other since
    due(house)
    with scope(house.id):
        assert not ScheduledMessage.objects.exists()
        file.refresh_from_db()
        assert file.message == Message.objects.get(direction="out")


def test_a_template_whose_time_is_none_keeps_what_was_chosen_in_its_form(house: House, bob: Client) -> None:
    (mei,) = meet(house, 1)
    answer = schedule_template(house, bob, mei, template(house), at="2020-01-01T10:00", zone="Asia/Kuching")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "has passed" in page
    assert 'value="2020-01-01T10:00"' in page
    assert "data-later-fold open" in page
