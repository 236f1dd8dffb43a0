"""Inviting people by mail.

An invitation opens once, within seven days, for the address that it was sent to, and only while whoever sent it could
still give that role. The link's secret is nowhere but in the mail; the database holds a keyed hash.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.accounts.claims import has_proven
from troth.accounts.mail import send
from troth.accounts.models import User
from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.sealing import INSTALLATION, ring
from troth.workspaces.mail_types import INVITATION
from troth.workspaces.members import NotAllowed, lock_members
from troth.workspaces.models import Invitation, Membership, Role, Workspace
from troth.workspaces.scope import scope

LASTS = timedelta(days=7)
SENDS_MAX = 5
PENDING_MAX = 100
SENDS_PER_DAY_MAX = 200


class Closed(Exception):
    """The invitation opens nothing: used, expired, revoked, or never made. All the same to whoever holds the link."""


class OtherAddress(Exception):
    """The invitation is for somebody else's address."""


def invite(email: str, *, role: Role, by: Membership) -> Invitation:
    """Invite an address and send the mail; an earlier invitation of it closes. Raises: NotAllowed."""
    lock_members()
    email = email.lower()
    _must_be_allowed(role, by=by)
    _must_not_be_a_member(email)
    _must_not_be_a_flood()
    for earlier in pending():
        if earlier.email == email:
            _close(earlier)
    invitation, token = _new(email, role=role, by=by)
    _send(invitation, token)
    _note("member.invited", invitation, by=by)
    return invitation


def resend(invitation_id: UUID, *, by: Membership) -> Invitation:
    """Send a pending invitation again, with a new link and seven new days. Raises: NotAllowed, Invitation.DoesNotExist."""
    lock_members()
    invitation = pending().get(pk=invitation_id)
    _must_be_allowed(Role(invitation.role), by=by)
    if invitation.sends >= SENDS_MAX:
        raise NotAllowed(gettext_lazy("It was sent often enough. Is the address right?"))
    _must_not_be_a_flood()
    token = secrets.token_urlsafe(32)
    invitation.token_hash, invitation.expires_at = _hashed(token), now() + LASTS
    invitation.invited_by = by
    invitation.sends += 1
    invitation.save(update_fields=["token_hash", "expires_at", "invited_by", "sends"])
    _send(invitation, token)
    _note("member.invited_again", invitation, by=by)
    return invitation


def revoke(invitation_id: UUID, *, by: Membership) -> None:
    """Close a pending invitation. Raises: NotAllowed, Invitation.DoesNotExist."""
    lock_members()
    invitation = pending().get(pk=invitation_id)
    _must_be_allowed(Role(invitation.role), by=by)
    _close(invitation)
    _note("invitation.revoked", invitation, by=by)


def pending() -> QuerySet[Invitation]:
    """Return the invitations that still open, in the workspace in scope."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now()).order_by("id")


def find(token: str) -> tuple[UUID, UUID]:
    """Return the workspace and the invitation that a link's secret stands for. Raises: Closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, invitation_id FROM invitation_by_token(%s)", [_hashed(token)])
        found = cursor.fetchone()
    if found is None:
        raise Closed
    return found[0], found[1]


@dataclass(frozen=True)
class Offer:
    """What an invitation offers, for showing it before it is accepted."""

    workspace_name: str
    email: str
    role: str


def offer(token: str) -> Offer:
    """Return what the link offers. Raises: Closed."""
    workspace_id, invitation_id = find(token)
    with scope(workspace_id):
        invitation = _open_one(invitation_id)
        return Offer(
            workspace_name=Workspace.current().name, email=invitation.email, role=str(Role(invitation.role).label)
        )


def accept(token: str, *, user: User) -> Membership:
    """Make the person a member with the role that was offered, once. Raises: Closed, OtherAddress.

    Whoever is a member already stays what they are. Safe when the same link is opened many times at once: all but the
    first find it used.
    """
    workspace_id, invitation_id = find(token)
    with scope(workspace_id):
        lock_members()
        invitation = _open_one(invitation_id)
        if invitation.email != user.email.lower() or not has_proven(user, user.email):
            raise OtherAddress
        member = Membership.objects.filter(user=user, removed_at=None).first()
        if member is None:
            member = Membership.objects.create(user=user, role=invitation.role)
        invitation.accepted_at, invitation.accepted_by = now(), member
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        _note("member.joined", invitation, by=member)
        return Membership.objects.select_related("workspace").get(pk=member.pk)


def _open_one(invitation_id: UUID) -> Invitation:
    invitation = pending().filter(pk=invitation_id).select_related("invited_by").first()
    if invitation is None or not _may_invite(invitation.invited_by, Role(invitation.role)):
        raise Closed
    return invitation


def _new(email: str, *, role: Role, by: Membership) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email, role=role, invited_by=by, token_hash=_hashed(token), expires_at=now() + LASTS
    )
    return invitation, token


def _close(invitation: Invitation) -> None:
    invitation.revoked_at = now()
    invitation.save(update_fields=["revoked_at"])


def _note(action: str, invitation: Invitation, *, by: Membership) -> None:
    detail = {"role": str(invitation.role)}
    record(action, by=Actor.member(by.pk), target=("invitation", invitation.pk), detail=detail)


def _send(invitation: Invitation, token: str) -> None:
    workspace, inviter = Workspace.current(), invitation.invited_by
    words = {
        "workspace": workspace.name,
        "inviter": inviter.name,
        "role": Role(invitation.role).label,
        "url": settings.BASE_URL + reverse("workspaces:open_invitation", args=[token]),
        "days": LASTS.days,
    }
    subject = _("%(inviter)s invites you to %(workspace)s on Troth") % words
    text = render_to_string("workspaces/mail/invitation.txt", words)
    send(INVITATION, to=invitation.email, subject=subject, text=text)


def _hashed(token: str) -> bytes:
    # With the installation's key: whose workspace it is, is what we are about to find out.
    return ring(INSTALLATION).index(token, place="workspaces_invitation.token_hash")


def _may_invite(member: Membership, role: Role) -> bool:
    return member.may(Role.ADMIN) and Role(member.role).covers(role)


def _must_be_allowed(role: Role, *, by: Membership) -> None:
    # Looked at afresh: whoever just lost the role has lost this too.
    actor = Membership.objects.get(pk=by.pk)
    if not actor.may(Role.ADMIN):
        raise NotAllowed(gettext_lazy("Only owners and admins may invite people."))
    if not Role(actor.role).covers(role):
        raise NotAllowed(gettext_lazy("Only owners may invite owners."))


def _must_not_be_a_member(email: str) -> None:
    if Membership.objects.filter(user__email=email, removed_at=None).exists():
        raise NotAllowed(gettext_lazy("This person is a member already."))


def _must_not_be_a_flood() -> None:
    lately = Invitation.objects.filter(expires_at__gt=now() - timedelta(days=1) + LASTS)
    sends = lately.aggregate(sum=Sum("sends"))["sum"] or 0
    if pending().count() >= PENDING_MAX or sends >= SENDS_PER_DAY_MAX:
        raise NotAllowed(gettext_lazy("There are too many open invitations. Revoke some, or try again tomorrow."))
