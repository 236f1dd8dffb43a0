"""Mail leaves in two steps: a sealed row in the same transaction as what it tells of, then a job that delivers it."""

from collections.abc import Sequence
from uuid import UUID

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from troth.accounts.models import QueuedMail
from troth.base.jobs import defer

DELIVER = "mail.deliver"


class QueuedBackend(BaseEmailBackend):
    """Django's mail backend: queues, and never speaks to the network."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            queued = QueuedMail.objects.create(message=message.message().as_bytes())
            defer_delivery(queued.id)
        return len(email_messages)


def defer_delivery(mail_id: UUID, *, delay_s: int = 0) -> None:
    """Ask the worker to deliver a queued mail, in the transaction that is open."""
    defer(DELIVER, delay_s=delay_s, mail_id=str(mail_id))
