"""When a number needs somebody, owners and admins get a mail: soon, once a day at most, unless they do not want it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction

from tests import bodies
from tests.cast import House
from tests.deliver import deliver
from troth.accounts.mail_choices import choose
from troth.accounts.models import QueuedMail
from troth.base.clock import now
from troth.channels.mails import TROUBLE, tell_of_trouble
from troth.channels.models import DueAlert
from troth.workspaces.scope import scope


@pytest.fixture(autouse=True)
def our_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "troth.accounts.mail.QueuedBackend"


def say(house: House, event: str, *, at: int = 1_780_000_000) -> None:
    body = bodies.envelope({"event": event}, account=house.account_id, field="account_update")
    body["entry"][0]["time"] = at
    deliver(house, body)


def mailed() -> list[str]:
    return [bytes(mail.message).replace(b"=\n", b"").decode() for mail in QueuedMail.objects.order_by("id")]


@pytest.mark.clause("B2.2")
def test_whoever_can_mend_it_is_told_without_the_number(house: House) -> None:
    say(house, "ACCOUNT_VIOLATION")
    (mail,) = mailed()
    assert f"To: {house.users['Alice'].email}" in mail
    assert f"/w/{house.handle}/channels/" in mail
    assert "1234" not in mail.partition("--")[0]


def test_good_news_are_not_mailed(house: House) -> None:
    say(house, "ACCOUNT_RECONNECTED")
    assert mailed() == []


def test_trouble_that_comes_and_goes_is_told_once_a_day(house: House) -> None:
    say(house, "ACCOUNT_VIOLATION")
    say(house, "ACCOUNT_RECONNECTED", at=1_780_000_100)
    say(house, "ACCOUNT_VIOLATION", at=1_780_000_200)
    assert len(mailed()) == 1
    with time_machine.travel(now() + timedelta(hours=25)):
        say(house, "ACCOUNT_RECONNECTED", at=1_780_000_300)
        say(house, "ACCOUNT_VIOLATION", at=1_780_000_400)
    assert len(mailed()) == 2


@pytest.mark.clause("B2.2")
def test_whoever_switched_it_off_is_not_told(house: House) -> None:
    choose(house.users["Alice"], TROUBLE, on=False, at=now())
    say(house, "ACCOUNT_VIOLATION")
    assert mailed() == []


def test_the_same_trouble_told_twice_is_one(house: House) -> None:
    say(house, "ACCOUNT_VIOLATION")
    say(house, "ACCOUNT_VIOLATION")
    assert len(mailed()) == 1


def test_a_mail_that_cannot_be_queued_takes_nothing_with_it(house: House) -> None:
    """It is in the transaction of what it tells: both or neither."""
    with pytest.raises(RuntimeError):
        _tell_and_break(house)
    assert mailed() == []
    with scope(house.id):
        tell_of_trouble(house.channel, "ACCOUNT_VIOLATION")
    assert len(mailed()) == 1


def _tell_and_break(house: House) -> None:
    with transaction.atomic(), scope(house.id):
        tell_of_trouble(house.channel, "ACCOUNT_VIOLATION")
        raise RuntimeError


def test_a_further_restriction_is_told_although_the_account_is_restricted_already(house: House) -> None:
    for at, word in enumerate(("RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_UTILITY_TEMPLATES")):
        info = [{"restriction_type": word, "expiration": 1_790_000_000}]
        value = {"event": "ACCOUNT_RESTRICTION", "restriction_info": info}
        body = bodies.envelope(value, account=house.account_id, field="account_update")
        body["entry"][0]["time"] = 1_780_000_000 + at
        deliver(house, body)
    assert len(mailed()) == 2


def test_the_end_of_trouble_is_told(house: House) -> None:
    say(house, "ACCOUNT_VIOLATION")
    say(house, "ACCOUNT_RECONNECTED", at=1_780_000_100)
    with scope(house.id):
        assert list(DueAlert.objects.values_list("about", flat=True)) == ["over"]
