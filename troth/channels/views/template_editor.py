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
from troth.channels.definition import Draft, faults_of, shown
from troth.channels.definition.drafting import BUTTONS, CARD_BUTTONS, can_draft
from troth.channels.definition.reading import VARIABLE
from troth.channels.definition.sending import is_named
from troth.channels.models import Channel, MessageTemplate
from troth.channels.syncing import stamp_of, take
from troth.channels.template_post import act_on, draft_in
from troth.channels.template_words import EDITABLE, LANGUAGES, edit_rule, fault_text, language_name
from troth.channels.views.found import channel_or_404, page
from troth.channels.views.outside import Ready, outside_view
from troth.channels.views.templates import template_or_404, to_template
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

MEGABYTE = 1024 * 1024
# Source: Cloud API, media (read 2026-11-29); a document's sample is smaller than a document may be.
SAMPLES = {
    "image": (("image/jpeg", "image/png"), 5 * MEGABYTE),
    "video": (("video/mp4", "video/3gpp"), 16 * MEGABYTE),
    "document": (("application/pdf",), 16 * MEGABYTE),
}
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
    if template is not None and not _may_edit(template):
        messages.error(request, _("This template cannot be changed now. Its page says why."))
        return to_template(request, channel, template)
    if request.method == "GET":
        return _form(request, channel, template, _begun(request, channel, template))
    draft = draft_in(request.POST)
    if template is not None:
        draft.name, draft.language = template.name, template.language
        draft.category = template.category if _keeps_category(template) else draft.category
    act = request.POST.get("act", "")
    if act.startswith("upload:"):
        return _sample(request, channel, template, draft, place=act.removeprefix("upload:"))
    if act != "submit":
        act_on(draft, act)
        return _form(request, channel, template, draft)
    body = _body(draft, is_new=template is None)
    if _faults(draft):
        return _form(request, channel, template, draft, tried=True, status=422)
    return Ready(link=link_of(channel), draft=draft, body=body, external_id=template.external_id if template else None)


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
        return _form(request, channel, template, draft, said=_("Choose a file first."))
    types, most = SAMPLES[kind]
    mime = (file.content_type or "").lower()
    if mime not in types:
        words = {"types": ", ".join(one.rpartition("/")[2].upper() for one in types)}
        return _form(
            request, channel, template, draft, said=_("This kind of file does not fit. It has to be %(types)s.") % words
        )
    if not file.size or file.size > most:
        words = {"most": str(most // MEGABYTE)}
        return _form(request, channel, template, draft, said=_("The file has to be smaller than %(most)s MB.") % words)
    name = f"sample.{mime.rpartition('/')[2]}"  # people's own names of files stay here
    return Ready(link=link_of(channel), draft=draft, place=place, data=file.read(), name=name, mime=mime)


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
        return _form(request, channel, template, draft, said=registry.explain_template(channel.kind, check))
    if place == "header":
        draft.handle, draft.file = check.facts["handle"], name
    elif (at := place.removeprefix("card-")).isdecimal() and int(at) < len(draft.cards):
        draft.cards[int(at)].handle, draft.cards[int(at)].file = check.facts["handle"], name
    return _form(request, channel, template, draft)


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
        return _form(request, channel, template, draft, said=said, tried=True, status=422)
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


def _form(
    request: MemberRequest,
    channel: Channel,
    template: MessageTemplate | None,
    draft: Draft,
    *,
    said: str = "",
    tried: bool = False,
    status: int = 200,
) -> HttpResponse:
    faults = _faults(draft)
    shown_here = {
        "channel": channel,
        "template": template,
        "draft": draft,
        "said": said,
        "tried": tried,
        "faults": [(fault, fault_text(fault)) for fault in faults],
        "look": shown(draft.definition(), _example_values(draft), category=draft.category),
        "variables": [
            {"key": key, "name": name, "value": draft.examples.get(key, ""), "card": _card_of(key)}
            for key, name in draft.variables()
        ],
        "keeps_category": template is not None and _keeps_category(template),
        "edit_rule": edit_rule(template) if template else "",
        "languages": [(code, language_name(code)) for code in LANGUAGES],
        "button_kinds": [(kind, _button_words(kind)) for kind in BUTTONS],
        "card_button_kinds": [(kind, _button_words(kind)) for kind in CARD_BUTTONS],
        "sample_types": ",".join(SAMPLES[draft.header][0]) if draft.header in SAMPLES else "",
        "card_types": ",".join(SAMPLES[draft.card_media][0]) if draft.card_media in SAMPLES else "",
    }
    whole = not request.headers.get("HX-Request")
    return page(request, "channels/template_edit.html" if whole else "channels/_editor.html", shown_here, status=status)


def _faults(draft: Draft) -> list[Any]:
    return faults_of(
        draft.definition(), name=draft.name, language=draft.language, category=draft.category, named=draft.named
    )


def _body(draft: Draft, *, is_new: bool) -> dict[str, Any]:
    """Return what Meta is to be given. The name and the language of one that exists are not said again."""
    body: dict[str, Any] = {"category": draft.category, "components": draft.definition()}
    if is_new:
        body |= {"name": draft.name, "language": draft.language}
        body["parameter_format"] = "named" if draft.named else "positional"
    return body


def _example_values(draft: Draft) -> dict[str, str]:
    """Return what the preview shows: the examples, and for links and codes theirs."""
    values = {key: value.strip() for key, value in draft.examples.items() if value.strip()}
    buttons = [(f"button:{at}", button) for at, button in enumerate(draft.buttons)]
    for at, card in enumerate(draft.cards):
        buttons += [(f"card{at}.button:{index}", button) for index, button in enumerate(card.buttons)]
    for key, button in buttons:
        if button.kind == "COPY_CODE":
            values[key] = button.value
        elif button.kind == "URL" and VARIABLE.search(button.value) and button.example:
            values[key] = button.example.removeprefix(VARIABLE.split(button.value)[0])
    return values | {"code": "123456"}


def _card_of(key: str) -> int:
    """Return which card a variable stands in, counted from 1; 0 for none."""
    return int(key.split(".")[0].removeprefix("card")) + 1 if key.startswith("card") else 0


def _may_edit(template: MessageTemplate) -> bool:
    return bool(template.external_id) and template.status in EDITABLE and can_draft(template.components)


def _keeps_category(template: MessageTemplate) -> bool:
    """Return whether the category is fixed: that of a template which was approved."""
    return template.status != "REJECTED"


def _button_words(kind: str) -> str:
    return {
        "QUICK_REPLY": _("Quick reply"),
        "URL": _("Open a link"),
        "PHONE_NUMBER": _("Call a number"),
        "COPY_CODE": _("Copy a code"),
        "FLOW": _("Open a form (Flow)"),
        "CATALOG": _("Open the catalogue"),
        "MPM": _("Show products"),
        "SPM": _("Show a product"),
        "VOICE_CALL": _("Call in WhatsApp"),
        "REQUEST_CONTACT_INFO": _("Ask for the phone number"),
    }[kind]
