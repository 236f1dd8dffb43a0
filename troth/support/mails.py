"""Mails of support: that there is something, and where. Never what it says, and no name."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from troth.accounts.mail import send
from troth.base.mails import MailKind, MailType, declare_mail
from troth.support.models import HelpRequest, StaffMember, StaffRole
from troth.workspaces.models import Membership, Role, Workspace

_NEEDED = _("It comes only when this happens, and whoever gets it has to know.")
ANSWER = MailType(
    "support.answer",
    label=_("Support has answered you"),
    words=_("Somebody answers your request for help."),
    choosable=False,
    kind=MailKind.TRANSACTIONAL,
    why=_("You asked, and it says only that there is an answer."),
)
REQUEST = MailType(
    "support.request",
    label=_("Somebody asks for help"),
    words=_("For the operator's staff only: a request for help waits."),
    choosable=False,
    kind=MailKind.TRANSACTIONAL,
    why=_("It is the work of whoever gets it."),
)
CLOCK = MailType(
    "support.clock",
    label=_("A clock runs out"),
    words=_(
        "For the operator's staff only: a request for help, a breach or an authority's demand is due soon, or late."
    ),
    choosable=False,
    kind=MailKind.TRANSACTIONAL,
    why=_("It is the work of whoever gets it."),
)
LOOKED = MailType(
    "support.looked",
    label=_("Somebody looked at your workspace"),
    words=_("Staff looked without being asked, or gave something to an authority. To owners."),
    choosable=False,
    kind=MailKind.SECURITY,
    why=_NEEDED,
)
HELD = MailType(
    "support.held",
    label=_("Something must not be deleted"),
    words=_("A law binds us to keep something of your workspace for now. To owners."),
    choosable=False,
    kind=MailKind.SECURITY,
    why=_NEEDED,
)
BREACH = MailType(
    "support.breach",
    label=_("A breach of data"),
    words=_("Data of your workspace was or may have been seen by others. To owners."),
    choosable=False,
    kind=MailKind.SECURITY,
    why=_NEEDED,
)
ANCHOR = MailType(
    "support.anchor",
    label=_("The audit chain's anchor"),
    words=_("The length and hash of the audit chain, daily, to whoever switched it on beside the access log."),
    choosable=False,
    kind=MailKind.TRANSACTIONAL,
    why=_("It is switched on and off beside the access log, workspace by workspace."),
)


def declare() -> None:
    """Declare them. Called once, when the app is ready."""
    for kind in (ANSWER, REQUEST, CLOCK, LOOKED, HELD, BREACH, ANCHOR):
        declare_mail(kind)


def tell_member(request: HelpRequest) -> None:
    """Tell whoever asked that there is an answer, in the workspace's scope."""
    asked = Membership.objects.select_related("user").filter(pk=request.asked_by_id, removed_at=None).first()
    if asked is not None:
        url = url_of("support:thread", Workspace.current().handle, request.pk)
        _send(ANSWER, _("Support has answered you"), "answer", [asked.user.email], url=url)


def tell_staff(request: HelpRequest) -> None:
    """Tell the people of support that somebody waits."""
    url = url_of("staff:request", request.pk)
    _send(REQUEST, _("Somebody asks for help"), "request", _staff(StaffRole.SUPPORT), url=url)


def tell_of_clock(subject: Promise, url: str, *, roles: Collection[StaffRole]) -> None:
    """Tell the people of staff with these roles that a clock runs out or has; where there are none, the operator."""
    told = _staff(*roles) or ([settings.PRIVACY_MAIL] if settings.PRIVACY_MAIL else [])
    _send(CLOCK, subject, "clock", told, url=url)


def tell_owners_of_look() -> None:
    """Tell the owners of the workspace in scope that staff looked, or gave something to an authority."""
    url = url_of("support:access_log", Workspace.current().handle)
    _send(LOOKED, _("Our staff looked at your workspace"), "looked", owners(), url=url)


def tell_owners_of_hold() -> None:
    """Tell the owners of the workspace in scope that something of it must not be deleted."""
    url = url_of("support:access_log", Workspace.current().handle)
    _send(HELD, _("Something of your workspace must not be deleted"), "held", owners(), url=url)


def tell_owners_of_breach(text: str) -> None:
    """Send the owners of the workspace in scope the notice of a breach."""
    for address in owners():
        send(BREACH, to=address, subject=str(_("A breach of data that concerns your workspace")), text=text)


def tell_anchor(membership_id: UUID, *, count: int, hash: str, at: datetime) -> None:
    """Send an owner the head of the chain of the workspace in scope."""
    member = Membership.objects.select_related("user").filter(pk=membership_id, removed_at=None).first()
    if member is not None and member.may(Role.ADMIN):
        url = url_of("support:access_log", Workspace.current().handle)
        _send(
            ANCHOR, _("Your audit chain today"), "anchor", [member.user.email], url=url, count=count, hash=hash, at=at
        )


def owners() -> list[str]:
    """Return the addresses of the owners of the workspace in scope."""
    found = Membership.objects.filter(role=Role.OWNER, removed_at=None).select_related("user")
    return [owner.user.email for owner in found]


def url_of(name: str, *words: object) -> str:
    """Return the whole address of a page."""
    return settings.BASE_URL + reverse(name, args=words)


def _staff(*roles: StaffRole) -> list[str]:
    found = StaffMember.objects.filter(removed_at=None, role__in=roles).select_related("user")
    return [one.user.email for one in found]


def _send(kind: MailType, subject: Promise, template: str, to: list[str], **words: object) -> None:
    # One mail each: nobody learns of the others.
    for address in to:
        send(kind, to=address, subject=str(subject), text=render_to_string(f"support/mail/{template}.txt", words))
