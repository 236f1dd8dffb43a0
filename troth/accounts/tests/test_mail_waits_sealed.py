"""A mail waits sealed, is delivered by a job that knows its id only, and is forgotten afterwards."""

import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, ClassVar

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tests.tls import server_context
from troth.accounts import delivery
from troth.accounts.mail import send
from troth.accounts.mail_types import CODE
from troth.accounts.models import QueuedMail
from troth.base.clock import now

WORDS = "the-words-of-the-mail"


@pytest.fixture
def mail(db: Any, settings: Any, tmp_path: Path) -> QueuedMail:
    settings.HOME = tmp_path
    send(CODE, to="dora@people.example", subject="The subject", text=WORDS)
    return QueuedMail.objects.get()


@pytest.fixture
def untrusted(tmp_path: Path) -> ssl.SSLContext:
    """Return a certificate for this machine that nobody vouches for."""
    return server_context(tmp_path, "127.0.0.1")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    tried: list[str] = []

    def refuse(message: Any, *, name: str) -> None:
        tried.append(name)
        raise ConnectionRefusedError

    monkeypatch.setattr(delivery, "send", refuse)
    return tried


def jobs() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs WHERE task_name = 'mail.deliver' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_the_row_is_sealed_and_the_job_holds_the_id_alone(mail: QueuedMail) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT message FROM accounts_queuedmail")
        (stored,) = cursor.fetchone()
    assert WORDS.encode() not in bytes(stored)
    assert b"dora" not in bytes(stored)
    assert jobs() == [f'{{"mail_id": "{mail.pk}"}}']


def test_in_development_it_lands_in_a_folder_that_only_its_owner_enters(mail: QueuedMail, tmp_path: Path) -> None:
    delivery.deliver(str(mail.pk))
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert WORDS in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert file.parent.stat().st_mode & 0o077 == 0


def test_what_is_delivered_is_forgotten(mail: QueuedMail) -> None:
    delivery.deliver(str(mail.pk))
    mail.refresh_from_db()
    assert mail.message is None
    assert mail.delivered_at is not None


def test_a_job_that_runs_twice_delivers_once(mail: QueuedMail, tmp_path: Path) -> None:
    delivery.deliver(str(mail.pk))
    (tmp_path / "mail" / f"{mail.pk}.eml").unlink()
    delivery.deliver(str(mail.pk))
    assert not list((tmp_path / "mail").glob("*.eml"))


def test_while_one_delivers_another_does_not(mail: QueuedMail, failing: list[str]) -> None:
    QueuedMail.objects.update(try_after=now() + delivery.CLAIM_LASTS)
    delivery.deliver(str(mail.pk))
    assert failing == []


def test_a_failure_is_tried_again_later_and_keeps_the_mail(mail: QueuedMail, failing: list[str]) -> None:
    delivery.deliver(str(mail.pk))
    delivery.deliver(str(mail.pk))
    assert len(failing) == 1
    with time_machine.travel(now() + timedelta(seconds=delivery.PAUSES_S[0] + 1)):
        delivery.deliver(str(mail.pk))
    assert len(failing) == 2
    mail.refresh_from_db()
    assert mail.message is not None
    assert len(jobs()) == 3


def test_after_the_last_try_the_mail_is_given_up_and_forgotten(mail: QueuedMail, failing: list[str]) -> None:
    at = now()
    for _ in range(len(delivery.PAUSES_S) + 1):
        with time_machine.travel(at):
            delivery.deliver(str(mail.pk))
        at += timedelta(days=2)
    mail.refresh_from_db()
    assert len(failing) == len(delivery.PAUSES_S) + 1
    assert mail.message is None
    assert mail.given_up_at is not None


def test_a_mail_whose_job_was_lost_is_asked_for_again(mail: QueuedMail) -> None:
    assert delivery.deliver_waiting() == 0
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert delivery.deliver_waiting() == 1
    assert len(jobs()) == 2


def test_the_database_keeps_no_words_of_a_mail_that_is_done(mail: QueuedMail) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        QueuedMail.objects.update(delivered_at=now())


def test_without_a_mail_server_production_keeps_the_mail(mail: QueuedMail, settings: Any) -> None:
    settings.DEVELOPMENT = False
    delivery.deliver(str(mail.pk))
    mail.refresh_from_db()
    assert mail.message is not None
    assert mail.tries == 1


def test_the_outbox_page_shows_it_to_this_machine_only(mail: QueuedMail, settings: Any) -> None:
    delivery.deliver(str(mail.pk))
    assert WORDS in Client().get("/dev/mail/").content.decode()
    assert Client(REMOTE_ADDR="203.0.113.9").get("/dev/mail/").status_code == 404
    assert Client().get("/dev/mail/", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    settings.DEVELOPMENT = False
    assert Client().get("/dev/mail/").status_code == 404


class MailServer(socketserver.StreamRequestHandler):
    """Just enough SMTP to take one mail."""

    taken: ClassVar[list[bytes]]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                self.taken.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            if line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


@contextmanager
def serving(handler: type[MailServer], *, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Let a mail server run, and give its port."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that hangs up is part of the test
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def mail_server() -> Iterator[tuple[int, list[bytes]]]:
    class Handler(MailServer):
        taken: ClassVar[list[bytes]] = []

    with serving(Handler) as port:
        yield port, Handler.taken


def test_a_mail_server_gets_the_mail(mail: QueuedMail, settings: Any, mail_server: tuple[int, list[bytes]]) -> None:
    port, taken = mail_server
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
    delivery.deliver(str(mail.pk))
    assert WORDS.encode() in taken[0]
    mail.refresh_from_db()
    assert mail.delivered_at is not None


class Refusing(MailServer):
    """A mail server that does not know the reader."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            if line.upper().startswith(b"QUIT"):
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"550 no such user\r\n" if line.upper().startswith(b"RCPT") else b"250 ok\r\n")


def test_a_reader_whom_the_mail_server_does_not_know_is_given_up_at_once(mail: QueuedMail, settings: Any) -> None:
    with serving(Refusing) as port:
        settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
        delivery.deliver(str(mail.pk))
    mail.refresh_from_db()
    assert mail.given_up_at is not None


@pytest.mark.clause("B5.1")
def test_a_mail_server_that_cannot_prove_its_name_gets_nothing(
    mail: QueuedMail, settings: Any, untrusted: ssl.SSLContext
) -> None:
    class Handler(MailServer):
        taken: ClassVar[list[bytes]] = []

    message = message_from_bytes(bytes(mail.message), policy=policy.default)
    assert isinstance(message, EmailMessage)
    with serving(Handler, tls=untrusted) as port:
        settings.SMTP_URL = f"smtps://127.0.0.1:{port}"
        with pytest.raises(ssl.SSLCertVerificationError):
            delivery.send(message, name="a mail")
    assert Handler.taken == []


@pytest.mark.clause("B5.1")
def test_a_mail_server_elsewhere_without_encryption_gets_nothing(
    mail: QueuedMail, settings: Any, mail_server: tuple[int, list[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, taken = mail_server
    monkeypatch.setattr(delivery, "_is_here", lambda host: False)
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}"
    delivery.deliver(str(mail.pk))
    mail.refresh_from_db()
    assert taken == []
    assert mail.message is not None
