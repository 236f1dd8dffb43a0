"""Writing a template: a new one, a copy, another language, or a change. Meta is asked between two visits."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.channels import registry
from troth.channels.connecting import link_of
from troth.channels.definition import Draft
from troth.channels.definition.drafting import can_draft
from troth.channels.definition.sending import is_named
from troth.channels.models import Channel, MessageTemplate
from troth.channels.syncing import stamp_of, take
from troth.channels.template_post import act_on, draft_in
from troth.channels.views.found import channel_or_404
from troth.channels.views.outside import Ready, outside_view
from troth.channels.views.template_form import (
    MEGABYTE,
    SAMPLES,
    Flows,
    faults_in,
    form_page,
    keeps_category,
    may_edit,
    opens_flow,
)
from troth.channels.views.templates import template_or_404, to_template
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

EDITS_KEPT = 20


@outside_view(role=Role.ADMIN)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, handle: str, channel_id: UUID) -> HttpResponse:
    return _edit(request, handle, channel_id=channel_id, template_id=None)


@outside_view(role=Role.ADMIN)
@require_http_methods(["GET", "POST"])
def update(request: HttpRequest, handle: str, channel_id: UUID, template_id: UUID) -> HttpResponse:
    return _edit(request, handle, channel_id=channel_id, template_id=template_id)


def _edit(request: HttpRequest, handle: str, *, channel_id: UUID, template_id: UUID | None) -> HttpResponse:
    ready = _prepare(request, handle, channel_id=channel_id, template_id=template_id)
    if not isinstance(ready, Ready):
        return ready
    asked = ready.carried
    if "flows" in asked:
        told = registry.flows(asked["link"])
        return _flows_told(
            request, handle, channel_id=channel_id, template_id=template_id, draft=asked["draft"], told=told
        )
    here = {"channel_id": channel_id, "template_id": template_id, "draft": asked["draft"]}
    if "data" in asked:
        check = registry.upload_sample(asked["link"], asked["data"], name=asked["name"], mime=asked["mime"])
        return _uploaded(request, handle, place=asked["place"], name=asked["name"], check=check, **here)
    check = registry.submit_template(asked["link"], asked["body"], template_id=asked["external_id"])
    return _submitted(request, handle, body=asked["body"], check=check, **here)


@member_view(role=Role.ADMIN)
def _prepare(request: MemberRequest, channel_id: UUID, template_id: UUID | None) -> HttpResponse:
    """Show the form, or say what Meta is to be asked."""
    channel = channel_or_404(request, channel_id)
    if not channel.is_bound:
        raise Http404
    template = template_or_404(channel, template_id) if template_id else None
    if template is not None and not may_edit(template):
        messages.error(request, _("This template cannot be changed now. Its page says why."))
        return to_template(request, channel, template)
    if request.method == "GET":
        return _shown(request, channel, template, _begun(request, channel, template))
    draft = draft_in(request.POST)
    if template is not None:
        draft.name, draft.language = template.name, template.language
        draft.category = template.category if keeps_category(template) else draft.category
    act = request.POST.get("act", "")
    if act.startswith("upload:"):
        return _sample(request, channel, template, draft, place=act.removeprefix("upload:"))
    if act != "submit":
        return _shown(request, channel, template, draft, moved=act_on(draft, act))
    body = _body(draft, is_new=template is None)
    if faults_in(draft):
        return form_page(request, channel, template, draft, tried=True, status=422)
    return Ready(link=link_of(channel), draft=draft, body=body, external_id=template.external_id if template else None)


def _shown(
    request: MemberRequest, channel: Channel, template: MessageTemplate | None, draft: Draft, *, moved: str = ""
) -> HttpResponse:
    """Show the form; where a button opens a form (Flow) and the account's are not known to the page, ask Meta first."""
    if opens_flow(draft) and (not Flows.of_page(request.POST).is_told or request.POST.get("act") == "flows"):
        return Ready(link=link_of(channel), draft=draft, flows=True)
    return form_page(request, channel, template, draft, moved=moved)


def _begun(request: MemberRequest, channel: Channel, template: MessageTemplate | None) -> Draft:
    """Return what the form begins with: the template, one to be copied, or nothing."""
    source = template
    try:
        copied = request.GET.get("copy", "")
        source = source or (template_or_404(channel, UUID(copied)) if copied else None)
    except ValueError:
        raise Http404 from None
    if source is None or not can_draft(source.components):
        return Draft(language="en")
    named = is_named(source.components, source.parameter_format)
    draft = Draft.of(
        source.components, name=source.name, language=source.language, category=source.category, named=named
    )
    if template is None and request.GET.get("language") == "other":
        draft.language = ""
    elif template is None:
        draft.name = f"{source.name}_copy"[:512]
    return draft


def _sample(
    request: MemberRequest, channel: Channel, template: MessageTemplate | None, draft: Draft, *, place: str
) -> HttpResponse:
    """Say which file Meta is to be given, or why not."""
    file = request.FILES.get(f"sample-{place}")
    kind = draft.header if place == "header" else draft.card_media
    if not isinstance(file, UploadedFile) or kind not in SAMPLES:
        return form_page(request, channel, template, draft, said=_("Choose a file first."))
    types, most = SAMPLES[kind]
    mime = (file.content_type or "").lower()
    if mime not in types:
        words = {"types": ", ".join(one.rpartition("/")[2].upper() for one in types)}
        return form_page(
            request, channel, template, draft, said=_("This kind of file does not fit. It has to be %(types)s.") % words
        )
    if not file.size or file.size > most:
        words = {"most": str(most // MEGABYTE)}
        return form_page(
            request, channel, template, draft, said=_("The file has to be smaller than %(most)s MB.") % words
        )
    name = f"sample.{mime.rpartition('/')[2]}"  # people's own names of files stay here
    return Ready(link=link_of(channel), draft=draft, place=place, data=file.read(), name=name, mime=mime)


@member_view(role=Role.ADMIN)
def _flows_told(
    request: MemberRequest, channel_id: UUID, template_id: UUID | None, draft: Draft, told: registry.Flows
) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    template = template_or_404(channel, template_id) if template_id else None
    problem = "" if told.check.ok else registry.explain_check(channel.kind, told.check.code)
    flows = Flows({flow.id: flow.name for flow in told.found}, problem)
    return form_page(request, channel, template, draft, flows=flows)


@member_view(role=Role.ADMIN)
def _uploaded(
    request: MemberRequest,
    channel_id: UUID,
    template_id: UUID | None,
    draft: Draft,
    place: str,
    name: str,
    check: registry.Check,
) -> HttpResponse:
    channel = channel_or_404(request, channel_id)
    template = template_or_404(channel, template_id) if template_id else None
    if not check.ok:
        return form_page(request, channel, template, draft, said=registry.explain_template(channel.kind, check))
    if place == "header":
        draft.handle, draft.file = check.facts["handle"], name
    elif (at := place.removeprefix("card-")).isdecimal() and int(at) < len(draft.cards):
        draft.cards[int(at)].handle, draft.cards[int(at)].file = check.facts["handle"], name
    return form_page(request, channel, template, draft)


@member_view(role=Role.ADMIN)
def _submitted(
    request: MemberRequest,
    channel_id: UUID,
    template_id: UUID | None,
    draft: Draft,
    body: dict[str, Any],
    check: registry.Check,
) -> HttpResponse:
    """Keep what Meta has taken, or show the form again with what it said."""
    channel = channel_or_404(request, channel_id)
    template = template_or_404(channel, template_id) if template_id else None
    if not check.ok:
        said = registry.explain_template(channel.kind, check)
        return form_page(request, channel, template, draft, said=said, tried=True, status=422)
    instant = now()
    kept = _kept(channel, template, draft)
    node = {
        "id": check.facts.get("id") or kept.external_id,
        "status": check.facts.get("status") or "PENDING",
        "category": check.facts.get("category") or draft.category,
        "components": body["components"],
        "parameter_format": "NAMED" if draft.named else "POSITIONAL",
    }
    if kept.status in ("APPROVED", "REINSTATED", "PAUSED"):
        kept.edits = [*kept.edits, instant.isoformat()][-EDITS_KEPT:]
    take(kept, node, stamp=stamp_of(instant, "submitted"))
    kept.advice = None
    kept.save()
    record("template.submitted", by=Actor.member(request.member.pk), target=("template", kept.pk))
    messages.success(request, _("Handed in. Meta's decision shows here by itself, mostly within minutes."))
    return to_template(request, channel, kept)


def _kept(channel: Channel, template: MessageTemplate | None, draft: Draft) -> MessageTemplate:
    """Return the template's row, locked: Meta's news of it may come at the same moment, and be the first to make it."""
    if template is None:
        made = MessageTemplate(account_id=channel.account_id, name=draft.name, language=draft.language)
        MessageTemplate.objects.bulk_create([made], ignore_conflicts=True)
    rows = MessageTemplate.objects.select_for_update(no_key=True).filter(account_id=channel.account_id)
    return rows.get(name=draft.name, language=draft.language)


def _body(draft: Draft, *, is_new: bool) -> dict[str, Any]:
    """Return what Meta is to be given. The name and the language of one that exists are not said again."""
    body: dict[str, Any] = {"category": draft.category, "components": draft.definition()}
    if is_new:
        body |= {"name": draft.name, "language": draft.language}
        body["parameter_format"] = "named" if draft.named else "positional"
    return body
