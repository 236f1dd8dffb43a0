"""Merging contacts that are one person, and separating them again. A preview stands before either."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.contacts.merging import CannotMerge
from troth.contacts.models import Contact, Merge
from troth.inbox import doubles
from troth.inbox.views.found import seen
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.ADMIN)
def index(request: MemberRequest) -> HttpResponse:
    """List the pairs that may be one person."""
    return _page(request, "inbox/doubles.html", pairs=doubles.everywhere(request.member))


@member_view(role=Role.AGENT)
def merge(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Find who is the same person as this, show what merging would do, and on POST do it."""
    contact = _contact(request, conversation_id)
    other = _other(request.POST.get("with") or request.GET.get("with", ""))
    if request.method == "POST" and other is not None:
        try:
            doubles.merge(contact.id, other, by=request.member)
        except CannotMerge as no:
            messages.error(request, str(no))
        else:
            messages.success(request, _("Merged. You can separate them again in the details of the person."))
        return redirect("conversation", request.workspace.handle, conversation_id)
    shown: dict[str, object] = {"conversation_id": conversation_id, "contact_id": contact.id}
    if other is not None:
        try:
            return _page(
                request, "inbox/merge.html", **shown, preview=doubles.preview(contact.id, other, request.member)
            )
        except CannotMerge as no:
            messages.error(request, str(no))
    words = request.GET.get("q", "").strip()[:200]
    shown |= {"name": doubles.called(contact.id, request.member), "words": words}
    shown["found"] = doubles.find(contact.id, words, request.member) if words else []
    shown["suggested"] = doubles.suggestions(contact.id, request.member)
    return _page(request, "inbox/merge_with.html", **shown)


@require_POST
@member_view(role=Role.AGENT)
def apart(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Note that two are not the same person, so that it is suggested no more."""
    contact = _contact(request, conversation_id)
    other = _other(request.POST.get("with", ""))
    if other is not None and doubles.may_touch(request.member, [other]):
        doubles.tell_apart(contact.id, other, by=request.member)
        messages.success(request, _("Noted: they are two people. This is not suggested again."))
    if request.POST.get("back") == "list":
        return redirect("doubles", request.workspace.handle)
    return redirect("conversation", request.workspace.handle, conversation_id)


@member_view(role=Role.AGENT)
def parting(request: MemberRequest, conversation_id: UUID) -> HttpResponse:
    """Show who was merged into this person; on POST separate them again."""
    contact = _contact(request, conversation_id)
    if request.method == "POST":
        try:
            doubles.part(_merge(request.POST.get("merge", "")), of=contact.id, by=request.member)
        except CannotMerge as no:
            messages.error(request, str(no))
        except Merge.DoesNotExist:
            messages.error(request, _("These two are separate already."))
        else:
            messages.success(request, _("Separated. Each has what came under its own numbers and ids."))
        return redirect("conversation", request.workspace.handle, conversation_id)
    merges = doubles.merges_of(contact.id, request.member)
    name = doubles.called(contact.id, request.member)
    return _page(request, "inbox/parting.html", conversation_id=conversation_id, name=name, merges=merges)


def _contact(request: MemberRequest, conversation_id: UUID) -> Contact:
    found: Contact = seen(request).conversation(conversation_id).contact
    return found


def _page(request: MemberRequest, template: str, **shown: object) -> HttpResponse:
    return render(request, template, {"workspace": request.workspace, "member": request.member, **shown})


def _other(text: str) -> UUID | None:
    """Return whom a request names, None where it names nobody. Raises: Http404, where there is nobody like that here."""
    id = _uuid(text)
    if text and (id is None or not Contact.objects.filter(id=id).exists()):
        raise Http404
    return id


def _merge(text: str) -> UUID:
    """Return the merge that a request names, undone or not. Raises: Http404."""
    id = _uuid(text)
    if id is None or not Merge.objects.filter(id=id).exists():
        raise Http404
    return id


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
