"""Mails that say how much waits in the inbox: a number for each workspace and a link, once an hour at most.

They are off until somebody switches them on, and never hold a name, a number or a word of a customer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from troth.accounts.mail import notify
from troth.accounts.mail_choices import chosen_on
from troth.accounts.models import MailChoice, User
from troth.base.clock import now
from troth.base.mails import MailType, declare_mail
from troth.inbox.models import Conversation
from troth.workspaces.listing import places_of
from troth.workspaces.models import Membership, Workspace
from troth.workspaces.scope import scope

# What is told ends a little before now, so that nothing is missed that is just being written.
MARGIN = timedelta(seconds=15)
LOOK_BACK_MAX = timedelta(days=7)

ASSIGNED = MailType(
    "inbox.assigned",
    label=_("Conversations given to you"),
    words=_("How many conversations colleagues gave to you, once an hour at most."),
    choosable=True,
)
UNASSIGNED = MailType(
    "inbox.unassigned",
    label=_("Conversations that nobody has taken"),
    words=_("How many conversations wait in which a customer has written, once an hour at most."),
    choosable=True,
)


@dataclass(frozen=True)
class Line:
    """How many there are in one workspace."""

    workspace: str
    count: int
    url: str


def declare() -> None:
    """Declare both. Called once, when the app is ready."""
    declare_mail(ASSIGNED)
    declare_mail(UNASSIGNED)


def send_digests(timestamp: int = 0) -> int:
    """Mail everybody who switched a digest on what is new since the last one; return how many mails there were.

    `timestamp` is what the job queue passes to every scheduled job.
    """
    until = (now() - MARGIN).replace(microsecond=0)
    return sum(_send(kind, choice, until=until) for kind in COUNTS for choice in chosen_on(kind))


def _send(kind: MailType, choice: MailChoice, *, until: datetime) -> bool:
    since = max(choice.told_until or until - timedelta(hours=1), until - LOOK_BACK_MAX).replace(microsecond=0)
    if since >= until:
        return False
    lines = _lines(kind, choice.user, since=since, until=until)
    with transaction.atomic():
        ours = MailChoice.objects.filter(pk=choice.pk, on=True, told_until=choice.told_until)
        if not ours.update(told_until=until) or not lines:
            return False  # another worker was first, or there is nothing new
        words = {"lines": lines, "count": sum(line.count for line in lines)}
        return notify(kind, choice.user, template=f"inbox/mail/{kind.key.partition('.')[2]}.txt", words=words)


def _lines(kind: MailType, user: User, *, since: datetime, until: datetime) -> list[Line]:
    found = []
    for place in places_of(user):
        with scope(place.workspace_id):
            member = Membership.objects.select_related("user").get(pk=place.membership_id)
            count = COUNTS[kind](member, since, until)
            url = str(settings.BASE_URL) + reverse("inbox", args=[place.handle])
            if count:
                found.append(Line(Workspace.current().name, count, url))
    return found


def _assigned(member: Membership, since: datetime, until: datetime) -> int:
    given = {"kind": "assigned", "other": member, "at__gte": since, "at__lt": until}
    mine = Conversation.objects.visible_to(member).open().filter(assignee=member)
    return mine.filter(**{f"activities__{name}": value for name, value in given.items()}).distinct().count()


def _unassigned(member: Membership, since: datetime, until: datetime) -> int:
    waiting = Conversation.objects.visible_to(member).open().filter(assignee=None, unread__gt=0)
    return waiting.filter(last_message_at__gte=since, last_message_at__lt=until).count()


COUNTS: dict[MailType, Callable[[Membership, datetime, datetime], int]] = {
    ASSIGNED: _assigned,
    UNASSIGNED: _unassigned,
}
