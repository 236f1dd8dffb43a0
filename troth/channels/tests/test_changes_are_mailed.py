"""What Meta changes is told to owners and admins by mail: collected, once, in sentences that name nobody."""

from typing import Any

import pytest

from tests import bodies
from tests.cast import House
from tests.deliver import deliver
from troth.accounts.mail_choices import choose
from troth.accounts.models import QueuedMail
from troth.base.clock import now
from troth.channels import alerts
from troth.channels.mails import CHANGED, tell_of_trouble
from troth.channels.models import About, DueAlert, MessageTemplate
from troth.workspaces.scope import scope


@pytest.fixture(autouse=True)
def our_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "troth.accounts.mail.QueuedBackend"


def due(house: House) -> set[str]:
    with scope(house.id):
        return set(DueAlert.objects.values_list("about", flat=True))


def mailed(house: House) -> list[str]:
    """Let the worker mail what is due, and return what it queued."""
    QueuedMail.objects.all().delete()
    alerts.tell_changes(str(house.id))
    return [bytes(mail.message).replace(b"=\n", b"").decode() for mail in QueuedMail.objects.order_by("id")]


def said(house: House, field: str, value: dict[str, Any]) -> None:
    deliver(house, bodies.envelope(value, account=house.account_id, field=field))


def template_said(house: House, event: str, *, reason: str = "NONE") -> None:
    value = {"event": event, "message_template_id": 7, "message_template_name": "order_here", "reason": reason}
    said(house, "message_template_status_update", {**value, "message_template_language": "en"})


@pytest.mark.parametrize(
    ("field", "value", "about"),
    [
        ("phone_number_quality_update", {"event": "UNFLAGGED", "current_limit": "TIER_1K"}, About.QUALITY),
        ("phone_number_quality_update", {"event": "UPGRADE", "current_limit": "TIER_10K"}, About.LIMIT),
        ("phone_number_quality_update", {"event": "THROUGHPUT_UPGRADE"}, About.SPEED),
        ("phone_number_name_update", {"decision": "REJECTED"}, About.NAME),
        ("account_alerts", {"alert_info": {"alert_type": "OBA_APPROVED", "alert_severity": "INFO"}}, About.NOTICE),
        ("account_review_update", {"decision": "REJECTED"}, About.REVIEW),
        ("security", {"event": "PIN_RESET_REQUEST", "requester": "1"}, About.PIN),
    ],
)
def test_each_kind_of_news_becomes_an_alert(house: House, field: str, value: dict[str, Any], about: About) -> None:
    said(house, field, {"display_phone_number": "60312345678", **value})
    assert due(house) == {about.value}
    (mail,) = mailed(house)
    assert str(about.label)[:30] in mail
    assert f"/w/{house.handle}/channels/health/" in mail


@pytest.mark.parametrize(
    ("event", "about"),
    [("REJECTED", {"template"}), ("PAUSED", {"template"}), ("DISABLED", {"template"}), ("APPROVED", set())],
)
def test_what_becomes_of_a_template_is_told(house: House, event: str, about: set[str]) -> None:
    """An approval is news only of one that stood otherwise before."""
    template_said(house, event)
    assert due(house) == about


def test_an_approval_and_a_category_are_told(house: House) -> None:
    template_said(house, "PENDING")
    template_said(house, "APPROVED")
    assert due(house) == {"approved"}
    value = {"message_template_id": 7, "message_template_name": "order_here", "message_template_language": "en"}
    with scope(house.id):
        MessageTemplate.objects.update(category="UTILITY")
    said(house, "template_category_update", {**value, "previous_category": "UTILITY", "new_category": "MARKETING"})
    assert due(house) == {"approved", "category"}


def test_all_that_comes_together_is_one_mail_and_comes_once(house: House) -> None:
    for event in ("REJECTED", "PAUSED"):
        template_said(house, event)
    said(house, "account_review_update", {"decision": "REJECTED"})
    (mail,) = mailed(house)
    assert mail.count("- A template was rejected") == 1
    assert "- An account was reviewed." in mail
    assert mailed(house) == []


def test_what_is_trouble_has_a_mail_of_its_own(house: House) -> None:
    said(house, "phone_number_quality_update", {"display_phone_number": "60312345678", "event": "FLAGGED"})
    assert due(house) == set()
    assert QueuedMail.objects.count() == 1


def test_the_same_news_told_twice_is_no_news(house: House) -> None:
    template_said(house, "REJECTED")
    mailed(house)
    template_said(house, "REJECTED")
    assert due(house) == set()


def test_whoever_switched_it_off_is_not_told(house: House) -> None:
    choose(house.users["Alice"], CHANGED, on=False, at=now())
    template_said(house, "REJECTED")
    assert mailed(house) == []


def test_another_trouble_of_the_same_day_is_told_too(house: House) -> None:
    with scope(house.id):
        for word in ("ACCOUNT_VIOLATION", "ACCOUNT_VIOLATION", "DISABLE"):
            tell_of_trouble(house.channel, word)
    assert QueuedMail.objects.count() == 2
