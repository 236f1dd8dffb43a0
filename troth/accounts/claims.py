"""Who an address belongs to: whoever proves it. An account that proved nothing holds no claim."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet

from troth.accounts.models import User


def unproven_users() -> QuerySet[User]:
    """Return accounts that nobody has shown to be theirs: never signed in, no address proven."""
    proven = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return User.objects.filter(~Exists(proven), last_login=None)


def release_address(email: str, *, keep: User | None = None) -> None:
    """Delete unproven accounts that sit on an address, so that they cannot keep its owner out."""
    squatters = unproven_users().filter(email=email.lower())
    (squatters.exclude(pk=keep.pk) if keep else squatters).delete()


def has_proven(user: User, email: str) -> bool:
    """Return whether the person has shown that this address is theirs."""
    return EmailAddress.objects.filter(user=user, email=email.lower(), verified=True).exists()
