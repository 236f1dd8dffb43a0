"""No mail of any type holds a word, a name or a number of a customer: two houses full of canaries, and every mail there is."""

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from unittest.mock import patch

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.contrib.sessions.backends.base import SessionBase
from django.test import RequestFactory
from django.test.utils import override_settings

from tests.house.asking import Stage, taken_back
from tests.house.canaries import canary, found_in
from tests.house.two_houses import Kept
from troth.accounts.mail_choices import choose
from troth.accounts.mail_types import ATTEMPT, CODE, OF_TEMPLATES, SECURITY
from troth.accounts.models import QueuedMail, User
from troth.base.clock import now
from troth.base.mails import MailType, mail_types
from troth.channels.alerts import tell, tell_changes
from troth.channels.mails import CHANGED, TROUBLE, tell_of_trouble
from troth.channels.models import About
from troth.inbox.acts import assign
from troth.inbox.digests import ASSIGNED, UNASSIGNED, send_digests
from troth.inbox.models import Conversation, ScheduledMessage
from troth.inbox.saying.not_said import NOT_SENT
from troth.inbox.saying.scheduling import send_due
from troth.privacy.forgetting import telling as telling_of_forgetting
from troth.privacy.models import Case, Erasure, Export
from troth.privacy.policy import notices
from troth.privacy.policy.versions import versions
from troth.privacy.rights import clocks, mailbox, telling
from troth.support import breaches, desk, disclosures, glass, holds, jobs, mails, requests
from troth.support import clocks as support_clocks
from troth.support.models import AnchorMail, Exposed, Ground, HeldKind, HelpRequest, Kind, Problem, StaffRole
from troth.support.people import add_staff
from troth.workspaces import invitations
from troth.workspaces.mail_types import INVITATION
from troth.workspaces.models import Role
from troth.workspaces.scope import scope

ROOT = Path(__file__).resolve().parent.parent.parent
# What a colleague may be told by mail: who invites them, to which company. Everything else that is planted is a customer's.
OF_COLLEAGUES = re.compile(r"name of (the workspace|owner|co-owner|admin|agent|hidden|viewer|removed|idle)|.*address.*")


def library_mails(kept: Kept, kind: MailType) -> None:
    """Send every mail of the library that is of this type."""
    request = RequestFactory().get("/")
    request.session = SessionBase()
    user = kept.house.users[next(iter(kept.house.users))]
    facts = {"user": user, "code": "ABCD-EFGH", "timestamp": now(), "ip": "203.0.113.7", "user_agent": "Firefox"}
    addresses = {"from_email": user.email, "to_email": user.email, "deleted_email": user.email}
    with request_context(request):
        for template, of in OF_TEMPLATES.items():
            if of is kind:
                get_adapter(request).send_mail(template, user.email, {**facts, **addresses})


def invitation(kept: Kept) -> None:
    with scope(kept.id):
        invitations.invite(f"{canary().lower()}@example.test", role=Role.AGENT, by=kept.member("owner"))


def digest(kept: Kept, kind: MailType) -> None:
    """Let the agent be given a conversation, and switch the digest on."""
    agent = kept.house.users[next(name for name in kept.house.users if name.endswith(" agent"))]
    choose(agent, kind, on=True, at=now() - timedelta(hours=2))
    with scope(kept.id):
        thread = Conversation.objects.get(id=kept.ids["conversation"])
        Conversation.objects.filter(id=thread.id).update(unread=2, last_message_at=now())
        if kind is ASSIGNED:
            assign(thread, to=kept.member("agent"), by=kept.member("owner"))
    with time_machine.travel(now() + timedelta(minutes=2)):
        assert send_digests() == 1


def scheduled_in_vain(kept: Kept) -> None:
    """Let a message that is due find its conversation's window closed."""
    with scope(kept.id):
        due = ScheduledMessage.objects.filter(id=kept.ids["scheduled"])
        Conversation.objects.filter(id=due.get().conversation_id).update(window_expires_at=now() - timedelta(hours=1))
        ScheduledMessage.objects.exclude(id=kept.ids["scheduled"]).update(send_at=now() + timedelta(days=1))
    send_due()
    with scope(kept.id):
        assert due.get().reason == "window"


def trouble(kept: Kept) -> None:
    with scope(kept.id):
        tell_of_trouble(kept.ids["channel"], "ACCOUNT_VIOLATION")


def changes(kept: Kept) -> None:
    with scope(kept.id):
        tell(About)
    tell_changes(str(kept.id))


def word_of_a_customer(kept: Kept) -> str:
    return next(word for word, (what, _) in kept.planted.items() if what.startswith("text"))


def two_of_staff(kept: Kept) -> tuple[User, User]:
    owner, other = [kept.house.users[name] for name in list(kept.house.users)[:2]]
    add_staff(owner.email, StaffRole.LEGAL)
    add_staff(other.email, StaffRole.SUPPORT)
    return owner, other


def opened_case(kept: Kept) -> None:
    """Tell of a case whose words are a customer's: the workspace's owners, and the operator."""
    with scope(kept.id):
        case = Case.objects.get(pk=kept.ids["case"])
        telling.tell_owners_of_case(case)
        with override_settings(PRIVACY_MAIL="privacy@example.test"):
            telling.tell_operator_of_case(case)


def alarm(kept: Kept) -> None:
    with override_settings(PRIVACY_MAIL="privacy@example.test"), time_machine.travel(now() + timedelta(days=40)):
        clocks.wind()


def answered_mail(kept: Kept) -> None:
    word = word_of_a_customer(kept)
    head = f"From: {word} <mei@example.test>\nTo: privacy@example.test\nSubject: {word}\nMessage-ID: <1@x.test>"
    assert mailbox.take_in(f"{head}\n\nDelete {word}\n".encode()) is not None


def ready_copy(kept: Kept) -> None:
    with scope(kept.id):
        telling.tell_export_is_ready(Export.objects.get(pk=kept.ids["export"]))


def certificate(kept: Kept) -> None:
    gone = Erasure(subject_kind="workspace", subject_id=kept.id, token="a" * 43)
    telling_of_forgetting.tell_owner(next(iter(kept.house.users.values())), gone)


def change_of_policy(kept: Kept) -> None:
    today = now().date()
    User.objects.update(terms_version="2000-01-01")
    changed = replace(versions()[-1], name=today.isoformat(), published=today, effective=today, significant=True)
    with patch("troth.privacy.policy.notices.versions", lambda: (changed,)):
        notices.announce()


def answer_of_support(kept: Kept) -> None:
    desk.answer(kept.ids["help"], f"About {word_of_a_customer(kept)}", by=two_of_staff(kept)[1].pk)


def request_for_help(kept: Kept) -> None:
    two_of_staff(kept)
    with scope(kept.id):
        requests.ask(Problem.OTHER, f"About {word_of_a_customer(kept)}", by=kept.member("viewer"))


def look_of_staff(kept: Kept) -> None:
    """Look behind the glass, and give a whole conversation to an authority."""
    one, other = two_of_staff(kept)
    word, thread = word_of_a_customer(kept), kept.ids["conversation"]
    asked = glass.ask(kept.id, ground=Ground.LAW, reason=word, kind=Kind.LIST, by=one.pk)
    glass.approve(asked.pk, by=other.pk)
    glass.end(asked.pk, by=one.pk)
    assert glass.tell_owners() == 1
    demand = disclosures.Demand(
        kept.id, word, word, word, kind=Kind.CHOSEN, conversation_ids=(thread,), names=True, bodies=True
    )
    entered = disclosures.enter(demand, by=one.pk)
    disclosures.approve(entered.pk, by=other.pk)
    assert word.encode() in disclosures.make(entered.pk, by=one.pk)
    assert disclosures.tell_workspaces() == 1


def hold_of_the_operator(kept: Kept) -> None:
    one, other = two_of_staff(kept)
    word, until = word_of_a_customer(kept), now().date() + timedelta(days=9)
    wanted = holds.Wanted(kept.id, HeldKind.CONVERSATION, word, word, until, target_ids=(kept.ids["conversation"],))
    holds.approve(holds.ask(wanted, by=one.pk).pk, by=other.pk)
    assert holds.tell_owners() == 1


def breach(kept: Kept) -> None:
    by = two_of_staff(kept)[0].pk
    known = breaches.Alarm("A disk was lost", "Change secrets", Exposed.ALL, detected_at=now(), drill=False)
    found = breaches.open_breach(known, by=by)
    breaches.reckon(found.pk, by=by)
    breaches.tell_people(found.pk, by=by)


def clocks_run_out(kept: Kept) -> None:
    """Let a request for help, a breach and a demand that name a customer run late."""
    by, word = two_of_staff(kept)[0].pk, word_of_a_customer(kept)
    breaches.open_breach(breaches.Alarm(word, word, Exposed.ALL, detected_at=now(), drill=False), by=by)
    disclosures.enter(disclosures.Demand(kept.id, word, word, word, kind=Kind.LIST), by=by)
    with scope(kept.id):
        HelpRequest.objects.filter(pk=kept.ids["help"]).update(due_at=now(), closed_at=None)
    with time_machine.travel(now() + timedelta(days=15)):
        support_clocks.wind()


def anchor(kept: Kept) -> None:
    with scope(kept.id):
        AnchorMail.objects.create(membership=kept.member("owner"))
    jobs.mail_anchors()


SENDERS: dict[MailType, Callable[[Kept], None]] = {
    CODE: lambda kept: library_mails(kept, CODE),
    SECURITY: lambda kept: library_mails(kept, SECURITY),
    ATTEMPT: lambda kept: library_mails(kept, ATTEMPT),
    INVITATION: invitation,
    ASSIGNED: lambda kept: digest(kept, ASSIGNED),
    UNASSIGNED: lambda kept: digest(kept, UNASSIGNED),
    NOT_SENT: scheduled_in_vain,
    TROUBLE: trouble,
    CHANGED: changes,
    telling.TYPES["case_opened"]: opened_case,
    telling.TYPES["case_alarm"]: alarm,
    telling.TYPES["case_heard"]: answered_mail,
    telling.TYPES["export_ready"]: ready_copy,
    telling_of_forgetting.CERTIFICATE: certificate,
    notices.CHANGE: change_of_policy,
    mails.ANSWER: answer_of_support,
    mails.REQUEST: request_for_help,
    mails.CLOCK: clocks_run_out,
    mails.LOOKED: look_of_staff,
    mails.HELD: hold_of_the_operator,
    mails.BREACH: breach,
    mails.ANCHOR: anchor,
}


def test_every_type_of_mail_is_tried_here() -> None:
    assert set(mail_types()) == set(SENDERS)


@pytest.mark.clause("B2.2", "B6.2", "A2.3b")
@pytest.mark.parametrize("kind", SENDERS, ids=lambda kind: kind.key)
def test_no_mail_holds_anything_of_a_customer(kind: MailType, stage: Stage) -> None:
    with taken_back():
        before = set(QueuedMail.objects.values_list("id", flat=True))
        SENDERS[kind](stage.kopi)
        sent = list(QueuedMail.objects.exclude(id__in=before))
        assert sent
        assert {mail.kind for mail in sent} == {kind.key}
        guarded = {word: what for word, (what, _) in stage.kopi.planted.items() if not OF_COLLEAGUES.fullmatch(what)}
        assert len(guarded) > 20
        for mail in sent:
            message = message_from_bytes(bytes(mail.message), policy=policy.default)
            body = message.get_body()
            assert body is not None
            whole = f"{message['Subject']}\n{body.get_content()}".encode() + bytes(mail.message)
            assert {(guarded[word], form) for word, form in found_in(whole, guarded)} == set()


def test_the_search_would_find_it(stage: Stage) -> None:
    word = next(word for word, (what, _) in stage.kopi.planted.items() if what.startswith("text"))
    assert found_in(f"3 new: {word}".encode(), [word])


def test_nothing_but_our_own_door_sends_mail() -> None:
    """A mail made elsewhere would name no type."""
    found = []
    for path in (ROOT / "troth").rglob("*.py"):
        if "tests" in path.parts or path.relative_to(ROOT).as_posix() in DOORS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom | ast.Import) else []
            module = getattr(node, "module", "") or ""
            if module.startswith("django.core.mail") or any(
                name.startswith(("django.core.mail", "smtplib")) for name in names
            ):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")  # type: ignore[attr-defined]
    assert found == []


DOORS = {
    "troth/accounts/mail.py",  # makes mails and names their types
    "troth/accounts/adapter.py",  # names the types of the library's
    "troth/accounts/delivery.py",  # hands them over
    "troth/accounts/resend.py",
}


def test_every_mail_of_the_library_that_is_switched_on_has_a_type() -> None:
    """What the library could send besides, it must not: such a mail raises (test_mails_have_types)."""
    for template in OF_TEMPLATES:
        found = [*(ROOT / "troth" / "accounts" / "templates").glob(f"{template}_subject.txt")]
        assert found, f"{template} has no words of ours"
