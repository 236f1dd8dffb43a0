"""Every mail is of a declared type; what a person switched off does not come, and the way out stands in the mail."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.core.mail import EmailMessage, send_mail
from django.test import Client

from troth.accounts import delivery
from troth.accounts.mail import notify, send
from troth.accounts.mail_choices import CannotChoose, choose, is_on, refuse, try_again, wants
from troth.accounts.mail_types import CODE, OF_TEMPLATES, SECURITY
from troth.accounts.models import QueuedMail, User
from troth.accounts.tests.conftest import logged_in, mails, person
from troth.accounts.unsubscribing import unsubscribe_url
from troth.base.clock import now
from troth.base.mails import MailKind, MailType, Undeclared, declare_mail, forget_mail, mail_types

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def news(db: Any) -> Any:
    """A notice for as long as a test lasts."""
    kind = MailType("test.news", label="News of a test", words="Comes in a test.", choosable=True)
    declare_mail(kind)
    yield kind
    forget_mail(kind)


def tell(kind: MailType, user: User) -> bool:
    return notify(kind, user, template="mail/notice.txt", words={})


def path_of(user: User, kind: MailType) -> str:
    return "/mail/off/" + unsubscribe_url(user, kind).partition("/mail/off/")[2]


@pytest.mark.clause("B2.2")
def test_a_mail_that_names_no_type_is_not_sent(db: Any) -> None:
    with pytest.raises(Undeclared):
        send_mail("The subject", "The words", None, ["dora@people.example"])
    with pytest.raises(Undeclared):
        EmailMessage("The subject", "The words", None, ["dora@people.example"]).send()
    assert not QueuedMail.objects.exists()


@pytest.mark.clause("B2.2")
def test_a_mail_of_a_type_that_nobody_declared_is_not_sent(db: Any) -> None:
    unknown = MailType("test.advertising", label="Offers", words="Offers.", choosable=True)
    dora, code = person("Dora"), replace(CODE, key="test.code")
    choose(dora, unknown, on=True, at=now())
    with pytest.raises(Undeclared):
        send(code, to="dora@people.example", subject="A subject", text="Words")
    with pytest.raises(Undeclared):
        tell(unknown, dora)
    assert not QueuedMail.objects.exists()


@pytest.mark.clause("B2.2")
def test_a_mail_of_the_library_that_we_do_not_know_is_not_sent(alice: User) -> None:
    with pytest.raises(Undeclared):
        get_adapter().render_mail("account/email/login_code", alice.email, {})


def test_every_mail_names_its_type_to_the_database(db: Any) -> None:
    Client().post("/account/password/reset/", {"email": "nobody@people.example"})
    assert set(QueuedMail.objects.values_list("kind", flat=True)) == {OF_TEMPLATES["account/email/unknown_account"].key}


@pytest.mark.clause("B2.2")
def test_notices_are_off_until_somebody_wants_them(alice: User, news: MailType) -> None:
    assert not tell(news, alice)
    choose(alice, news, on=True, at=now())
    assert tell(news, alice)
    choose(alice, news, on=False, at=now())
    assert not tell(news, alice)
    assert len(mails()) == 1


@pytest.mark.clause("B2.2")
def test_what_is_switched_off_while_the_mail_waits_does_not_come(
    alice: User, news: MailType, settings: Any, tmp_path: Any
) -> None:
    settings.HOME = tmp_path
    choose(alice, news, on=True, at=now())
    tell(news, alice)
    choose(alice, news, on=False, at=now())
    queued = QueuedMail.objects.get()
    delivery.deliver(str(queued.pk))
    queued.refresh_from_db()
    assert queued.message is None
    assert queued.delivered_at is None
    assert not list(tmp_path.glob("mail/*.eml"))


@pytest.mark.clause("B2.2")
@pytest.mark.parametrize("kind", [CODE, SECURITY], ids=lambda kind: kind.key)
def test_mails_that_keep_an_account_safe_cannot_be_switched_off(alice: User, kind: MailType) -> None:
    with pytest.raises(CannotChoose):
        choose(alice, kind, on=False, at=now())
    client = logged_in(alice)
    assert client.post(f"/account/notifications/{kind.key}/off/").status_code == 404
    assert is_on(alice, kind)
    assert str(kind.why) in client.get("/account/notifications/").content.decode().replace("&#x27;", "'")


def test_every_type_that_cannot_be_chosen_says_why() -> None:
    assert [kind.key for kind in mail_types() if not kind.choosable and not str(kind.why)] == []
    with pytest.raises(ValueError, match="why"):
        MailType("test.x", label="X", words="X", choosable=False, kind=MailKind.SECURITY)


@pytest.mark.clause("B2.2")
def test_there_is_no_mail_that_advertises() -> None:
    assert set(MailKind) == {MailKind.TRANSACTIONAL, MailKind.SECURITY, MailKind.NOTICE}
    words = " ".join(f"{kind.key} {kind.label} {kind.words}" for kind in mail_types())
    assert not re.search(r"\b(newsletter|offers?|marketing|promotion|tips)\b", words, re.IGNORECASE)


@pytest.mark.clause("B2.2", "L3")
def test_the_page_switches_on_and_off_with_the_same_button_and_offers_undo(alice: User, news: MailType) -> None:
    client = logged_in(alice)
    here = "/account/notifications/"
    assert f'hx-post="{here}test.news/on/"' in client.get(here).content.decode()
    answer = client.post(f"{here}test.news/on/", headers={"HX-Request": "true"})
    assert is_on(alice, news)
    assert f'hx-post="{here}test.news/off/"' in answer.content.decode()
    assert f'"undo_url": "{here}test.news/off/"' in answer.headers["HX-Trigger"]
    assert client.post(f"{here}test.news/off/").status_code == 302
    assert not is_on(alice, news)


@pytest.mark.parametrize("address", ["test.nothing/on/", "test.news/maybe/"])
def test_what_there_is_not_cannot_be_chosen(alice: User, news: MailType, address: str) -> None:
    assert logged_in(alice).post(f"/account/notifications/{address}").status_code == 404


def test_the_mail_says_why_it_came_and_how_to_end_it(alice: User, news: MailType) -> None:
    choose(alice, news, on=True, at=now())
    tell(news, alice)
    sent = message_from_bytes(bytes(QueuedMail.objects.get().message), policy=policy.default)
    assert isinstance(sent, Parsed)
    text = sent.get_content()
    assert "News of a test" in text
    assert "/account/notifications/" in text
    address = re.fullmatch(r"<(http://[^>]+/mail/off/[^>]+)>", str(sent["List-Unsubscribe"]).strip())
    assert address is not None
    assert address[1] in text
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_way_out_leaves_as_it_was_written(alice: User, news: MailType, settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path
    choose(alice, news, on=True, at=now())
    tell(news, alice)
    delivery.deliver(str(QueuedMail.objects.get().pk))
    (file,) = tmp_path.glob("mail/*.eml")
    assert f"<{unsubscribe_url(alice, news)}>" in file.read_text()


@pytest.mark.clause("B2.2", "L3")
def test_one_click_ends_it_without_a_log_in_and_without_a_token(alice: User, news: MailType) -> None:
    choose(alice, news, on=True, at=now())
    answer = Client(enforce_csrf_checks=True).post(path_of(alice, news), ONE_CLICK)
    assert answer.status_code == 200
    assert not is_on(alice, news)
    assert "Switched off" in answer.content.decode()


@pytest.mark.clause("B2.2")
def test_a_program_that_looks_at_the_link_ends_nothing(alice: User, news: MailType) -> None:
    choose(alice, news, on=True, at=now())
    page = Client().get(path_of(alice, news)).content.decode()
    assert Client().head(path_of(alice, news)).status_code == 200
    assert is_on(alice, news)
    assert '<form method="post">' in page


def test_an_address_that_was_tampered_with_opens_nothing(alice: User, news: MailType) -> None:
    bob = person("Bob")
    choose(bob, news, on=True, at=now())
    right = path_of(alice, news)
    for wrong in (
        right.replace(alice.pk.hex, bob.pk.hex),
        right.replace("test.news", "account.security"),
        right[:-5] + "AAAA/",
        "/mail/off/nothing/",
    ):
        assert Client().post(wrong, ONE_CLICK).status_code == 404
    assert is_on(bob, news)


def test_a_signed_address_for_a_mail_that_must_come_does_nothing(alice: User) -> None:
    assert Client().post(path_of(alice, SECURITY), ONE_CLICK).status_code == 404


def test_the_address_of_somebody_who_is_gone_says_that_it_is_off(alice: User, news: MailType) -> None:
    path = path_of(alice, news)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert Client().post(path, ONE_CLICK).status_code == 200
    assert not wants(alice, news)


def test_an_address_that_takes_no_mail_gets_no_notices_and_its_person_is_told(alice: User, news: MailType) -> None:
    client = logged_in(alice)
    choose(alice, news, on=True, at=now())
    refuse(alice.email.upper(), why="bounced", at=now())
    alice.refresh_from_db()
    assert not tell(news, alice)
    page = client.get("/account/notifications/").content.decode()
    assert "sends our mails back" in page
    assert "Our mails do not reach you" in page
    client.post("/account/notifications/arrival/")
    alice.refresh_from_db()
    assert tell(news, alice)


def test_codes_are_sent_even_to_an_address_that_took_none(alice: User) -> None:
    refuse(alice.email, why="bounced", at=now())
    Client().post("/account/password/reset/", {"email": alice.email})
    assert len(mails()) == 1


def test_another_address_begins_anew(alice: User) -> None:
    refuse(alice.email, why="complained", at=now())
    alice.refresh_from_db()
    try_again(alice)
    assert alice.mail_refused_at is None
