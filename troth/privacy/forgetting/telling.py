"""Mails about erasures. They hold no name of a workspace or of a person outside: a link, and what it is about."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.accounts.mail import send
from troth.accounts.models import User
from troth.base.mails import MailKind, MailType, declare_mail
from troth.privacy.models import Erasure

CERTIFICATE = MailType(
    "privacy.certificate",
    label=gettext_lazy("A workspace was deleted"),
    words=gettext_lazy("The link to the certificate, to whoever owned the workspace."),
    choosable=False,
    kind=MailKind.TRANSACTIONAL,
    why=gettext_lazy("It comes once, and without it nobody could prove that the data is gone."),
)


def declare() -> None:
    """Declare it. Called once, when the app is ready."""
    declare_mail(CERTIFICATE)


def tell_owner(owner: User, erasure: Erasure) -> None:
    """Tell somebody who owned a workspace that it is gone, and where its certificate is."""
    link = f"{settings.BASE_URL}{reverse('forgetting:certificate', args=[erasure.token])}"
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        subject = _("A workspace of yours was deleted")
        words = _("The workspace that was to be deleted is gone now. This is its certificate; keep the link:")
    send(CERTIFICATE, to=owner.email, subject=subject, text=f"{words}\n\n{link}\n")
