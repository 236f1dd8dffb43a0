"""Whoever writes just "delete me" in WhatsApp gets a case and an answer in the conversation; nobody else does."""

import re
import time
from typing import Any

import pytest
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cast import House
from troth.contacts.consents import MARKETING, latest
from troth.contacts.models import Contact
from troth.inbox.models import Conversation, Message, MessageStatus
from troth.inbox.tests.arriving import said, told
from troth.privacy.models import Case, Intake
from troth.privacy.rights import whatsapp
from troth.privacy.rights.kinds import Kind, Outcome, Proof, Route
from troth.privacy.rights.phrases import PHRASES, asked
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


def write(house: House, text: str, *, id: str = "wamid.ASK", at: int | None = None, **who: Any) -> None:
    """Let a customer write, and run the jobs that follow."""
    told(house, said(house, text, id=id, at=at or int(time.time()) - 5, name="Mei Ling", **who))
    run_jobs()


def run_jobs() -> None:
    for job in ProcrastinateJob.objects.filter(task_name=whatsapp.TAKE_IN).order_by("id"):
        whatsapp.take_in(**job.args)


def answers(house: House) -> list[str]:
    with scope(house.id):
        return [one.text() for one in Message.objects.filter(direction="out").order_by("id")]


@pytest.mark.clause("A4.2a", "B7.3")
@pytest.mark.parametrize(
    ("text", "kind", "language"),
    [
        ("Delete me", Kind.ERASURE, "en"),
        ("  MY DATA!! ", Kind.ACCESS, "en"),
        ("Padam data saya", Kind.ERASURE, "ms"),
        ("¡Bórrame!", Kind.ERASURE, "es"),
        ("borrame", Kind.ERASURE, "es"),
        ("Meus dados", Kind.ACCESS, "pt"),
        ("ＤＥＬＥＴＥ ＭＥ", Kind.ERASURE, "en"),
        ("اِحذفني", Kind.ERASURE, "ar"),
        ("أرسل لي بياناتي", Kind.ACCESS, "ar"),
    ],
)
def test_a_phrase_is_known_whatever_its_capitals_accents_and_marks(text: str, kind: Kind, language: str) -> None:
    assert asked(text) == (kind, language)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "delete me from the Saturday list please",
        "don't delete me",
        "can you delete my data?",
        "my data plan is slow",
        "delete",
        "deleteme",
        "delete me " * 20,
    ],
)
def test_whatever_says_more_or_less_is_not_taken_for_a_request(text: str) -> None:
    assert asked(text) is None


def test_no_phrase_means_two_things() -> None:
    phrases = [phrase for kinds in PHRASES.values() for some in kinds.values() for phrase in some]
    assert all(asked(phrase) for phrase in phrases)
    for language, kinds in PHRASES.items():
        for kind, some in kinds.items():
            assert {asked(phrase) for phrase in some} == {(kind, language)}


@pytest.mark.clause("A4.2a")
def test_delete_me_opens_a_case_and_is_answered_in_the_conversation(house: House, client: Client) -> None:
    write(house, "padam data saya")
    with scope(house.id):
        case = Case.objects.get()
        contact = Contact.objects.get()
        assert (case.kind, case.route, case.proof) == (Kind.ERASURE, Route.WHATSAPP, Proof.CONVERSATION)
        assert (case.subject_id, case.language) == (contact.pk, "ms")
        assert case.acknowledged_at is not None
        answer = Message.objects.get(direction="out")
        assert answer.status == MessageStatus.QUEUED
        assert answer.author is None
        assert Conversation.objects.get().unread == 1, "nobody of the team has read it"
    link = re.search(r"/case/[\w-]{43}/", answers(house)[0])
    assert link is not None
    page = client.get(link.group()).content.decode()
    assert "Memadamkan data" in page
    assert 'lang="ms"' in page


@pytest.mark.clause("A4.2a")
def test_the_same_message_or_the_same_wish_again_is_one_case_and_one_answer_a_day(house: House) -> None:
    write(house, "delete me")
    run_jobs()
    write(house, "Delete my data", id="wamid.2")
    with scope(house.id):
        assert Case.objects.count() == 1
    assert len(answers(house)) == 1


def test_two_wishes_on_one_day_are_two_cases_and_one_answer(house: House) -> None:
    write(house, "my data")
    write(house, "delete me", id="wamid.2")
    with scope(house.id):
        assert sorted(Case.objects.values_list("kind", flat=True)) == ["access", "erasure"]
    assert len(answers(house)) == 1


def test_ordinary_messages_queue_no_job(house: House) -> None:
    write(house, "Is the café open?")
    assert not ProcrastinateJob.objects.filter(task_name=whatsapp.TAKE_IN).exists()


def test_a_wish_that_comes_late_opens_a_case_and_no_message_is_sent_outside_the_window(house: House) -> None:
    write(house, "delete me", at=int(time.time()) - 3 * 24 * 3600)
    with scope(house.id):
        assert Case.objects.count() == 1
    assert answers(house) == [], "the window is closed"


def test_a_workspace_may_choose_to_do_it_by_hand(house: House) -> None:
    with scope(house.id):
        Intake.objects.create(answers_in_whatsapp=False)
    write(house, "delete me")
    with scope(house.id):
        assert not Case.objects.exists()
    assert answers(house) == []


@pytest.mark.clause("L2", "L3")
def test_no_marketing_is_done_at_once(house: House) -> None:
    write(house, "No marketing")
    with scope(house.id):
        assert latest(Contact.objects.get().pk, MARKETING) == "stop"
        case = Case.objects.get()
        assert case.outcome == Outcome.DONE
    run_jobs()
    with scope(house.id):
        assert Case.objects.count() == 1
    assert "no more marketing" in answers(house)[0]


def test_in_a_group_the_speaker_asks_and_nobody_is_answered_where_others_read(house: House) -> None:
    write(house, "Hello")
    told(house, said(house, "delete me", id="wamid.G", at=int(time.time()) - 3, phone="966501234567"))
    with scope(house.id):
        message = Message.objects.get(
            external_hash__isnull=False, sender=None, conversation__contact__profile_name=None
        )
        group, speaker = message.conversation.contact, Contact.objects.exclude(pk=message.conversation.contact_id).get()
        Contact.objects.filter(pk=group.pk).update(is_group=True)
        Message.objects.filter(pk=message.pk).update(sender=speaker)
    run_jobs()
    with scope(house.id):
        assert Case.objects.get().subject_id == speaker.pk
    assert answers(house) == []
