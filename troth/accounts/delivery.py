"""Delivering a queued mail: by SMTP, or into a folder where no mail server is configured for development.

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
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from troth.accounts.mail import defer_delivery
from troth.accounts.models import QueuedMail
from troth.base.clock import now

log = logging.getLogger(__name__)

TIMEOUT_S = 20
CLAIM_LASTS = timedelta(minutes=2)
PAUSES_S = (60, 300, 1800, 7200, 6 * 3600, 24 * 3600)
LOST_AFTER = timedelta(minutes=10)


class NoPost(Exception):
    """No mail server is configured."""


def deliver(mail_id: str) -> None:
    """Deliver one queued mail; on failure, plan the next try. Safe to run twice and at the same time."""
    mail = _claim(UUID(mail_id))
    if mail is None:
        return
    try:
        send(message_from_bytes(bytes(mail.message), policy=policy.default), name=mail_id)
    except (OSError, smtplib.SMTPException, NoPost) as failure:
        log.warning("mail not delivered", extra={"mail_id": mail_id, "reason": type(failure).__name__})
        _plan_next(mail)
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
    """Hand a mail to the configured mail server, or put it into the folder in development.

    Raises: OSError, smtplib.SMTPException, NoPost.
    """
    if settings.SMTP_URL:
        _send_by_smtp(message, url=settings.SMTP_URL)
    elif settings.DEVELOPMENT:
        _put_into_folder(message, name=name)
    else:
        raise NoPost


def folder() -> Path:
    """Return where mails are put in development."""
    return Path(settings.HOME) / "mail"


def _claim(mail_id: UUID) -> QueuedMail | None:
    with transaction.atomic():
        mail = (
            QueuedMail.objects.select_for_update(skip_locked=True)
            .filter(pk=mail_id, delivered_at=None, given_up_at=None, try_after__lte=now())
            .first()
        )
        if mail is not None:
            QueuedMail.objects.filter(pk=mail.pk).update(try_after=now() + CLAIM_LASTS, tries=F("tries") + 1)
            mail.tries += 1
    return mail


def _plan_next(mail: QueuedMail) -> None:
    waiting = QueuedMail.objects.filter(pk=mail.pk, delivered_at=None)
    if mail.tries > len(PAUSES_S):
        waiting.update(message=None, given_up_at=now())
        return
    pause_s = PAUSES_S[mail.tries - 1]
    with transaction.atomic():
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
