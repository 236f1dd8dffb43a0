"""A request has a clock: heard within a day, alarms at day 20 and 27, late said to be late, longer once and with a reason."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from tests.cast import House
from troth.audit.models import Entry
from troth.audit.record import Actor, open_detail
from troth.privacy.management.commands import privacy_cases
from troth.privacy.models import Case, OperatorCase
from troth.privacy.rights import cases, clocks
from troth.privacy.rights.cases import CannotClose, CannotExtend, close, extend, forward_by, open_case
from troth.privacy.rights.forwarding import forward
from troth.privacy.rights.kinds import Outcome, Proof, Refusal
from troth.privacy.rights.telling import tell_owners_of_case
from troth.privacy.tests.rights.conftest import contact_named
from troth.ui.slots import alarms as alarms_of_staff
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(talked: House) -> Case:
    with scope(talked.id):
        made = open_case(
            "erasure", "contact", contact_named("Mei Ling").pk, "app", by=Actor.system(), proof=Proof.MEMBER
        )
        assert isinstance(made.case, Case)
        cases.acknowledge(made.case)
        return made.case


def at_day(monkeypatch: pytest.MonkeyPatch, case: Any, days: float) -> None:
    """Set the clocks to so many days after the request came."""
    instant = case.opened_at + timedelta(days=days)
    for module in (clocks, cases):
        monkeypatch.setattr(module, "now", lambda: instant)


def alarms(house: House) -> list[str]:
    """Return the alarms that were raised, in the order in which they came."""
    with scope(house.id):
        entries = Entry.objects.filter(action="case.alarm").order_by("number")
        return [(open_detail(entry) or {})["alarm"] for entry in entries]


@pytest.mark.clause("L1", "B7.5")
def test_owners_are_warned_at_day_20_and_27_and_when_it_is_late_each_once(
    talked: House, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, expected in ((19.9, 0), (20.1, 1), (21, 1), (27.1, 2), (29, 2), (30.1, 3), (40, 3)):
        at_day(monkeypatch, case, day)
        clocks.wind()
        assert len(alarms(talked)) == expected, day
    assert alarms(talked) == ["alarmed_20_at", "alarmed_27_at", "alarmed_late_at"]
    assert [one.to for one in mail.outbox] == [["alice@example.test"]] * 3


@pytest.mark.clause("L1")
def test_a_worker_that_was_away_raises_only_the_most_urgent_alarm(
    talked: House, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_day(monkeypatch, case, 28)
    clocks.wind()
    clocks.wind()
    assert alarms(talked) == ["alarmed_27_at"]


@pytest.mark.clause("L1")
def test_what_is_closed_raises_no_alarm(talked: House, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    with scope(talked.id):
        close(case, outcome=Outcome.DONE, by=Actor.system())
    at_day(monkeypatch, case, 31)
    clocks.wind()
    assert alarms(talked) == []


@pytest.mark.clause("A4.2a", "B7.5")
def test_whoever_was_not_told_within_a_day_is_pointed_out(talked: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with scope(talked.id):
        case = open_case("access", "contact", None, "mail", by=Actor.system()).case
    at_day(monkeypatch, case, 0.9)
    clocks.wind()
    assert alarms(talked) == ["alarmed_heard_at"]


@pytest.mark.clause("L1")
def test_it_takes_longer_once_and_only_with_a_reason_and_the_alarms_come_again(
    talked: House, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_day(monkeypatch, case, 28)
    clocks.wind()
    with scope(talked.id):
        case.refresh_from_db()
        with pytest.raises(CannotExtend):
            extend(case, reason="  ", by=Actor.system())
        extend(case, reason="Twenty years of messages", by=Actor.system())
        with pytest.raises(CannotExtend):
            extend(case, reason="Still more", by=Actor.system())
        assert case.due_at == case.opened_at + timedelta(days=90)
    for day in (31, 79, 81):
        at_day(monkeypatch, case, day)
        clocks.wind()
    assert alarms(talked) == ["alarmed_27_at", "alarmed_20_at"]


@pytest.mark.clause("L1")
def test_a_refusal_names_one_of_the_laws_reasons(talked: House, case: Case) -> None:
    with scope(talked.id):
        for reason in ("", "we do not feel like it"):
            with pytest.raises(CannotClose):
                close(case, outcome=Outcome.REFUSED, refusal=reason, by=Actor.system())
        close(case, outcome=Outcome.REFUSED, refusal=Refusal.LEGAL_DUTY, by=Actor.system())
        assert case.refusal == Refusal.LEGAL_DUTY
        with pytest.raises(CannotClose):
            close(case, outcome=Outcome.DONE, by=Actor.system())


@pytest.mark.clause("B9.2")
def test_a_childs_case_is_due_within_three_days() -> None:
    case = open_case("child", "unknown", None, "form", by=Actor.system()).case
    assert isinstance(case, OperatorCase)
    assert case.due_at - case.opened_at == timedelta(hours=72)


@pytest.mark.clause("L1")
def test_every_step_of_a_case_is_written_down(talked: House, case: Case) -> None:
    with scope(talked.id):
        extend(case, reason="Because", by=Actor.system())
        close(case, outcome=Outcome.DONE, by=Actor.system())
        said = list(Entry.objects.filter(target_id=case.pk).order_by("number").values_list("action", flat=True))
    assert said == ["case.opened", "case.acknowledged", "case.extended", "case.closed"]


@pytest.mark.parametrize(
    ("came", "until"),
    [
        ("2026-11-23", "2026-11-25"),
        ("2026-11-27", "2026-12-01"),
        ("2026-11-28", "2026-12-01"),
        ("2026-11-29", "2026-12-01"),
    ],
)
def test_two_working_days_leave_weekends_out(came: str, until: str) -> None:
    assert f"{forward_by(datetime.fromisoformat(came)):%Y-%m-%d}" == until


@pytest.fixture
def unknown(settings: Any) -> OperatorCase:
    """A request to the operator that is a workspace's to answer."""
    settings.PRIVACY_MAIL = "privacy@example.test"
    case = open_case("erasure", "unknown", None, "mail", by=Actor.system(), address="mei@example.test").case
    assert isinstance(case, OperatorCase)
    case.forward_by = case.opened_at + timedelta(days=2)
    case.acknowledged_at = case.opened_at
    case.save()
    return case


def mails_at(monkeypatch: pytest.MonkeyPatch, case: Any, days: float) -> list[str]:
    mail.outbox.clear()
    at_day(monkeypatch, case, days)
    clocks.wind()
    clocks.wind()
    return [str(one.subject) for one in mail.outbox]


@pytest.mark.clause("L1")
def test_a_request_that_is_late_to_be_handed_on_is_mailed_once_and_staff_see_it(
    unknown: OperatorCase, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mails_at(monkeypatch, unknown, 1.9) == []
    assert alarms_of_staff() == []
    (subject,) = mails_at(monkeypatch, unknown, 2.1)
    assert subject == f"A request about data should have been handed on by now ({unknown.reference})"
    assert mails_at(monkeypatch, unknown, 5) == []
    told = alarms_of_staff()
    assert [one.count for one in told] == [1]
    monkeypatch.setattr(privacy_cases, "now", lambda: unknown.opened_at + timedelta(days=5))
    call_command("privacy_cases", "list")
    assert "(LATE)" in capsys.readouterr().out


@pytest.mark.clause("L1")
@pytest.mark.parametrize("end", ["forwarded", "own", "closed"])
def test_a_request_that_was_handed_on_or_need_not_be_raises_no_alarm(
    end: str, talked: House, unknown: OperatorCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    if end == "forwarded":
        forward(unknown.pk, to=talked.id, by=Actor.system())
    elif end == "own":
        cases.verify(unknown, proof=Proof.SIGNED_IN, by=Actor.system())
    else:
        close(unknown, outcome=Outcome.DONE, by=Actor.system())
    assert mails_at(monkeypatch, unknown, 5) == []
    assert alarms_of_staff() == []
    unknown.refresh_from_db()
    assert not unknown.is_late_to_hand_on(at=unknown.opened_at + timedelta(days=5))


def test_mails_about_cases_say_nothing_of_what_was_asked(talked: House) -> None:
    with scope(talked.id):
        made = open_case(
            "erasure", "contact", contact_named("Mei Ling").pk, "app", by=Actor.system(), words="CNRYWORDS"
        )
        assert isinstance(made.case, Case)
        tell_owners_of_case(made.case)
    sent = mail.outbox[-1].message().as_string()
    assert "CNRYWORDS" not in sent
    assert "Mei" not in sent
    assert "/privacy/cases/" in sent
