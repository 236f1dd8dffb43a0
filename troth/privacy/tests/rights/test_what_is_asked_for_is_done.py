"""A request about somebody ends in the thing itself: the package that forgets and restricts is what the button presses."""

import pytest
from django.test import Client

from tests.cast import House
from troth.base.ids import new_id
from troth.contacts.consents import MARKETING, latest
from troth.contacts.models import Contact
from troth.inbox.models import Conversation, Message, MessageStatus
from troth.inbox.outbox import say
from troth.inbox.send import ledger
from troth.privacy.forgetting import purge
from troth.privacy.forgetting.tests.story import later
from troth.privacy.models import Case, Erasure, ErasureState, Export, ExportState
from troth.privacy.rights.exports import places
from troth.privacy.rights.kinds import Outcome
from troth.privacy.tests.rights.conftest import make_export
from troth.privacy.tests.rights.test_requests_in_whatsapp import write
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


def press(house: House, client: Client, what: str, **answer_given: str) -> Case:
    """Do what is asked for in the only case, as its owner does."""
    with scope(house.id):
        case = Case.objects.get()
    client.force_login(house.users["Alice"])
    answer = client.post(f"/w/{house.handle}/privacy/cases/{case.pk}/act/", {"what": what} | answer_given)
    assert answer.status_code == 302
    with scope(house.id):
        case.refresh_from_db()
    return case


@pytest.mark.clause("B7.3", "A4.2a", "B4.2")
def test_delete_me_ends_in_a_person_out_of_sight_and_an_erasure_that_runs(house: House, client: Client) -> None:
    write(house, "delete me")
    case = press(house, client, "erase")
    with scope(house.id):
        contact, erasure = Contact.objects.get(), Erasure.objects.get()
        assert case.outcome == Outcome.DONE
        assert contact.erasing_at is not None
        assert contact.restricted
        assert (erasure.subject_id, erasure.case_id) == (contact.pk, case.pk)
        assert erasure.state == ErasureState.RESTRICTED
    with later(days=7, minutes=5):
        assert purge.sweep() == 1
        with scope(house.id):
            assert not Contact.objects.exists()
            case.refresh_from_db()
            assert (case.words, case.subject_id) == (None, contact.pk)


@pytest.mark.clause("B7.3", "A4.2a")
@pytest.mark.parametrize("what", ["erase", "restrict"])
def test_the_answer_leaves_although_nothing_else_is_said_to_the_person_any_more(
    house: House, client: Client, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(house, "delete me")
    with scope(house.id):
        talk = Conversation.objects.select_related("contact", "channel").get()
        alice = Membership.objects.get(pk=house.members["Alice"])
        # What the product has said of the request itself is on its way long before somebody answers.
        Message.objects.filter(direction="out").update(status=MessageStatus.SENT)
        other = say(talk, "We have an offer for you", by=alice, client_id=new_id())
        Case.objects.update(kind={"erase": "erasure", "restrict": "restriction"}[what])
    press(house, client, what, answer="We have deleted it all.", send="on")
    monkeypatch.setattr(ledger, "close_old_connections", lambda: None)  # the test's transaction is on this one
    claimed = ledger.claim(house.id, talk.channel_id, lane=1, most=10)
    assert [one.outbound.content.text for one in claimed if one.outbound] == ["We have deleted it all."]
    assert len(claimed) == 1
    with scope(house.id):
        other.refresh_from_db()
        assert other.status == MessageStatus.FAILED


@pytest.mark.clause("B7.3")
def test_whoever_answers_is_told_where_the_answer_cannot_be_sent(house: House, client: Client) -> None:
    write(house, "delete me")
    with scope(house.id):
        Conversation.objects.update(window_expires_at=None)
    press(house, client, "erase", answer="We have deleted it all.", send="on")
    assert "was not sent" in client.get(f"/w/{house.handle}/privacy/cases/").content.decode()


@pytest.mark.clause("L2")
def test_a_restriction_only_keeps_and_an_objection_is_noted_with_the_person(house: House, client: Client) -> None:
    write(house, "No marketing")
    with scope(house.id):
        contact = Contact.objects.get()
        assert contact.objected_at is not None
        assert latest(contact.pk, MARKETING) == "stop"
        assert (contact.disputed_at, contact.erasing_at) == (None, None)
        Case.objects.update(kind="restriction", closed_at=None, outcome="")
    press(house, client, "restrict")
    with scope(house.id):
        contact.refresh_from_db()
        assert contact.disputed_at is not None
        assert contact.erasing_at is None
        assert not Erasure.objects.exists()


@pytest.mark.clause("A4.2a", "B4.2")
def test_a_copy_that_was_made_for_a_person_goes_with_the_person(house: House, client: Client) -> None:
    write(house, "delete me")
    press(house, client, "erase")
    with scope(house.id):
        contact = Contact.objects.get()
    with later(days=6):
        copy = make_export(house, "contact", contact.pk)
    assert places.file_of(copy).exists()
    with later(days=7, minutes=5):
        assert purge.sweep() == 1
    assert not places.file_of(copy).exists()
    with scope(house.id):
        assert Export.objects.get(pk=copy.pk).state == ExportState.GONE
