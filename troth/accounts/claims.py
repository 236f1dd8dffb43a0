"""Who an address belongs to: whoever proves it. An account that proved nothing holds no claim."""

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from troth.accounts.models import Session, User


def unproven_users() -> QuerySet[User]:
    """Return accounts that nobody has shown to be theirs: never signed in, no address proven."""
    proven = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    return User.objects.filter(~Exists(proven), last_login=None, is_active=True)


def release_address(email: str, *, keep: User | None = None) -> None:
    """Delete unproven accounts that sit on an address, so that they cannot keep its owner out."""
    squatters = unproven_users().filter(email=email.lower())
    delete_unproven(squatters.exclude(pk=keep.pk) if keep else squatters)


def delete_unproven(users: QuerySet[User]) -> int:
    """Delete accounts that never became anybody's; return how many.

    Without Django's own walk through related rows, which would look for memberships across the walls of workspaces;
    whoever is unproven has none, and the database refuses to delete a person who has.
    """
    with transaction.atomic():
        ids = list(users.select_for_update().values_list("pk", flat=True))
        EmailAddress.objects.filter(user_id__in=ids).delete()
        Session.objects.filter(user_id__in=ids).delete()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_user WHERE id = ANY(%s)", [ids])
    return len(ids)


def has_proven(user: User, email: str) -> bool:
    """Return whether the person has shown that this address is theirs."""
    return bool(EmailAddress.objects.filter(user=user, email=email.lower(), verified=True).exists())
