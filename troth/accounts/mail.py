"""Mail leaves in two steps: a sealed row in the same transaction as what it tells of, then a job that delivers it.

Every mail names its type. One of no declared type raises, whoever sends it; one that its reader switched off is not sent.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from troth.accounts.mail_choices import wants
from troth.accounts.models import QueuedMail, User
from troth.accounts.unsubscribing import unsubscribe_url
from troth.base.jobs import defer
from troth.base.mails import MailType, Undeclared, mail_type

DELIVER = "mail.deliver"


def send(kind: MailType, *, to: str, subject: str, text: str, headers: dict[str, str] | None = None) -> None:
    """Queue a mail of a type that nobody can switch off, to an address."""
    _post(EmailMessage(subject, text, None, [to], headers=headers), kind)


def notify(kind: MailType, user: User, *, template: str, words: Mapping[str, Any]) -> bool:
    """Queue a notice to a member, in their language, unless they do not want it or their address takes no mail.

    The template's first line is the subject. Below it stand why the mail came and how to end it, for people and for mail
    programs (one click, RFC 8058). Returns whether it was queued.
    """
    if not wants(user, kind):
        return False
    with translation.override(user.language or settings.LANGUAGE_CODE):
        way_out = unsubscribe_url(user, kind)
        facts = {"kind": kind, "unsubscribe_url": way_out, "choices_url": _choices_url(), **words}
        subject, _, text = render_to_string(template, facts).strip().partition("\n")
        headers = {
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        }
        _post(EmailMessage(subject, text.strip() + "\n", None, [user.email], headers=headers), kind, person=user)
    return True


def mark(message: EmailMessage, kind: MailType, *, person: User | None = None) -> EmailMessage:
    """Say of what type a mail is."""
    message.mail_type = kind.key  # type: ignore[attr-defined]  # ours: read by the backend below
    message.mail_person = person  # type: ignore[attr-defined]
    return message


class QueuedBackend(BaseEmailBackend):
    """Django's mail backend: queues, and never speaks to the network."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Queue the mails. Raises: Undeclared, for one that names no type or an unknown one."""
        for message in email_messages:
            kind = mail_type(_named(message))
            queued = QueuedMail.objects.create(
                kind=kind.key, person=getattr(message, "mail_person", None), message=message.message().as_bytes()
            )
            defer_delivery(queued.id)
        return len(email_messages)


def defer_delivery(mail_id: UUID, *, delay_s: int = 0) -> None:
    """Ask the worker to deliver a queued mail, in the transaction that is open."""
    defer(DELIVER, delay_s=delay_s, mail_id=str(mail_id))


def _post(message: EmailMessage, kind: MailType, *, person: User | None = None) -> None:
    if kind.choosable != (person is not None):
        raise ValueError(f"{kind.key}: notices go to a person who may switch them off, and nothing else does")
    mark(message, kind, person=person).send()


def _named(message: EmailMessage) -> str:
    named = getattr(message, "mail_type", None)
    if named is None:
        raise Undeclared("a mail names no type")
    return str(named)


def _choices_url() -> str:
    return str(settings.BASE_URL) + reverse("account_notifications")
