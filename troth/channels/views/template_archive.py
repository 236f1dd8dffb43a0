"""Putting a template away here, or into WhatsApp's own archive, and taking it out again."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.channels import registry
from troth.channels.connecting import link_of
from troth.channels.models import MessageTemplate
from troth.channels.models.template import ARCHIVABLE, ARCHIVED
from troth.channels.sync_wanted import ask_for_sync
from troth.channels.syncing import mark
from troth.channels.views.found import channel_or_404
from troth.channels.views.outside import Ready, outside_view
from troth.channels.views.templates import template_or_404, to_template
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.ADMIN)
@require_POST
def put_away(request: MemberRequest, channel_id: UUID, template_id: UUID) -> HttpResponse:
    """Put a template away here, in one language or with `all` in every one, or with `out` take it out."""
    channel = channel_or_404(request, channel_id)
    template = template_or_404(channel, template_id)
    out = request.POST.get("out") == "yes"
    rows: QuerySet[MessageTemplate] = MessageTemplate.objects.filter(pk=template.pk)
    if request.POST.get("all") == "yes":
        rows = MessageTemplate.objects.filter(account_id=channel.account_id, name=template.name)
    if rows.filter(put_away_at__isnull=not out).update(put_away_at=None if out else now()):
        verb = "template.taken_out" if out else "template.put_away"
        record(verb, by=Actor.member(request.member.pk), target=("template", template_id))
    messages.success(request, _("Taken out. It can be chosen again.") if out else _("Put away. It is offered no more."))
    return to_template(request, channel, template)


@outside_view(role=Role.ADMIN)
@require_POST
def archive(request: HttpRequest, handle: str, channel_id: UUID, template_id: UUID) -> HttpResponse:
    """Put a template into WhatsApp's archive, or with `out` take it out of there."""
    ready = _prepare(request, handle, channel_id=channel_id, template_id=template_id)
    if not isinstance(ready, Ready):
        return ready
    out = ready.carried["out"]
    check = registry.archive_template(ready.carried["link"], template_id=ready.carried["external_id"], away=not out)
    return _archived(request, handle, channel_id=channel_id, template_id=template_id, check=check, out=out)


@member_view(role=Role.ADMIN)
def _prepare(request: MemberRequest, channel_id: UUID, template_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    template = template_or_404(channel, template_id)
    out = request.POST.get("out") == "yes"
    if not channel.is_bound:
        raise Http404
    if not template.external_id:
        messages.error(request, _("Bring the list up to date first: this template is not known well enough."))
    elif not registry.may_archive():
        messages.error(request, _("This is not possible here yet. WhatsApp Manager can do it."))
    elif template.status not in (ARCHIVED if out else ARCHIVABLE):
        messages.error(
            request, _("WhatsApp archives only templates that are approved or rejected, and takes out only those.")
        )
    else:
        return Ready(link=link_of(channel), external_id=template.external_id, out=out)
    return to_template(request, channel, template)


@member_view(role=Role.ADMIN)
def _archived(
    request: MemberRequest, channel_id: UUID, template_id: UUID, check: registry.Check, out: bool
) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    template = template_or_404(channel, template_id)
    if not check.ok:
        messages.error(request, registry.explain_template(channel.kind, check))
        return to_template(request, channel, template)
    if out:
        # What it was before it was archived only Meta knows: its news, or the list, says so in a moment.
        ask_for_sync(channel.account_id, delay_s=1)
    else:
        mark(template, "ARCHIVED")
    verb = "template.unarchived" if out else "template.archived"
    record(verb, by=Actor.member(request.member.pk), target=("template", template_id))
    messages.success(
        request,
        _("Taken out of WhatsApp's archive. Its state is being read.")
        if out
        else _("In WhatsApp's archive. Meta deletes it after 28 days unless it is taken out before."),
    )
    return to_template(request, channel, template)
