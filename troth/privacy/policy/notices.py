"""Telling people of a change that matters: a mail to every owner, thirty days before it counts, and a banner.

The job runs many times a day and announces each version once. Without people who agreed to an earlier one, as on the
day of installation, there is nobody to tell.
"""

import logging
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.accounts.mail import send
from troth.accounts.models import User
from troth.base.clock import now
from troth.base.logs.events import declare, event
from troth.base.logs.kinds import COUNT
from troth.base.mails import MailKind, MailType, declare_mail
from troth.privacy.models import PolicyNotice
from troth.privacy.policy.force import forget_notices, start_of
from troth.privacy.policy.versions import NOTICE, Version, versions

log = logging.getLogger(__name__)
declare("policy.announced", owners=COUNT, mails=COUNT)
CHANGE = MailType(
    "privacy.policy",
    label=gettext_lazy("Our privacy policy changes"),
    words=gettext_lazy("Thirty days before a change that matters, to owners."),
    choosable=False,
    kind=MailKind.TRANSACTIONAL,
    why=gettext_lazy("You have to know before it counts, so that you can leave."),
)


def declare_mails() -> None:
    """Declare the mail. Called once, when the app is ready."""
    declare_mail(CHANGE)


def announce(timestamp: int = 0) -> None:
    """Announce every version that matters and was not announced yet."""
    known = set(PolicyNotice.objects.values_list("version", flat=True))
    for version in versions():
        if version.significant and version.name not in known and start_of(version.published) <= now():
            _announce(version)


def owners() -> list[User]:
    """Return everybody who owns a workspace, once each."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id FROM owners_of_all()")
        ids: list[UUID] = [row[0] for row in cursor.fetchall()]
    return list(User.objects.filter(id__in=ids, is_active=True))


@transaction.atomic
def _announce(version: Version) -> None:
    told = owners() if _somebody_agreed_before(version) else []
    earliest = now() + NOTICE if told else now()
    notice, is_new = PolicyNotice.objects.get_or_create(
        version=version.name,
        defaults={
            "sent_at": now(),
            "effective_at": max(start_of(version.effective), earliest),
            "owners": len(told),
            "mails": 0,
        },
    )
    if not is_new:
        return
    for owner in told:
        _mail(owner, version, notice)
    notice.mails = len(told)
    notice.save(update_fields=["mails"])
    transaction.on_commit(forget_notices)
    event(log, "policy.announced", owners=notice.owners, mails=notice.mails)


def _somebody_agreed_before(version: Version) -> bool:
    return User.objects.filter(terms_version__lt=version.name).exists()


def _mail(owner: User, version: Version, notice: PolicyNotice) -> None:
    """Send the mail to one owner, in their language. It holds no more than the link, the day and what changes."""
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        page = reverse("policy:version", args=[version.name])
        facts = {
            "url": f"{settings.BASE_URL}{page}",
            "day": date_format(notice.effective_at.date(), "DATE_FORMAT"),
            "summary": version.summary,
        }
        body = render_to_string("privacy/mail/policy_changes.txt", facts)
        send(CHANGE, to=owner.email, subject=_("Our privacy policy changes"), text=body)
