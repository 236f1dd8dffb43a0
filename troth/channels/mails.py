"""The mail that tells owners and admins that a number needs them. It says that, where to look, and nothing else."""

from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from troth.accounts.mail import notify
from troth.base.mails import MailType, declare_mail
from troth.workspaces.models import Membership, Role, Workspace

ONCE_IN_S = 24 * 3600

TROUBLE = MailType(
    "channel.trouble",
    label=_("A channel needs attention"),
    words=_("Messages of a connected number are held up. Goes to owners and admins, as soon as we know."),
    choosable=True,
    on=True,
)


def declare() -> None:
    """Declare it. Called once, when the app is ready."""
    declare_mail(TROUBLE)


def tell_of_trouble(channel_id: UUID) -> None:
    """Queue the mail to everybody who can mend it, in the workspace in scope and in the caller's transaction.

    Trouble that comes and goes is told once a day.
    """
    _tell(channel_id, what="trouble")


def tell_of_loss(channel_id: UUID) -> None:
    """Queue the mail that a number was cut off by Meta, in the same way."""
    _tell(channel_id, what="loss")


def _tell(channel_id: UUID, *, what: str) -> None:
    if not cache.add(f"channel.{what}.{channel_id}", 1, timeout=ONCE_IN_S):
        return
    workspace = Workspace.current()
    url = str(settings.BASE_URL) + reverse("channels:index", args=[workspace.handle])
    menders = Membership.objects.filter(removed_at=None, role__in=[Role.OWNER, Role.ADMIN]).select_related("user")
    for member in menders:
        notify(
            TROUBLE, member.user, template=f"channels/mail/{what}.txt", words={"workspace": workspace.name, "url": url}
        )
