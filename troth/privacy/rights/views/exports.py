"""Copies of a workspace's data: asking for one, watching it being made, fetching it once.

Owners may do that while the workspace is being deleted too, for as long as that can be undone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor
from troth.base.clock import now
from troth.contacts.masking import sees_phones
from troth.contacts.models import Contact
from troth.contacts.unmasking import Reason, unmask
from troth.privacy.forgetting.deadlines import UNDO
from troth.privacy.models import Export
from troth.privacy.rights import words
from troth.privacy.rights.exports import TooMany, delivery, request_export
from troth.privacy.rights.kinds import SubjectKind
from troth.privacy.rights.views.found import called, export_or_404
from troth.privacy.rights.views.saying import where_to_say
from troth.privacy.rights.views.watching import watched
from troth.privacy.rights.whatsapp import say
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

SHOWN = 50
Answer = Callable[..., Any]


def to_take_along(view: Answer) -> Answer:
    """Let owners through while the workspace is being deleted and keep everybody else out, as every other page does."""

    @wraps(view)
    def asked(request: MemberRequest, **words: Any) -> Any:
        closing_at = request.workspace.closing_at
        if closing_at is not None and not (request.member.may(Role.OWNER) and now() < closing_at + UNDO):
            return redirect("forgetting:closing", request.workspace.handle)
        return view(request, **words)

    return asked


@member_view(role=Role.OWNER, while_closing=True)
@to_take_along
def index(request: MemberRequest) -> HttpResponse:
    """Show the latest copies, and offer to make one of everything."""
    rows = Export.objects.select_related("made_by__user").order_by("-created_at")[:SHOWN]
    return render(request, "privacy/rights/exports.html", {"rows": list(rows)})


@member_view(role=Role.OWNER, while_closing=True)
@to_take_along
@require_POST
def create(request: MemberRequest) -> HttpResponse:
    """Ask for a copy of the whole workspace."""
    try:
        by = Actor.member(request.member.pk)
        export = request_export(SubjectKind.WORKSPACE, None, by=by, member=request.member)
    except TooMany:
        messages.error(request, _("Other copies are being made. Try again in some minutes."))
        return redirect("rights:exports", request.workspace.handle)
    return redirect("rights:export", request.workspace.handle, export.pk)


@member_view(role=Role.ADMIN, while_closing=True)
@to_take_along
def show(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """Show how far a copy is; the part about it answers alone when htmx names it."""
    return export_page(request, export_or_404(request, export_id))


def export_page(request: MemberRequest, export: Export, *, trouble: str = "", status: int = 200) -> HttpResponse:
    """Return the page of a copy."""
    contact = Contact.objects.filter(pk=export.subject_id).first() if export.subject_id else None
    shown = {
        "export": export,
        "url": reverse("rights:export", args=[request.workspace.handle, export.pk]),
        "opens_numbers": export.subject_id is not None and not sees_phones(request.member),
        "download_url": reverse("rights:download", args=[request.workspace.handle, export.pk]),
        "contact_name": called(contact, request.member) if contact is not None else "",
        "may_say": where_to_say(contact) is not None,
        "link_opens": delivery.link_opens(export),
        "parts": sorted((key.replace("-", " "), count) for key, count in export.rows.items() if count),
        "trouble": trouble,
    }
    return watched(
        request,
        "privacy/rights/export.html",
        shown,
        part="privacy/rights/_progress.html",
        target="export-progress",
        moves=export.is_under_way,
        status=status,
    )


@member_view(role=Role.ADMIN, while_closing=True)
@to_take_along
@require_POST
def download(request: MemberRequest, export_id: UUID) -> Any:
    """Hand the copy out, once. It holds numbers in full: to whoever sees them masked this opens them, and is written
    down as that."""
    export = export_or_404(request, export_id)
    try:
        handed = delivery.hand_out(export, by=Actor.member(request.member.pk), member=request.member)
    except delivery.NotThere as no:
        return export_page(request, export, trouble=not_there(no), status=409)
    if export.subject_id is not None and not sees_phones(request.member):
        unmask(export.subject_id, by=request.member, reason=Reason.ASKED)
    return handed


@member_view(role=Role.ADMIN)
@require_POST
def send(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """Send the contact a link to their copy, in their own conversation; it works once."""
    export = export_or_404(request, export_id)
    contact = Contact.objects.filter(pk=export.subject_id).first() if export.subject_id else None
    conversation = where_to_say(contact)
    if conversation is None:
        trouble = _("WhatsApp takes no message to this person now. Hand the copy over in another way.")
        return export_page(request, export, trouble=trouble, status=409)
    try:
        token = delivery.make_link(export, by=Actor.member(request.member.pk))
    except delivery.NotThere as no:
        return export_page(request, export, trouble=not_there(no), status=409)
    language = words.spoken(export.case.language if export.case is not None else export.language)
    until = f"{export.link_expires_at:%Y-%m-%d %H:%M}"
    say(
        conversation,
        words.YOUR_COPY[language].format(link=settings.BASE_URL + reverse("take", args=[token]), until=until),
    )
    messages.success(request, _("The link is on its way to the person."))
    return redirect("rights:export", request.workspace.handle, export.pk)


def not_there(no: delivery.NotThere) -> str:
    """Return why there is nothing to hand out, in words."""
    return {
        "used": _("This copy was fetched already. Make a new one."),
        "over": _("The 72 hours of this copy are over. Make a new one."),
        "gone": _("This copy was deleted. Make a new one."),
    }.get(no.reason, _("This copy is not ready yet."))
