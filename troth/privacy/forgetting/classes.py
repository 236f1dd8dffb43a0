"""The classes of data whose keeping a workspace decides, and by which instant the rows of each grow old."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from troth.inbox.models import Activity, Attachment, Conversation, Draft, Gap, Message, Reaction, ScheduledMessage
from troth.privacy.forgetting.plan import Model

OFFERED = (None, 30, 90, 365)  # days; None is for as long as the workspace exists
DAYS_MAX = 36_500


@dataclass(frozen=True)
class Aged:
    """Rows of one table and the column that says how old each is. `thread` leads from a row to its conversation."""

    model: Model
    at: str
    thread: str = "conversation"

    def older_than(self, cutoff: datetime) -> Q:
        """Return what picks the rows from before an instant; what is of that very instant stays."""
        return Q(**{f"{self.at}__lt": cutoff})


@dataclass(frozen=True)
class KeptClass:
    """One thing that a workspace decides about."""

    key: str
    label: Promise | str
    words: Promise | str
    rows: Callable[[], tuple[Aged, ...]]


def _talk() -> tuple[Aged, ...]:
    return (
        Aged(Message, "at"),
        Aged(Attachment, "message__at", thread="message__conversation"),
        Aged(Activity, "at"),
        Aged(Gap, "at"),
        Aged(Draft, "changed_at"),
        Aged(ScheduledMessage, "send_at"),
        Aged(Reaction, "at", thread=""),
    )


def _closed() -> tuple[Aged, ...]:
    return (Aged(Conversation, "closed_at", thread="id"),)


def _gaps() -> tuple[Aged, ...]:
    return (Aged(Gap, "created_at"),)


CLASSES: dict[str, KeptClass] = {
    one.key: one
    for one in (
        KeptClass(
            "talk", _("Messages"), _("Every message, by when it was written. What is left empty goes too."), _talk
        ),
        KeptClass("closed", _("Closed conversations"), _("Whole conversations, by when they were closed."), _closed),
        KeptClass("gaps", _("Gaps"), _("What WhatsApp sent and could not be shown, by when it came."), _gaps),
    )
}


def count(aged: Aged, picked: Q) -> int:
    """Return how many rows of a table are picked."""
    manager: Any = aged.model._default_manager
    return int(manager.filter(picked).count())
