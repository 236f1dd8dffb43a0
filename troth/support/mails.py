"""Mails of support: that there is something, and where. Never what it says, and no name."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from troth.support.models import HelpRequest, StaffMember, StaffRole
from troth.workspaces.models import Membership, Role, Workspace

# What is sent, for the page on which people choose their mails: key, label, whether it may be switched off.
TYPES: list[tuple[str, Promise, bool]] = [
    ("support.answer", _("Support has answered you"), False),
    ("support.request", _("Somebody asks for help (staff only)"), False),
    (
        "support.looked",
        _("Staff looked at your workspace without being asked, or gave something to an authority"),
        False,
    ),
    ("support.breach", _("A breach of data that concerns your workspace"), False),
    ("support.anchor", _("The audit chain's length and hash, daily"), True),
]


def tell_member(request: HelpRequest) -> None:
    """Tell whoever asked that there is an answer, in the workspace's scope."""
    asked = Membership.objects.select_related("user").filter(pk=request.asked_by_id, removed_at=None).first()
    if asked is not None:
        url = _url("support:thread", Workspace.current().handle, request.pk)
        _send(_("Support has answered you"), "answer", [asked.user.email], url=url)


def tell_staff(request: HelpRequest) -> None:
    """Tell the people of support that somebody waits."""
    staff = StaffMember.objects.filter(removed_at=None, role=StaffRole.SUPPORT).select_related("user")
    url = _url("staff:request", request.pk)
    _send(_("Somebody asks for help"), "request", [one.user.email for one in staff], url=url)


def tell_owners_of_look() -> None:
    """Tell the owners of the workspace in scope that staff looked, or gave something to an authority."""
    url = _url("support:access_log", Workspace.current().handle)
    _send(_("Our staff looked at your workspace"), "looked", owners(), url=url)


def tell_owners_of_breach(text: str) -> None:
    """Send the owners of the workspace in scope the notice of a breach."""
    for address in owners():
        send_mail(str(_("A breach of data that concerns your workspace")), text, None, [address])


def tell_anchor(membership_id: UUID, *, count: int, hash: str, at: datetime) -> None:
    """Send an owner the head of the chain of the workspace in scope."""
    member = Membership.objects.select_related("user").filter(pk=membership_id, removed_at=None).first()
    if member is not None and member.may(Role.ADMIN):
        url = _url("support:access_log", Workspace.current().handle)
        _send(_("Your audit chain today"), "anchor", [member.user.email], url=url, count=count, hash=hash, at=at)


def owners() -> list[str]:
    """Return the addresses of the owners of the workspace in scope."""
    found = Membership.objects.filter(role=Role.OWNER, removed_at=None).select_related("user")
    return [owner.user.email for owner in found]


def _url(name: str, *words: object) -> str:
    return settings.BASE_URL + reverse(name, args=words)


def _send(subject: Promise, template: str, to: list[str], **words: object) -> None:
    # One mail each: nobody learns of the others.
    for address in to:
        send_mail(str(subject), render_to_string(f"support/mail/{template}.txt", words), None, [address])
