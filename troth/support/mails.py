"""Mails of support: that there is something, and where. Never what it says, and no name."""

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
LOOKED = MailType(
    "support.looked",
    label=_("Somebody looked at your workspace"),
    words=_("Staff looked without being asked, or gave something to an authority. To owners."),
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
    for kind in (ANSWER, REQUEST, LOOKED, BREACH, ANCHOR):
        declare_mail(kind)


def tell_member(request: HelpRequest) -> None:
    """Tell whoever asked that there is an answer, in the workspace's scope."""
    asked = Membership.objects.select_related("user").filter(pk=request.asked_by_id, removed_at=None).first()
    if asked is not None:
        url = _url("support:thread", Workspace.current().handle, request.pk)
        _send(ANSWER, _("Support has answered you"), "answer", [asked.user.email], url=url)


def tell_staff(request: HelpRequest) -> None:
    """Tell the people of support that somebody waits."""
    staff = StaffMember.objects.filter(removed_at=None, role=StaffRole.SUPPORT).select_related("user")
    url = _url("staff:request", request.pk)
    _send(REQUEST, _("Somebody asks for help"), "request", [one.user.email for one in staff], url=url)


def tell_owners_of_look() -> None:
    """Tell the owners of the workspace in scope that staff looked, or gave something to an authority."""
    url = _url("support:access_log", Workspace.current().handle)
    _send(LOOKED, _("Our staff looked at your workspace"), "looked", owners(), url=url)


def tell_owners_of_breach(text: str) -> None:
    """Send the owners of the workspace in scope the notice of a breach."""
    for address in owners():
        send(BREACH, to=address, subject=str(_("A breach of data that concerns your workspace")), text=text)


def tell_anchor(membership_id: UUID, *, count: int, hash: str, at: datetime) -> None:
    """Send an owner the head of the chain of the workspace in scope."""
    member = Membership.objects.select_related("user").filter(pk=membership_id, removed_at=None).first()
    if member is not None and member.may(Role.ADMIN):
        url = _url("support:access_log", Workspace.current().handle)
        _send(
            ANCHOR, _("Your audit chain today"), "anchor", [member.user.email], url=url, count=count, hash=hash, at=at
        )


def owners() -> list[str]:
    """Return the addresses of the owners of the workspace in scope."""
    found = Membership.objects.filter(role=Role.OWNER, removed_at=None).select_related("user")
    return [owner.user.email for owner in found]


def _url(name: str, *words: object) -> str:
    return settings.BASE_URL + reverse(name, args=words)


def _send(kind: MailType, subject: Promise, template: str, to: list[str], **words: object) -> None:
    # One mail each: nobody learns of the others.
    for address in to:
        send(kind, to=address, subject=str(subject), text=render_to_string(f"support/mail/{template}.txt", words))
