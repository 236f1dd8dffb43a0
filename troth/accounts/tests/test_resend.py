"""Mail by Resend: what it is told, and what its answers mean. A double on loopback answers as Resend does."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
import time_machine
from anymail.backends.resend import ResendPayload

from tests.house.canaries import canary
from troth.accounts import delivery, resend
from troth.accounts.mail import notify
from troth.accounts.mail_choices import choose
from troth.accounts.models import QueuedMail, User
from troth.accounts.tests.conftest import person
from troth.base.clock import now
from troth.base.http.blocking import close_sync
from troth.base.mails import MailType, declare_mail, forget_mail

KEY = "re_the_key_of_the_installation"
FIELDS = {"from", "to", "subject", "text", "headers"}


@dataclass
class Double:
    """Resend as far as we need it: it takes each mail once, and can be told how to answer."""

    port: int = 0
    asked: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answer(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        self.asked.append((path, headers, body))
        if headers.get("authorization") != f"Bearer {KEY}":
            return 401, {}, {"name": "missing_api_key", "message": "Missing API Key"}
        if self.answers:
            status, more = self.answers.pop(0)
            return status, more, {"statusCode": status, "name": "said_so", "message": "As the test wishes"}
        if path != "/emails" or not body.get("to"):
            return 422, {}, {"name": "validation_error", "message": "Missing `to` field."}
        self.taken.setdefault(headers["idempotency-key"], body)
        return 200, {}, {"id": "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}


@contextmanager
def running_double() -> Iterator[Double]:
    double = Double()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", "0"))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more, said = double.answer(self.path, headers, json.loads(self.rfile.read(size)))
            body = json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        double.port = server.server_address[1]
        yield double
        server.shutdown()
        thread.join()
    close_sync()


@pytest.fixture
def double(settings: Any) -> Iterator[Double]:
    with running_double() as one:
        settings.RESEND_API_KEY = KEY
        settings.RESEND_URL = f"http://127.0.0.1:{one.port}/"
        settings.RESEND_TRUSTED = (("127.0.0.1", one.port),)
        yield one


@pytest.fixture
def mail(db: Any) -> Iterator[QueuedMail]:
    kind = MailType("test.news", label="News of a test", words="Comes in a test.", choosable=True)
    declare_mail(kind)
    dora = person("Dora")
    choose(dora, kind, on=True, at=now())
    assert notify(kind, dora, template="mail/notice.txt", words={})
    yield QueuedMail.objects.get()
    forget_mail(kind)


def deliver(mail: QueuedMail) -> QueuedMail:
    delivery.deliver(str(mail.pk))
    mail.refresh_from_db()
    return mail


@pytest.mark.clause("B6.2")
def test_resend_is_told_the_mail_and_nothing_else(mail: QueuedMail, double: Double) -> None:
    assert deliver(mail).delivered_at is not None
    ((path, headers, body),) = double.asked
    assert path == "/emails"
    assert set(body) == FIELDS
    assert body["to"] == ["dora@people.example"]
    assert "News of a test" in body["text"]
    assert set(body["headers"]) == set(resend.HEADERS)
    assert headers["idempotency-key"] == str(mail.pk)
    assert set(headers) <= {
        "authorization", "content-type", "accept", "idempotency-key", "host", "content-length", "accept-encoding",
        "user-agent",
    }  # fmt: skip


@pytest.mark.clause("B6.2")
def test_a_mail_that_would_tell_more_is_not_sent(
    mail: QueuedMail, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    payload = ResendPayload

    def telling(*args: Any, **options: Any) -> Any:
        made = payload(*args, **options)
        made.data["tags"] = [{"name": "person", "value": canary()}]
        return made

    monkeypatch.setattr(resend, "ResendPayload", telling)
    assert deliver(mail).given_up_at is not None
    assert double.asked == []


def test_a_mail_that_resend_will_never_take_is_given_up_at_once(mail: QueuedMail, double: Double) -> None:
    double.answers.append((422, {}))
    assert deliver(mail).given_up_at is not None
    assert mail.message is None


@pytest.mark.parametrize("status", [401, 403, 500, 502, 503])
def test_a_failure_of_the_moment_is_tried_again_and_arrives_once(mail: QueuedMail, double: Double, status: int) -> None:
    double.answers.append((status, {}))
    assert deliver(mail).message is not None
    with time_machine.travel(now() + timedelta(seconds=delivery.PAUSES_S[0] + 1)):
        assert deliver(mail).delivered_at is not None
    assert list(double.taken) == [str(mail.pk)]
    assert len(double.asked) == 2


def test_when_resend_says_how_long_to_wait_we_wait(mail: QueuedMail, double: Double) -> None:
    double.answers.append((429, {"Retry-After": "900"}))
    deliver(mail)
    assert mail.try_after > now() + timedelta(seconds=890)


@pytest.mark.parametrize("said", ["soon", "-1", "99999999999", ""])
def test_nonsense_about_waiting_is_not_believed(mail: QueuedMail, double: Double, said: str) -> None:
    double.answers.append((429, {"Retry-After": said}))
    deliver(mail)
    assert now() < mail.try_after < now() + timedelta(seconds=delivery.PAUSES_S[0] + 1)


def test_a_wrong_key_loses_no_mail(mail: QueuedMail, double: Double, settings: Any) -> None:
    settings.RESEND_API_KEY = "re_another"
    assert deliver(mail).message is not None


def test_without_a_connection_the_mail_waits(mail: QueuedMail, settings: Any) -> None:
    settings.RESEND_API_KEY = KEY
    settings.RESEND_URL = "http://127.0.0.1:9/"
    settings.RESEND_TRUSTED = (("127.0.0.1", 9),)
    assert deliver(mail).message is not None


@pytest.mark.clause("B5.1")
def test_the_call_leaves_through_our_own_client_only(mail: QueuedMail, settings: Any) -> None:
    session = resend.Backend(name="a mail").create_session()
    assert {type(one) for one in session.adapters.values()} == {resend.OurClient}
    assert not session.trust_env
    # Loopback is refused by our client unless a test vouches for it: proof that the call came to it.
    settings.RESEND_URL = "https://127.0.0.1/"
    with pytest.raises(requests.ConnectionError, match="cannot be used"):
        session.post("https://127.0.0.1/emails", data=b"{}")


@pytest.mark.clause("B6.2")
def test_mail_goes_to_resend_and_no_other_host(settings: Any) -> None:
    assert settings.RESEND_URL == "https://api.resend.com/"
    assert settings.RESEND_TRUSTED == ()
    with pytest.raises(requests.ConnectionError, match="cannot be used"):
        resend.Backend(name="a mail").create_session().post("https://elsewhere.example/emails", data=b"{}")


@pytest.mark.parametrize(
    ("chosen", "key", "smtp", "way"),
    [
        ("", "", "", "folder"),
        ("", "re_x", "", "resend"),
        ("", "", "smtp://x", "smtp"),
        ("smtp", "re_x", "smtp://x", "smtp"),
        ("folder", "re_x", "", "folder"),
    ],
)
def test_how_mail_leaves_is_said_or_follows(settings: Any, chosen: str, key: str, smtp: str, way: str) -> None:
    settings.MAIL, settings.RESEND_API_KEY, settings.SMTP_URL = chosen, key, smtp
    assert delivery.way_of_mail() == way


def test_the_words_of_a_code_come_through_as_they_are(db: Any, double: Double, alice: User) -> None:
    from django.test import Client  # noqa: PLC0415

    User.objects.filter(pk=alice.pk).update(name="Ålice “Ng” 李")
    Client().post("/account/password/reset/", {"email": alice.email})
    deliver(QueuedMail.objects.get())
    assert "With this code you can choose a new password" in double.asked[0][2]["text"]


@pytest.mark.clause("B6.2")
def test_mail_goes_to_the_host_of_resend_and_to_no_other_that_we_may_call(double: Double, settings: Any) -> None:
    """The library builds the address. Whatever it makes of it, only the host in the settings is called."""
    settings.RESEND_URL = "https://api.resend.example/"
    request = requests.Request("POST", f"http://127.0.0.1:{double.port}/emails", data=b"{}").prepare()
    with pytest.raises(requests.ConnectionError):
        resend.OurClient().send(request)
    assert double.asked == []
    settings.RESEND_URL = f"http://127.0.0.1:{double.port}/"
    assert resend.OurClient().send(request).status_code == 401, "the control: with its own host it is called"
