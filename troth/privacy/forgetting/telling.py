"""Mails about erasures. They hold no name of a workspace or of a person outside: a link, and what it is about."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from troth.accounts.models import User
from troth.privacy.models import Erasure


def tell_owner(owner: User, erasure: Erasure) -> None:
    """Tell somebody who owned a workspace that it is gone, and where its certificate is."""
    link = f"{settings.BASE_URL}{reverse('forgetting:certificate', args=[erasure.token])}"
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        subject = _("A workspace of yours was deleted")
        words = _("The workspace that was to be deleted is gone now. This is its certificate; keep the link:")
    EmailMessage(subject=subject, body=f"{words}\n\n{link}\n", to=[owner.email]).send()
