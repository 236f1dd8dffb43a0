"""Saying yes to a grant, narrowing it, stopping it; and whether owners are asked first."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.support import grants
from troth.support.forms import NarrowForm
from troth.support.models import Grant
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.ADMIN)
@require_POST
def approve(request: MemberRequest, grant_id: UUID) -> HttpResponse:
    """Say yes."""
    _or_404(lambda: grants.approve(grant_id, by=request.member))
    messages.success(request, _("Support may look now. You can stop it at any time."))
    return _to_thread(request, grant_id)


@member_view
@require_POST
def stop(request: MemberRequest, grant_id: UUID) -> HttpResponse:
    """Stop now."""
    found = Grant.objects.filter(pk=grant_id).first()
    if found is None or not grants.may_stop(found, request.member):
        raise Http404
    # Pressed twice, or by two at once: it is stopped either way.
    with suppress(Grant.DoesNotExist):
        grants.stop(grant_id, by=request.member)
    messages.success(request, _("Stopped. Support sees nothing any more."))
    return _to_thread(request, grant_id)


@member_view
@require_POST
def narrow(request: MemberRequest, grant_id: UUID) -> HttpResponse:
    """Keep a part of it."""
    found = Grant.objects.filter(pk=grant_id).first()
    form = NarrowForm(request.POST, conversations=found.conversation_ids if found else [])
    if found is None or not form.is_valid():
        raise Http404
    kept = form.cleaned_data
    chosen: dict[str, Any] = {
        "conversation_ids": kept["conversations"],
        "names": kept["names"],
        "bodies": kept["bodies"],
    }
    _or_404(lambda: grants.narrow(grant_id, **chosen, by=request.member))
    messages.success(request, _("Support sees only what is still ticked."))
    return _to_thread(request, grant_id)


@member_view(role=Role.OWNER)
@require_POST
def ask_first(request: MemberRequest) -> HttpResponse:
    """Choose whether an owner is asked before a grant starts."""
    grants.choose_ask_first(request.POST.get("ask_first") == "on", by=request.member)
    messages.success(request, _("Saved."))
    return redirect("support:help", handle=request.workspace.handle)


def _or_404(act: Callable[[], object]) -> None:
    try:
        act()
    except (Grant.DoesNotExist, grants.NotYours):
        raise Http404 from None


def _to_thread(request: MemberRequest, grant_id: UUID) -> HttpResponse:
    help_id = Grant.objects.values_list("request_id", flat=True).get(pk=grant_id)
    return redirect("support:thread", handle=request.workspace.handle, help_id=help_id)
