"""The way out that stands in every notice: a signed address that opens one thing, without a log-in and without an end."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse

from troth.accounts.models import User
from troth.base.mails import MailType, Undeclared, mail_type

_signer = signing.Signer(salt="mail.off")


class NoWayOut(Exception):
    """The address was not made by us, or its type of mail cannot be chosen."""


def unsubscribe_url(user: User, kind: MailType) -> str:
    """Return the address that switches a type of mail off for a person."""
    token = _signer.sign(f"{user.pk.hex}.{kind.key}")
    return str(settings.BASE_URL) + reverse("mail_off", args=[token])


def open_token(token: str) -> tuple[UUID, MailType]:
    """Return whom and what an address is about. Raises: NoWayOut."""
    try:
        person, _, key = _signer.unsign(token).partition(".")
        kind = mail_type(key)
    except (signing.BadSignature, Undeclared):
        raise NoWayOut from None
    if not kind.choosable:
        raise NoWayOut
    return UUID(person), kind
