"""How long, where it is a number: the number as the code has it, and the job that keeps it."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from troth.accounts.sweep import MAIL_RECORDS_LIVE
from troth.inbox.receive.waiting import KEPT as WAITING_KEPT
from troth.ingest.digest import KEPT as DELIVERIES_KEPT


@dataclass(frozen=True)
class Clock:
    """At most so long, by this job (config/jobs.py)."""

    most: timedelta
    job: str


# By the label of the model; whatever is kept for a while that is a number has one.
CLOCKS: dict[str, Clock] = {
    "accounts.Session": Clock(settings.SESSION_LIFE, "accounts.sweep"),
    "accounts.CacheEntry": Clock(timedelta(days=1), "accounts.sweep"),
    "accounts.QueuedMail": Clock(MAIL_RECORDS_LIVE, "accounts.sweep"),
    "account.EmailConfirmation": Clock(timedelta(0), "accounts.sweep"),
    "inbox.PendingChange": Clock(WAITING_KEPT, "changes.give_up"),
    "ingest.Delivery": Clock(DELIVERIES_KEPT, "deliveries.forget"),
}
