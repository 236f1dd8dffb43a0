"""How a number looks in WhatsApp: read from Meta each time, and changed there. Nothing of it is kept here."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.audit.record import Actor, record
from troth.channels import connecting, drawing, registry
from troth.channels.face_forms import LinkForm, PictureForm, PinForm, ProfileForm, UsernameForm
from troth.channels.link import Link
from troth.channels.models import Channel
from troth.channels.views.found import channel_or_404, page
from troth.channels.views.outside import Ready, outside_view
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

FORMS: dict[str, type[forms.Form]] = {
    "profile": ProfileForm,
    "username": UsernameForm,
    "link": LinkForm,
    "pin": PinForm,
}


@outside_view(role=Role.ADMIN)
@require_GET
def show(request: HttpRequest, handle: str, channel_id: UUID) -> HttpResponse:
    """Show what Meta says of the number now."""
    visit = _prepare(request, handle, channel_id=channel_id)
    if not isinstance(visit, Ready):
        return visit
    face = registry.face(visit.carried["link"])
    return _page(request, handle, channel_id=channel_id, face=face, entered={})


@outside_view(role=Role.ADMIN)
@require_POST
def change(request: HttpRequest, handle: str, channel_id: UUID, act: str) -> HttpResponse:
    """Change a part of it at Meta. What Meta does not take stands in its form, with the reason."""
    if act not in FORMS:
        raise Http404
    visit = _prepare(request, handle, channel_id=channel_id)
    if not isinstance(visit, Ready):
        return visit
    link: Link = visit.carried["link"]
    form = FORMS[act](request.POST)
    if form.is_valid():
        values = form.profile() if isinstance(form, ProfileForm) else form.cleaned_data
        check = registry.change_face(link, act, values)
        if check.ok:
            return _changed(request, handle, channel_id=channel_id, act=act)
        form.add_error(None, registry.explain_face(link.kind, check))
    return _page(request, handle, channel_id=channel_id, face=registry.face(link), entered={act: form}, status=422)


@outside_view(role=Role.ADMIN)
@require_POST
def picture(request: HttpRequest, handle: str, channel_id: UUID) -> HttpResponse:
    """Show another picture of the number: it is made as WhatsApp wants it, uploaded, and set."""
    visit = _prepare(request, handle, channel_id=channel_id)
    if not isinstance(visit, Ready):
        return visit
    link: Link = visit.carried["link"]
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        check = registry.upload(link, form.cleaned_data["picture"], name="picture.jpg", mime="image/jpeg")
        if check.ok:
            check = registry.change_face(link, "picture", {"handle": check.facts["handle"]})
        if check.ok:
            return _changed(request, handle, channel_id=channel_id, act="picture")
        form.add_error("picture", registry.explain_face(link.kind, check))
    shown = {"face": registry.face(link), "entered": {"picture": form}}
    return _page(request, handle, channel_id=channel_id, **shown, status=422)


@outside_view(role=Role.ADMIN)
@require_POST
def remove_link(request: HttpRequest, handle: str, channel_id: UUID, code: str) -> HttpResponse:
    """Take a link away."""
    visit = _prepare(request, handle, channel_id=channel_id)
    if not isinstance(visit, Ready):
        return visit
    check = registry.change_face(visit.carried["link"], "unlink", {"code": code})
    return _changed(request, handle, channel_id=channel_id, act="unlink", check=check)


@outside_view(role=Role.ADMIN)
@require_GET
def sheet(request: HttpRequest, handle: str, channel_id: UUID, code: str) -> HttpResponse:
    """Show one link as a sheet of paper to be printed."""
    visit = _prepare(request, handle, channel_id=channel_id)
    if not isinstance(visit, Ready):
        return visit
    found = registry.link_by_code(visit.carried["link"], code)
    if found is None:
        raise Http404
    return _sheet(request, handle, channel_id=channel_id, found=found)


@member_view(role=Role.ADMIN)
def _prepare(request: MemberRequest, channel_id: UUID) -> HttpResponse:
    return Ready(link=connecting.link_of(_bound_or_404(request, channel_id)))


@member_view(role=Role.ADMIN)
def _page(
    request: MemberRequest, channel_id: UUID, face: registry.Face, entered: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    channel = _bound_or_404(request, channel_id)
    fresh: dict[str, forms.Form] = {
        "profile": ProfileForm.of(face.profile),
        "picture": PictureForm(),
        "username": UsernameForm(initial={"username": face.username}),
        "link": LinkForm(),
        "pin": PinForm(),
    }
    links = _links(face, entered)
    shown: dict[str, Any] = {
        "channel": channel,
        "face": face,
        "problem": registry.explain_check(channel.kind, face.problem) if face.problem else "",
        "username_state": _username_state(face.username_status),
        "forms": {**fresh, **entered},
        "links": links,
    }
    return page(request, "channels/face.html", shown, status=status)


def _links(face: registry.Face, entered: dict[str, forms.Form]) -> list[dict[str, Any]]:
    """Return the links, each with the form that changes its words. One that was entered wrongly is shown there, and not as
    that of a new link."""
    listed = []
    for one in face.links:
        tried = entered.get("link")
        form = tried if tried is not None and tried["code"].value() == one.code else None
        if form is not None:
            form.auto_id = f"id_{one.code}_%s"
            del entered["link"]
        listed.append(
            {"link": one, "drawing": drawing.qr(one.url), "form": form or _words_of(one), "is_open": form is not None}
        )
    return listed


def _words_of(link: registry.FaceLink) -> LinkForm:
    return LinkForm(initial={"greeting": link.greeting, "code": link.code}, auto_id=f"id_{link.code}_%s")


@member_view(role=Role.ADMIN)
def _sheet(request: MemberRequest, channel_id: UUID, found: registry.FaceLink) -> HttpResponse:
    channel = _bound_or_404(request, channel_id)
    return page(request, "channels/sheet.html", {"channel": channel, "link": found, "drawing": drawing.qr(found.url)})


@member_view(role=Role.ADMIN)
def _changed(request: MemberRequest, channel_id: UUID, act: str, check: registry.Check | None = None) -> HttpResponse:
    channel = _bound_or_404(request, channel_id)
    if check is not None and not check.ok:
        messages.error(request, registry.explain_face(channel.kind, check))
    else:
        record(f"channel.{act}_changed", by=Actor.member(request.member.pk), target=("channel", channel.pk))
        messages.success(request, _said(act))
    return redirect("channels:face", handle=request.workspace.handle, channel_id=channel.pk)


def _said(act: str) -> str:
    return {
        "profile": _("The profile was saved. WhatsApp shows it within some minutes."),
        "picture": _("The picture was saved. WhatsApp shows it within some minutes."),
        "username": _("The username was saved."),
        "link": _("The link was saved."),
        "unlink": _("The link was taken away. Its code opens nothing any more."),
        "pin": _("The new PIN is set. Troth did not keep it."),
    }[act]


def _username_state(status: str) -> str:
    return {
        "reserved": _("Reserved for you. People see it once WhatsApp offers usernames where they are."),
        "pending_review": _("WhatsApp is looking at it."),
        "approved": _("People can see it and find you by it."),
    }.get(status, "")


def _bound_or_404(request: MemberRequest, channel_id: UUID) -> Channel:
    channel = channel_or_404(request, channel_id)
    if not channel.is_bound:
        raise Http404
    return channel
