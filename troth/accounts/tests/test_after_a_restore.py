"""After a restore every browser is signed out and no mail leaves twice."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from troth.accounts import delivery, restored
from troth.accounts.mail import send
from troth.accounts.mail_types import CODE
from troth.accounts.models import QueuedMail, Session, User
from troth.base.keystore import SealedFiles
from troth.base.sealing import configure, store


def test_every_browser_is_signed_out(alice: User, browser: Client) -> None:
    assert browser.get("/account/profile/").status_code == 200
    assert restored.end_all_sessions() >= 1
    assert not Session.objects.exists()
    assert browser.get("/account/profile/").status_code == 302


@pytest.mark.django_db
def test_mail_that_waited_is_given_up_and_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    send(CODE, to="dora@people.example", subject="The subject", text="The words")
    sent: list[Any] = []
    monkeypatch.setattr(delivery, "send", lambda *told, **more: sent.append(told))
    assert restored.give_up_mail() == 1
    mail = QueuedMail.objects.get()
    assert (mail.message, mail.delivered_at) == (None, None)
    assert mail.given_up_at is not None
    delivery.deliver(str(mail.id))
    assert delivery.deliver_waiting() == 0
    assert sent == []


def test_people_whom_the_keys_do_not_open_are_counted(alice: User, tmp_path: Path) -> None:
    assert restored.unreadable_people() == 0
    usual = store()
    configure(SealedFiles(tmp_path / "other keys"))
    try:
        assert restored.unreadable_people() == User.objects.count()
    finally:
        configure(usual)
