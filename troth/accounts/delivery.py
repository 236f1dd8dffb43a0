"""Delivering a queued mail: by Resend, by SMTP, or in development into a folder.

A mail is claimed before it is sent and forgotten afterwards, so a job may run twice. Between the two no transaction is
open. Sending that ends without an answer is tried again: a mail may arrive twice, never not at all.
"""

import logging
import os
import smtplib
import ssl
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from troth.accounts.mail import defer_delivery
from troth.accounts.mail_choices import refuse, wants
from troth.accounts.models import QueuedMail
from troth.accounts.unsent import Busy, Unacceptable
from troth.base.clock import now
from troth.base.mails import mail_type

log = logging.getLogger(__name__)

TIMEOUT_S = 20
CLAIM_LASTS = timedelta(minutes=2)
PAUSES_S = (60, 300, 1800, 7200, 6 * 3600, 24 * 3600)
# Lines of a head leave as they were written: folded anew, a long address to leave by would become unreadable to programs.
AS_WRITTEN = policy.default.clone(refold_source="none")
LOST_AFTER = timedelta(minutes=10)


class NoPost(Exception):
    """No mail server is configured."""


def deliver(mail_id: str) -> None:
    """Deliver one queued mail; on failure, plan the next try. Safe to run twice and at the same time."""
    mail = _claim(UUID(mail_id))
    if mail is None:
        return
    if mail.person is not None and not wants(mail.person, mail_type(mail.kind)):
        _give_up(mail)  # switched off while it waited
        return
    message = message_from_bytes(bytes(mail.message), policy=AS_WRITTEN)
    try:
        send(message, name=mail_id)
    except (OSError, smtplib.SMTPException, NoPost, Unacceptable, Busy) as failure:
        log.warning("mail not delivered", extra={"mail_id": mail_id, "reason": type(failure).__name__})
        if isinstance(failure, smtplib.SMTPRecipientsRefused) and _is_for_good(failure):
            refuse(parseaddr(str(message["To"]))[1], why="bounced", at=now())
            _give_up(mail)
        elif isinstance(failure, Unacceptable):
            _give_up(mail)
        else:
            _plan_next(mail, least_s=failure.after_s if isinstance(failure, Busy) else 0)
    else:
        QueuedMail.objects.filter(pk=mail.pk, given_up_at=None).update(message=None, delivered_at=now())


def deliver_waiting() -> int:
    """Ask again for every mail whose job was lost; return how many."""
    lost = QueuedMail.objects.filter(delivered_at=None, given_up_at=None, try_after__lt=now() - LOST_AFTER)
    ids = list(lost.values_list("id", flat=True)[:500])
    for mail_id in ids:
        defer_delivery(mail_id)
    return len(ids)


def send(message: EmailMessage, *, name: str) -> None:
    """Hand a mail to Resend or to the mail server, or put it into the folder in development.

    Raises: OSError, smtplib.SMTPException, NoPost, Unacceptable, Busy.
    """
    way = way_of_mail()
    if way == "resend":
        from troth.accounts.resend import send_by_resend  # noqa: PLC0415  # 5 MB, where mail goes another way

        send_by_resend(message, name=name)
    elif way == "smtp":
        _send_by_smtp(message, url=settings.SMTP_URL)
    elif way == "folder" and settings.DEVELOPMENT:
        _put_into_folder(message, name=name)
    else:
        raise NoPost


def way_of_mail() -> str:
    """Return how mail leaves: as the operator said, or else by what is configured."""
    if settings.MAIL:
        return str(settings.MAIL)
    return "resend" if settings.RESEND_API_KEY else "smtp" if settings.SMTP_URL else "folder"


def folder() -> Path:
    """Return where mails are put in development."""
    return Path(settings.HOME) / "mail"


def _claim(mail_id: UUID) -> QueuedMail | None:
    with transaction.atomic():
        mail = (
            QueuedMail.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("person")
            .filter(pk=mail_id, delivered_at=None, given_up_at=None, try_after__lte=now())
            .first()
        )
        if mail is not None:
            QueuedMail.objects.filter(pk=mail.pk).update(try_after=now() + CLAIM_LASTS, tries=F("tries") + 1)
            mail.tries += 1
    return mail


def _give_up(mail: QueuedMail) -> None:
    QueuedMail.objects.filter(pk=mail.pk, delivered_at=None).update(message=None, given_up_at=now())


def _is_for_good(refusal: smtplib.SMTPRecipientsRefused) -> bool:
    return all(500 <= code < 600 for code, _ in refusal.recipients.values())


def _plan_next(mail: QueuedMail, *, least_s: int = 0) -> None:
    if mail.tries > len(PAUSES_S):
        _give_up(mail)
        return
    pause_s = max(PAUSES_S[mail.tries - 1], least_s)
    with transaction.atomic():
        waiting = QueuedMail.objects.filter(pk=mail.pk, delivered_at=None)
        waiting.update(try_after=now() + timedelta(seconds=pause_s))
        defer_delivery(mail.pk, delay_s=pause_s + 1)


def _send_by_smtp(message: EmailMessage, *, url: str) -> None:
    address = urlsplit(url)
    context = ssl.create_default_context()
    host = address.hostname or "localhost"
    server: smtplib.SMTP
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, address.port or 465, timeout=TIMEOUT_S, context=context)
    else:
        server = smtplib.SMTP(host, address.port or 587, timeout=TIMEOUT_S)
    with server:
        if address.scheme != "smtps" and not _is_here(host):
            server.starttls(context=context)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)


def _is_here(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def _put_into_folder(message: EmailMessage, *, name: str) -> None:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder() / f".{name}"
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(message.as_bytes())
    draft.replace(folder() / f"{name}.eml")
