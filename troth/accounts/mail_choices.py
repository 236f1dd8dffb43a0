"""Which mails a person wants: what they chose, or else what their type brings by itself."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from troth.accounts.models import MailChoice, User
from troth.base.mails import MailType

CANNOT_ARRIVE = {
    "bounced": _("Your mail server sends our mails back, so we have stopped sending notices to you."),
    "complained": _("Our mails were marked as unwanted in your mailbox, so we have stopped sending notices to you."),
}


class CannotChoose(Exception):
    """This type of mail cannot be switched off; `str()` says why."""


def wants(user: User, kind: MailType) -> bool:
    """Return whether a mail of this type may go to a person now."""
    if not kind.choosable:
        return True
    return user.is_active and user.mail_refused_at is None and is_on(user, kind)


def is_on(user: User, kind: MailType) -> bool:
    """Return whether a person has this type of mail switched on."""
    chosen = MailChoice.objects.filter(user=user, kind=kind.key).values_list("on", flat=True).first()
    return not kind.choosable or (kind.on if chosen is None else chosen)


def choose(user: User, kind: MailType, *, on: bool, at: datetime) -> None:
    """Switch a type of mail on or off for a person. News that came before it was switched on are not told.

    Raises: CannotChoose.
    """
    if not kind.choosable:
        raise CannotChoose(str(kind.why))
    MailChoice.objects.update_or_create(user=user, kind=kind.key, defaults={"on": on, "told_until": at})


def chosen_on(kind: MailType) -> QuerySet[MailChoice]:
    """Return the choices of those who switched a type on, and to whom it may be sent."""
    return MailChoice.objects.filter(
        kind=kind.key, on=True, user__is_active=True, user__mail_refused_at=None
    ).select_related("user")


def refuse(email: str, *, why: str, at: datetime) -> None:
    """Note that an address takes no mail of ours. Whose address that is, if anybody's, is told when they come by."""
    User.objects.filter(email=email.lower(), mail_refused_at=None).update(mail_refused_at=at, mail_refused_why=why)


def try_again(user: User) -> None:
    """Send notices to a person again whose address took none."""
    User.objects.filter(pk=user.pk).update(mail_refused_at=None, mail_refused_why="")
    user.mail_refused_at, user.mail_refused_why = None, ""
