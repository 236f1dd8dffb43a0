"""An account's templates: the list, and one of them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.audit.record import Actor, record
from troth.channels import registry
from troth.channels.connecting import link_of
from troth.channels.definition import shown
from troth.channels.definition.drafting import can_draft
from troth.channels.models import Channel, MessageTemplate
from troth.channels.models.template import ARCHIVABLE, ARCHIVED
from troth.channels.sync_wanted import ask_for_sync, sync_of
from troth.channels.syncing import mark
from troth.channels.template_words import CATEGORIES, EDITABLE, category_news, edit_rule, to_do
from troth.channels.templates_told import Line, line_of
from troth.channels.views.found import channel_or_404, page
from troth.channels.views.outside import Ready, outside_view
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

SHOWN_MAX = 300
WORDS_CHARS_MAX = 100
# How the list may be narrowed: our words for several of Meta's states.
GROUPS = {
    "approved": ("APPROVED", "REINSTATED", "FLAGGED"),
    "review": ("PENDING", "IN_APPEAL"),
    "trouble": ("REJECTED", "PAUSED", "DISABLED", "LOCKED", "LIMIT_EXCEEDED"),
    "archived": ("ARCHIVED", "PENDING_DELETION", "DELETED"),  # and what was put away here
}
# What is shown only to those who ask for it.
GONE = ("PENDING_DELETION", "DELETED")


@dataclass
class Named:
    """All languages of one template."""

    name: str
    lines: list[Line] = field(default_factory=list)
    text: str = ""


@member_view
@require_GET
def index(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    asked = {key: request.GET.get(key, "")[:WORDS_CHARS_MAX] for key in ("q", "status", "category")}
    found, has_more = _named(channel, **asked)
    ours = MessageTemplate.objects.filter(account_id=channel.account_id)
    has_any = bool(found) or ours.exclude(status__in=GONE).exists()
    shown_here = {
        **_frame(request, channel),
        "named": found,
        "has_more": has_more,
        "has_any": has_any,
        "asked": asked,
        "states": [("approved", _("Approved")), ("review", _("Being reviewed")), ("trouble", _("In trouble")), ("archived", pgettext("state", "Put away"))],
        "categories": list(CATEGORIES.items()),
    }  # fmt: skip
    return page(request, "channels/templates.html", shown_here)


@member_view(role=Role.ADMIN)
@require_POST
def sync(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    """Ask for the list to be read anew."""
    channel = channel_or_404(request, channel_id)
    if not channel.is_bound:
        raise Http404
    ask_for_sync(channel.account_id, delay_s=0)
    if request.headers.get("HX-Request"):
        return page(request, "channels/_sync.html", _frame(request, channel))
    return redirect("channels:templates", handle=request.workspace.handle, channel_id=channel.pk)


@member_view
@require_GET
def progress(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    """Show how far reading the list has got. When it is done the page is told to look again."""
    frame = _frame(request, channel_or_404(request, channel_id))
    if not request.headers.get("HX-Request"):
        return redirect("channels:templates", handle=request.workspace.handle, channel_id=channel_id)
    answer = page(request, "channels/_sync.html", frame)
    if not (frame["sync"] and frame["sync"].is_running):
        answer["HX-Refresh"] = "true"
    return answer


@member_view
@require_GET
def show(request: MemberRequest, channel_id: UUID, template_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    template = template_or_404(channel, template_id)
    others = MessageTemplate.objects.filter(account_id=channel.account_id, name=template.name)
    others = others.exclude(Q(status__in=GONE) & ~Q(pk=template.pk)).order_by("language")
    whole = isinstance(template.components, list)
    beside = request.GET.get("languages") == "all"
    shown_here = {
        **_frame(request, channel),
        "template": template,
        "line": line_of(template),
        "look": _look_of(template),
        "languages": [line_of(one) for one in others.defer("components")],
        "sides": [{"line": line_of(one), "look": _look_of(one)} for one in others] if beside else [],
        "can_edit": whole and template.status in EDITABLE and can_draft(template.components),
        "can_copy": whole and can_draft(template.components),
        "edit_rule": edit_rule(template),
        "to_do": to_do(template),
        "category_news": category_news(template),
        "category_at": template.category_at,
        "is_put_away": template.put_away_at is not None,
        "may_archive": registry.may_archive(),
        "archives_from": registry.archives_from(),
        "can_archive": template.status in ARCHIVABLE,
        "is_archived": template.status in ARCHIVED,
    }
    return page(request, "channels/template.html", shown_here)


def _look_of(template: MessageTemplate) -> dict[str, Any] | None:
    """Return what a template looks like, None where Meta has not told yet what it says."""
    whole = isinstance(template.components, list)
    return shown(template.components, {}, category=template.category) if whole else None


@outside_view(role=Role.ADMIN)
@require_POST
def delete(request: HttpRequest, handle: str, channel_id: UUID, template_id: UUID) -> HttpResponse:
    """Delete a template at Meta in one language, or with `all` in every one."""
    ready = _prepare(request, handle, channel_id=channel_id, template_id=template_id)
    if not isinstance(ready, Ready):
        return ready
    every = request.POST.get("all") == "yes"
    check = registry.delete_template(
        ready.carried["link"], name=ready.carried["name"], template_id=None if every else ready.carried["external_id"]
    )
    return _deleted(request, handle, channel_id=channel_id, template_id=template_id, check=check, every=every)


@member_view(role=Role.ADMIN)
def _prepare(request: MemberRequest, channel_id: UUID, template_id: UUID) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    template = template_or_404(channel, template_id)
    if not channel.is_bound or not template.external_id:
        messages.error(request, _("Bring the list up to date first: this template is not known well enough."))
        return _to_list(request, channel)
    return Ready(link=link_of(channel), name=template.name, external_id=template.external_id)


@member_view(role=Role.ADMIN)
def _deleted(
    request: MemberRequest, channel_id: UUID, template_id: UUID, check: registry.Check, every: bool
) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    template = template_or_404(channel, template_id)
    if not check.ok:
        messages.error(request, registry.explain_template(channel.kind, check))
        return to_template(request, channel, template)
    _mark_deleted(channel, template, every=every)
    record("template.deleted", by=Actor.member(request.member.pk), target=("template", template_id))
    messages.success(request, _("Deleted. Meta keeps the name of an approved template for 30 days."))
    return _to_list(request, channel)


def _mark_deleted(channel: Channel, template: MessageTemplate, *, every: bool) -> None:
    """Mark as deleted what was deleted. The rows stay until Meta lists them no more: its news of them, which comes in any
    order, would otherwise bring them back as if they lived."""
    rows = MessageTemplate.objects.select_for_update(no_key=True).filter(account_id=channel.account_id)
    for one in rows.filter(name=template.name) if every else rows.filter(pk=template.pk):
        mark(one, "DELETED")


def template_or_404(channel: Channel, template_id: UUID) -> MessageTemplate:
    """Return a template of the channel's account. Raises: Http404."""
    found = MessageTemplate.objects.filter(pk=template_id, account_id=channel.account_id).first()
    if found is None or not channel.account_id:
        raise Http404
    return found


def to_template(request: MemberRequest, channel: Channel, template: MessageTemplate) -> HttpResponse:
    """Go to a template's page."""
    return redirect(
        "channels:template", handle=request.workspace.handle, channel_id=channel.pk, template_id=template.pk
    )


def _to_list(request: MemberRequest, channel: Channel) -> HttpResponse:
    return redirect("channels:templates", handle=request.workspace.handle, channel_id=channel.pk)


def _frame(request: MemberRequest, channel: Channel) -> dict[str, Any]:
    return {
        "channel": channel,
        "may_manage": request.member.may(Role.ADMIN) and channel.is_bound,
        "sync": sync_of(channel.account_id),
        "sync_problem": _sync_problem(channel),
    }


def _sync_problem(channel: Channel) -> str:
    found = sync_of(channel.account_id)
    if found is None or not found.problem:
        return ""
    own = {
        "not_connected": _("No number of this account is connected, so its templates cannot be read."),
        "too_many": _("The account has more templates than Troth reads."),
    }
    return own.get(found.problem) or registry.explain_check(channel.kind, found.problem)


def _named(channel: Channel, *, q: str, status: str, category: str) -> tuple[list[Named], bool]:
    """Return the templates by name, those in which the words stand, and whether there are more."""
    rows = (
        MessageTemplate.objects.filter(account_id=channel.account_id)
        if channel.account_id
        else MessageTemplate.objects.none()
    )
    gone = Q(status__in=GONE) | Q(put_away_at__isnull=False)
    if status == "archived":
        rows = rows.filter(Q(status__in=GROUPS[status]) | Q(put_away_at__isnull=False))
    else:
        rows = rows.exclude(gone).filter(status__in=GROUPS[status]) if status in GROUPS else rows.exclude(gone)
    if category in CATEGORIES:
        rows = rows.filter(category=category)
    words, spoken = q.casefold().split(), (get_language() or "en")[:2]
    found: dict[str, Named] = {}
    for template in rows.order_by("name", "language"):
        look = (
            shown(template.components, {}, category=template.category) if isinstance(template.components, list) else {}
        )
        text = (
            f"{template.name} {template.name.replace('_', ' ')} {template.language} {look.get('body', '')}".casefold()
        )
        if not all(word in text for word in words):
            continue
        if template.name not in found and len(found) >= SHOWN_MAX:
            return list(found.values()), True
        one = found.setdefault(template.name, Named(template.name))
        if not one.text or template.language.startswith(spoken):
            one.text = str(look.get("body", ""))
        one.lines.append(line_of(template))
    return list(found.values()), False
