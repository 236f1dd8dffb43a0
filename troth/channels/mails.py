"""The mails that tell owners and admins that a number needs them, or that Meta has changed something. They say that,
where to look, and nothing else."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from troth.accounts.mail import notify
from troth.base.mails import MailType, declare_mail
from troth.channels.models import About
from troth.workspaces.models import Membership, Role, Workspace

ONCE_IN_S = 24 * 3600

TROUBLE = MailType(
    "channel.trouble",
    label=_("A channel needs attention"),
    words=_("Messages of a connected number are held up. Goes to owners and admins, as soon as we know."),
    choosable=True,
    on=True,
)

CHANGED = MailType(
    "channel.changed",
    label=_("Meta has changed something"),
    words=_("The limit, speed, quality or name of a number, or what became of a template. Goes to owners and admins."),
    choosable=True,
    on=True,
)


def declare() -> None:
    """Declare them. Called once, when the app is ready."""
    declare_mail(TROUBLE)
    declare_mail(CHANGED)


def tell_of_trouble(channel_id: UUID, *words: str) -> None:
    """Queue the mail to everybody who can mend it, in the workspace in scope and in the caller's transaction.

    Trouble that comes and goes is told once a day; another kind of it, by its word, all the same. Several that are found
    together are one mail.
    """
    _tell(channel_id, what="trouble", words=words)


def tell_of_loss(channel_id: UUID) -> None:
    """Queue the mail that a number was cut off by Meta, in the same way."""
    _tell(channel_id, what="loss", words=[""])


def mail_changes(abouts: Sequence[About]) -> None:
    """Queue the mail that says what Meta has changed, in sentences that name nothing and nobody."""
    _mail(CHANGED, "channels/mail/changed.txt", page="channels:health", changes=[one.label for one in abouts])


def _tell(channel_id: UUID, *, what: str, words: Sequence[str]) -> None:
    new = [word for word in words if cache.add(f"channel.{what}.{channel_id}.{word}", 1, timeout=ONCE_IN_S)]
    if new:
        _mail(TROUBLE, f"channels/mail/{what}.txt", page="channels:index")


def _mail(kind: MailType, template: str, *, page: str, **words: Any) -> None:
    workspace = Workspace.current()
    words |= {"workspace": workspace.name, "url": str(settings.BASE_URL) + reverse(page, args=[workspace.handle])}
    menders = Membership.objects.filter(removed_at=None, role__in=[Role.OWNER, Role.ADMIN]).select_related("user")
    for member in menders:
        notify(kind, member.user, template=template, words=words)
