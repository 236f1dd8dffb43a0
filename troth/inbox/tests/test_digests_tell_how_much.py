"""A digest says how much is new since the last one, to who switched it on, of what they may see, and nothing twice."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import translation

from tests.cast import House, kopi, rival
from troth.accounts.mail_choices import choose
from troth.accounts.models import QueuedMail
from troth.base.clock import now
from troth.base.mails import MailType
from troth.channels.models import Channel
from troth.inbox.acts import assign, close
from troth.inbox.digests import ASSIGNED, UNASSIGNED, send_digests
from troth.inbox.models import Conversation
from troth.inbox.tests.arriving import said, told
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def our_mail(settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "troth.accounts.mail.QueuedBackend"


@pytest.fixture
def house(db: Any) -> House:
    return kopi()


def wants(house: House, who: str, kind: MailType) -> None:
    choose(house.users[who], kind, on=True, at=now() - HOUR)


def writes(house: House, phone: str) -> None:
    told(house, said(house, "Hello", id=f"wamid.{phone}", at=int(now().timestamp()), name="Mei", phone=phone))


def give(house: House, *, to: str, by: str = "Alice") -> None:
    """Give every conversation to somebody."""
    with scope(house.id):
        for thread in Conversation.objects.all():
            assign(
                thread, to=Membership.objects.get(id=house.members[to]), by=Membership.objects.get(id=house.members[by])
            )


def digests() -> list[str]:
    """Send what is new a little later, and return the mails that were made."""
    before = set(QueuedMail.objects.values_list("id", flat=True))
    with time_machine.travel(now() + timedelta(minutes=1)):
        send_digests()
    made = QueuedMail.objects.exclude(id__in=before)
    return [bytes(mail.message).replace(b"=\n", b"").decode() for mail in made]


def test_nobody_who_did_not_ask_gets_one(house: House) -> None:
    writes(house, "60123456701")
    give(house, to="Bob")
    assert digests() == []


@pytest.mark.clause("B2.2")
def test_it_says_how_many_and_where_and_no_more(house: House) -> None:
    wants(house, "Bob", ASSIGNED)
    writes(house, "60123456701")
    writes(house, "60123456702")
    give(house, to="Bob")
    (mail,) = digests()
    assert "2 conversations were given to you" in mail
    assert "Kopi & Co: 2" in mail
    assert f"/w/{house.handle}/inbox/" in mail
    assert "Mei" not in mail
    assert "Alice" not in mail


def test_what_was_told_is_not_told_again(house: House) -> None:
    wants(house, "Bob", ASSIGNED)
    writes(house, "60123456701")
    give(house, to="Bob")
    assert len(digests()) == 1
    with time_machine.travel(now() + HOUR):
        assert digests() == []


def test_two_workers_at_once_send_one(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from troth.inbox import digests as module  # noqa: PLC0415

    wants(house, "Bob", ASSIGNED)
    writes(house, "60123456701")
    give(house, to="Bob")
    real: Callable[..., Any] = module._lines

    def slowly(*facts: Any, **more: Any) -> Any:
        monkeypatch.setattr(module, "_lines", real)
        module.send_digests()  # the other worker is quicker
        return real(*facts, **more)

    monkeypatch.setattr(module, "_lines", slowly)
    assert len(digests()) == 1


@pytest.mark.parametrize("undone", ["closed", "given away", "taken by oneself"])
def test_what_is_settled_by_then_is_not_told(house: House, undone: str) -> None:
    wants(house, "Bob", ASSIGNED)
    writes(house, "60123456701")
    give(house, to="Bob", by="Bob" if undone == "taken by oneself" else "Alice")
    with scope(house.id):
        thread = Conversation.objects.get()
        if undone == "closed":
            close(thread, by=Membership.objects.get(id=house.members["Bob"]))
    if undone == "given away":
        give(house, to="Alice")
    assert digests() == []


def test_what_nobody_has_taken_is_told_until_somebody_does(house: House) -> None:
    wants(house, "Bob", UNASSIGNED)
    writes(house, "60123456701")
    (mail,) = digests()
    assert "1 conversation waits" in mail
    writes(house, "60123456702")
    give(house, to="Alice")
    with time_machine.travel(now() + timedelta(minutes=2)):
        assert digests() == []


def test_a_channel_that_one_may_not_see_is_not_counted(house: House) -> None:
    wants(house, "Bob", UNASSIGNED)
    wants(house, "Alice", UNASSIGNED)
    with scope(house.id):
        Channel.objects.update(open_to_all=False)
    writes(house, "60123456701")
    (mail,) = digests()
    assert f"To: {house.users['Alice'].email}" in mail


@pytest.mark.clause("X25")
def test_whoever_left_is_told_nothing(house: House) -> None:
    wants(house, "Bob", UNASSIGNED)
    with scope(house.id):
        Membership.objects.filter(id=house.members["Bob"]).update(removed_at=now())
    writes(house, "60123456701")
    assert digests() == []


def test_two_workspaces_are_two_lines_of_one_mail(house: House) -> None:
    other = rival()
    with scope(other.id):
        Membership.objects.create(user=house.users["Bob"], role="agent")
    wants(house, "Bob", UNASSIGNED)
    writes(house, "60123456701")
    writes(other, "60123456702")
    (mail,) = digests()
    assert "Kopi & Co: 1" in mail
    assert "Rival Ltd: 1" in mail
    assert "2 conversations wait" in mail


def test_news_from_before_one_switched_it_on_are_not_told(house: House) -> None:
    writes(house, "60123456701")
    with time_machine.travel(now() + timedelta(minutes=1)):
        choose(house.users["Bob"], UNASSIGNED, on=True, at=now())
    with time_machine.travel(now() + timedelta(minutes=2)):
        assert digests() == []


def test_it_is_written_in_the_readers_language(house: House) -> None:
    """There is no catalogue yet; what is shown is that the reader's language is the one that is asked for."""
    bob = house.users["Bob"]
    bob.language = "ar"
    bob.save(update_fields=["language"])
    wants(house, "Bob", UNASSIGNED)
    writes(house, "60123456701")
    spoken: list[str] = []

    def heard(*facts: Any, **more: Any) -> str:
        spoken.append(translation.get_language() or "")
        return render_to_string(*facts, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("troth.accounts.mail.render_to_string", heard)
        assert len(digests()) == 1
    assert spoken == ["ar"]
