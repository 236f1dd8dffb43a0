"""Requests in WhatsApp. The conversation itself shows who asks, so nothing more has to be proven.

Two kinds of messages are heard, each only when the whole message is just that: a phrase of `phrases.py`, and the word
with which somebody shows that a mail was theirs. Everything else is the team's to read.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse

from troth.audit.record import Actor
from troth.base import jobs
from troth.base.clock import now
from troth.base.sealing import ring
from troth.channels.contract import Content
from troth.inbox.models import Conversation, Message
from troth.inbox.outbox import queue
from troth.inbox.receive.announcing import Written, register
from troth.privacy.models import Case, Intake
from troth.privacy.models.case import DAYS
from troth.privacy.rights import doing, words
from troth.privacy.rights.cases import acknowledge, close, new_link, open_case, verify
from troth.privacy.rights.kinds import Kind, Outcome, Proof, Route, SubjectKind
from troth.privacy.rights.phrases import Asked, asked
from troth.privacy.rights.telling import tell_owners_of_case
from troth.privacy.rights.tokens import code_hash
from troth.workspaces.models import Workspace
from troth.workspaces.scope import current_workspace_id, scope

TAKE_IN = "cases.take_in"
ANSWERS_EVERY = timedelta(days=1)
_CODE = re.compile(r"[A-Z]{4}-[2-9]{4}")


def listen() -> None:
    """Hear what customers write. Called once, when the app is ready."""
    register(hear)


def hear(written: Sequence[Written]) -> None:
    """Queue a job for each message that asks for something. Costs a look into a table of phrases for the others."""
    for one in written:
        if asked(one.text) is not None or code_in(one.text) is not None:
            jobs.defer(TAKE_IN, workspace_id=str(current_workspace_id()), message_id=str(one.message_id))


def code_in(text: str) -> str | None:
    """Return the word that shows whose a mail was, where the message is that word and nothing else."""
    typed = text.strip().upper() if len(text) <= 20 else ""
    return typed if _CODE.fullmatch(typed) else None


def take_in(workspace_id: str, message_id: str) -> None:
    """Open a case for what a message asks, and answer in its conversation. Safe to run twice."""
    with scope(UUID(workspace_id)):
        found = Message.objects.filter(pk=UUID(message_id), direction="in", revoked_at=None)
        message = found.select_related("conversation__contact", "conversation__channel").first()
        if message is None:
            return
        request, code = asked(message.text()), code_in(message.text())
        if request is not None:
            _ask(message, request)
        elif code is not None:
            _show_proof(message, code)


def answers_in_whatsapp() -> bool:
    """Return whether requests are taken in and answered in the conversation, in the workspace in scope."""
    chosen = Intake.objects.values_list("answers_in_whatsapp", flat=True).first()
    return chosen is not False


def _ask(message: Message, request: Asked) -> None:
    if not answers_in_whatsapp():
        return
    # In a group it is the person who spoke who asks, not the group.
    person = message.sender_id or message.conversation.contact_id
    # Two jobs of one message, or two messages at once, are one request.
    _one_at_a_time(person)
    source = ring().index(str(message.pk), place="privacy_case.source_hash")
    if Case.objects.filter(source_hash=source).exists():
        return
    earlier = Case.objects.filter(subject_id=person, kind=request.kind, closed_at=None).first()
    if earlier is not None:
        if _may_answer(message, earlier):
            _answer(message, earlier, request, new_link(earlier))
        return
    opened = open_case(
        request.kind,
        SubjectKind.CONTACT,
        person,
        Route.WHATSAPP,
        by=Actor.contact(person),
        words=message.text(),
        language=request.language,
        proof=Proof.CONVERSATION,
        source_hash=source,
    )
    case = opened.case
    assert isinstance(case, Case)
    if request.kind == Kind.OBJECTION:
        doing.object_to_marketing(person, by=Actor.contact(person), source="whatsapp", case_id=case.pk)
    if _may_answer(message, case):
        _answer(message, case, request, opened.token)
    if request.kind == Kind.OBJECTION:
        close(case, outcome=Outcome.DONE, by=Actor.system())
    else:
        tell_owners_of_case(case)


def _may_answer(message: Message, case: Case) -> bool:
    """Tell whether to answer here: within the window, at most once a day and person, and never where others read along."""
    conversation = message.conversation
    if message.sender_id is not None or conversation.contact.is_group:
        return False
    if not conversation.channel.is_bound or not conversation.window_is_open(at=now()):
        return False
    since = now() - ANSWERS_EVERY
    others = Case.objects.filter(subject_id=case.subject_id, route=Route.WHATSAPP)
    return not others.filter(told_at__gt=since).exists()


def _answer(message: Message, case: Case, request: Asked, token: str) -> None:
    link = settings.BASE_URL + reverse("status", args=[token])
    text = words.heard(request.kind, request.language, company=Workspace.current().name, link=link, days=DAYS)
    say(message.conversation, text)
    acknowledge(case)


def say(conversation: Conversation, text: str, *, farewell: bool = False) -> Message:
    """Say something in a conversation as the product itself; a `farewell` before nothing more is said there."""
    return queue(conversation, Content(kind="text", text=text), by=None, answers=False, farewell=farewell)


def _show_proof(message: Message, code: str) -> None:
    """Tie a case that came by mail to the person who sent its word from their own WhatsApp."""
    case = Case.objects.filter(code_hash=code_hash(code), closed_at=None, proof=Proof.NONE).first()
    if case is None or message.sender_id is not None:
        return
    contact = message.conversation.contact_id
    case.code_hash = None
    case.save(update_fields=["code_hash"])
    verify(case, proof=Proof.CONVERSATION, by=Actor.contact(contact), contact_id=contact)
    tell_owners_of_case(case)


def _one_at_a_time(person: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('case' || %s, 0))", [str(person)])
