"""Who has read which version. The newest one that somebody confirmed stands with the account; each time is an entry in
the audit. It is never a consent to anything else.
"""

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from troth.accounts.models import User
from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.privacy.policy import force
from troth.privacy.policy.versions import Version, named, versions
from troth.ui.slots import Notice


class Unknown(Exception):
    """There is no such version, or it was not announced."""


def acknowledge(name: str, *, by: User) -> None:
    """Note that somebody has read a version that is in force or announced. Safe to repeat. Raises: Unknown."""
    found = named(name, among=[force.in_force(), *(standing.version for standing in force.coming())])
    if found is None:
        raise Unknown
    with transaction.atomic():
        person = User.objects.select_for_update().get(pk=by.pk)
        if person.terms_version >= found.name:
            return
        person.terms_version, person.terms_accepted_at = found.name, now()
        person.save(update_fields=["terms_version", "terms_accepted_at"])
        record("policy.acknowledged", by=Actor.person(by.pk), target=("user", by.pk), detail={"version": found.name})


def unread_by(user: User) -> force.Standing | None:
    """Return the newest version that counts or was announced and that somebody has not confirmed; None if there is none."""
    newest = [*(one for one in force.standings() if one.counts_at(now())), *force.coming()][-1:]
    return newest[0] if newest and newest[0].version.name > user.terms_version else None


def notice(request: HttpRequest) -> Notice | None:
    """Return the banner for whoever is signed in and has not confirmed the newest version."""
    user = getattr(request, "user", None)
    unread = unread_by(user) if isinstance(user, User) else None
    if unread is None or unread.effective_at is None:
        return None
    assert isinstance(user, User)
    day = date_format(unread.effective_at.date(), "DATE_FORMAT")
    words = (
        _("Our privacy policy changed on {day}.")
        if unread.counts_at(now())
        else _("Our privacy policy changes on {day}.")
    )
    return Notice(
        words=words.format(day=day),
        link=_address(unread.version, user),
        link_words=_("What is new"),
        action=reverse("policy:acknowledge"),
        action_words=_("I have read it"),
        values={"version": unread.version.name, "back": request.path},
    )


def _address(unread: Version, user: User) -> str:
    known = named(user.terms_version, among=versions())
    if known is None:
        return reverse("policy:version", args=[unread.name])
    return reverse("policy:differences", args=[known.name, unread.name])
