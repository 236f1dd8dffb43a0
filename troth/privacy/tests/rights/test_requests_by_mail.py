"""A mail to the privacy address opens a case and is answered; it never does more, since anybody can write it."""

import hashlib
import hmac
import re
import time
from email.message import EmailMessage
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from django.test import Client

from tests.cast import House
from troth.audit.record import Actor
from troth.base.clock import now
from troth.contacts.models import Contact
from troth.inbox.tests.arriving import said, told
from troth.privacy.models import Case, OperatorCase
from troth.privacy.rights import mailbox
from troth.privacy.rights.forwarding import CannotForward, forward, log_call
from troth.privacy.rights.kinds import Kind, Proof, Route, SubjectKind
from troth.privacy.tests.rights.test_requests_in_whatsapp import run_jobs
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X41")]
SECRET = "between the relay and us"


@pytest.fixture(autouse=True)
def address(settings: Any) -> None:
    settings.PRIVACY_MAIL = "privacy@troth.test"
    settings.PRIVACY_MAIL_SECRET = SECRET


def written(text: str = "Delete my data", **heads: str) -> bytes:
    """Return a mail as it comes."""
    message = EmailMessage()
    heads = {
        "From": "Mei <mei@example.org>",
        "To": "privacy@troth.test",
        "Subject": "Hello",
        "Message_ID": "<1@x>",
    } | heads
    for name, value in heads.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def posted(client: Client, body: bytes, *, secret: str = SECRET, at: float | None = None) -> int:
    stamp = str(int(at if at is not None else time.time()))
    mark = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    heads = {"X-Timestamp": stamp, "X-Signature": f"sha256={mark}"}
    return client.post("/mail/privacy/", body, content_type="message/rfc822", headers=heads).status_code


@pytest.mark.clause("B7.5", "A4.2a")
def test_a_mail_opens_a_case_and_is_answered_with_a_link_that_opens(client: Client) -> None:
    assert posted(client, written()) == 204
    case = OperatorCase.objects.get()
    assert (case.kind, case.route, case.subject_kind, case.proof) == (
        Kind.ERASURE, Route.MAIL, SubjectKind.UNKNOWN, Proof.NONE,
    )  # fmt: skip
    assert case.acknowledged_at is not None
    assert case.forward_by is not None
    answer = next(one for one in mail.outbox if one.to == ["mei@example.org"])
    assert answer.extra_headers["Auto-Submitted"] == "auto-replied"
    link = re.search(r"/case/[\w-]{43}/", str(answer.body))
    assert link is not None
    assert client.get(link.group()).status_code == 200


@pytest.mark.clause("B7.5")
def test_the_same_mail_twice_is_one_case_and_one_answer(client: Client) -> None:
    assert [posted(client, written()), posted(client, written())] == [204, 204]
    assert OperatorCase.objects.count() == 1
    assert len([one for one in mail.outbox if one.to == ["mei@example.org"]]) == 1


@pytest.mark.clause("B7.5")
def test_a_mail_servers_pipe_does_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import io  # noqa: PLC0415

    class Pipe:
        buffer = io.BytesIO(written())

    monkeypatch.setattr("sys.stdin", Pipe)
    call_command("privacy_mail", stdout=io.StringIO())
    assert OperatorCase.objects.count() == 1


def test_who_may_not_post_opens_nothing(client: Client, settings: Any) -> None:
    assert posted(client, written(), secret="another") == 401
    assert posted(client, written(), at=time.time() - 600) == 401
    assert posted(client, written(), at=time.time() + 600) == 401
    assert client.post("/mail/privacy/", written(), content_type="message/rfc822").status_code == 401
    settings.PRIVACY_MAIL_SECRET = ""
    assert posted(client, written(), secret="") == 401
    assert not OperatorCase.objects.exists()


@pytest.mark.parametrize("body", [b"", b"\0\0\0", b"From: \xff\xfe\n\nx", b"From: nobody\n\nx", b"x" * 300])
def test_what_is_no_mail_is_refused_and_harmless(client: Client, body: bytes) -> None:
    assert posted(client, body) == 422
    assert not OperatorCase.objects.exists()


@pytest.mark.parametrize(
    "heads",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<l.example>"},
        {"From": "MAILER-DAEMON@example.org"},
    ],
)
def test_machines_are_not_answered(client: Client, heads: dict[str, str]) -> None:
    assert posted(client, written(**heads)) == 204
    assert [one for one in mail.outbox if "privacy@troth.test" not in one.to] == []


def test_nobodys_mailbox_is_flooded_through_us(client: Client) -> None:
    for number in range(6):
        posted(client, written(Message_ID=f"<{number}@x>"))
    assert len([one for one in mail.outbox if one.to == ["mei@example.org"]]) == mailbox.ANSWERS_A_DAY_MAX


@pytest.mark.clause("B7.5")
def test_a_mail_alone_erases_nothing_and_its_word_in_whatsapp_shows_who_it_was(house: House, client: Client) -> None:
    told(house, said(house, "Hi", id="wamid.1", at=int(time.time()) - 60, name="Mei Ling"))
    posted(client, written(To=f"privacy+{house.handle}@troth.test"))
    with scope(house.id):
        case = Case.objects.get()
        assert (case.subject_id, case.proof) == (None, Proof.NONE)
        assert Contact.objects.count() == 1
    assert not OperatorCase.objects.exists()
    answer = next(one for one in mail.outbox if one.to == ["mei@example.org"])
    word = re.search(r"[A-Z]{4}-\d{4}", str(answer.body))
    assert word is not None
    told(house, said(house, f" {word.group().lower()} ", id="wamid.2", at=int(time.time()) - 5))
    run_jobs()
    with scope(house.id):
        case.refresh_from_db()
        assert (case.subject_id, case.proof) == (Contact.objects.get().pk, Proof.CONVERSATION)


def test_the_word_of_one_workspace_opens_nothing_in_another(house: House, other: House, client: Client) -> None:
    posted(client, written(To=f"privacy+{house.handle}@troth.test"))
    word = re.search(r"[A-Z]{4}-\d{4}", str(mail.outbox[-1].body))
    assert word is not None
    told(other, said(other, word.group(), id="wamid.2", at=int(time.time()) - 5))
    run_jobs()
    with scope(house.id):
        assert Case.objects.get().proof == Proof.NONE


@pytest.mark.clause("A4.2a")
def test_a_mail_in_a_members_name_waits_until_the_member_signs_in_and_says_so(house: House, client: Client) -> None:
    alice = house.users["Alice"]
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    posted(client, written(From=alice.email))
    case = OperatorCase.objects.get()
    assert (case.subject_kind, case.subject_id, case.proof) == (SubjectKind.MEMBER, alice.pk, Proof.NONE)
    client.force_login(house.users["Bob"])
    assert client.post(f"/account/rights/requests/{case.pk}/confirmation/", {"mine": "yes"}).status_code == 404
    client.force_login(alice)
    assert "Was it you?" in client.get("/account/rights/").content.decode()
    client.post(f"/account/rights/requests/{case.pk}/confirmation/", {"mine": "no"})
    case.refresh_from_db()
    assert case.outcome == "unproven"


@pytest.mark.clause("A4.2a")
def test_a_request_is_handed_on_with_its_clock_and_its_link(house: House, client: Client) -> None:
    posted(client, written())
    link = re.search(r"/case/[\w-]{43}/", str(mail.outbox[-1].body))
    assert link is not None
    own = OperatorCase.objects.get()
    handed = forward(own.pk, to=house.id, by=Actor.system())
    assert (handed.opened_at, handed.due_at) == (own.opened_at, own.due_at)
    assert client.get(link.group()).status_code == 200
    assert any(one.to == ["alice@example.test"] for one in mail.outbox)
    with pytest.raises(CannotForward):
        forward(own.pk, to=house.id, by=Actor.system())


@pytest.mark.clause("A6.1", "A4.2a")
def test_a_phone_call_becomes_a_case_with_a_link_for_whoever_called(house: House, client: Client) -> None:
    token = log_call("erasure", "Wants to be deleted", by=Actor.system(), language="ms", workspace_id=house.id)
    assert "Memadamkan data" in client.get(f"/case/{token}/").content.decode()
    with scope(house.id):
        case = Case.objects.get()
        assert (case.route, case.words, case.proof) == (Route.PHONE, "Wants to be deleted", Proof.NONE)
        assert case.acknowledged_at is not None
    assert case.due_at > now()
