"""Forgetting on time: what has expired in this app is deleted by an hourly job."""

from datetime import timedelta

from troth.accounts.cache import forget_expired
from troth.accounts.claims import delete_unproven, unproven_users
from troth.accounts.delivery import deliver_waiting
from troth.accounts.models import QueuedMail, Session
from troth.base.clock import now

UNPROVEN_LIVE = timedelta(days=3)
MAIL_RECORDS_LIVE = timedelta(days=30)


def sweep(timestamp: int = 0) -> None:
    """Delete dead sessions, expired counters, old records of mail, and accounts whose address was never proven."""
    forget_expired()
    deliver_waiting()
    Session.objects.over(at=now()).delete()
    QueuedMail.objects.filter(message__isnull=True, created_at__lt=now() - MAIL_RECORDS_LIVE).delete()
    delete_unproven(unproven_users().filter(created_at__lt=now() - UNPROVEN_LIVE))
