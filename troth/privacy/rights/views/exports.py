"""Copies of a workspace's data: asking for one, watching it being made, fetching it once."""

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
from troth.contacts.models import Contact
from troth.privacy.models import Export
from troth.privacy.rights import words
from troth.privacy.rights.exports import TooMany, delivery, request_export
from troth.privacy.rights.kinds import SubjectKind
from troth.privacy.rights.views.found import called, export_or_404, latest_conversation
from troth.privacy.rights.whatsapp import say
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

SHOWN = 50


@member_view(role=Role.OWNER)
def index(request: MemberRequest) -> HttpResponse:
    """Show the latest copies, and offer to make one of everything."""
    rows = Export.objects.select_related("made_by__user").order_by("-created_at")[:SHOWN]
    return render(request, "privacy/rights/exports.html", {"rows": list(rows)})


@member_view(role=Role.OWNER)
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


@member_view(role=Role.ADMIN)
def show(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """Show how far a copy is; the part about it answers alone when htmx names it."""
    return export_page(request, export_or_404(request, export_id))


def export_page(request: MemberRequest, export: Export, *, trouble: str = "", status: int = 200) -> HttpResponse:
    """Return the page of a copy."""
    contact = Contact.objects.filter(pk=export.subject_id).first() if export.subject_id else None
    conversation = latest_conversation(contact) if contact is not None else None
    may_say = conversation is not None and conversation.channel.is_bound and conversation.window_is_open(at=now())
    shown = {
        "export": export,
        "url": reverse("rights:export", args=[request.workspace.handle, export.pk]),
        "download_url": reverse("rights:download", args=[request.workspace.handle, export.pk]),
        "contact_name": called(contact, request.member) if contact is not None else "",
        "may_say": may_say,
        "link_opens": delivery.link_opens(export),
        "parts": sorted((key.replace("-", " "), count) for key, count in export.rows.items() if count),
        "trouble": trouble,
    }
    part = request.headers.get("HX-Target") == "export-progress"
    return render(
        request, "privacy/rights/_progress.html" if part else "privacy/rights/export.html", shown, status=status
    )


@member_view(role=Role.ADMIN)
@require_POST
def download(request: MemberRequest, export_id: UUID) -> Any:
    """Hand the copy out, once."""
    export = export_or_404(request, export_id)
    try:
        return delivery.hand_out(export, by=Actor.member(request.member.pk), member=request.member)
    except delivery.NotThere as no:
        return export_page(request, export, trouble=not_there(no), status=409)


@member_view(role=Role.ADMIN)
@require_POST
def send(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """Send the contact a link to their copy, in their own conversation; it works once."""
    export = export_or_404(request, export_id)
    contact = Contact.objects.filter(pk=export.subject_id).first() if export.subject_id else None
    conversation = latest_conversation(contact) if contact is not None else None
    if conversation is None or not conversation.channel.is_bound or not conversation.window_is_open(at=now()):
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
