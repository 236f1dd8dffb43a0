"""Former members, and erasing their traces."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.privacy.forgetting import former
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Membership, Role


@member_view(role=Role.OWNER)
@require_GET
def index(request: MemberRequest) -> HttpResponse:
    """List those who left and whose names are still here."""
    return render(request, "forgetting/former.html", {"rows": former.former()})


@member_view(role=Role.OWNER)
@require_POST
def erase(request: MemberRequest, membership_id: UUID) -> HttpResponse:
    """Erase what is left of one of them."""
    try:
        former.forget(membership_id, by=request.member)
    except Membership.DoesNotExist:
        raise Http404 from None
    except former.NotAllowed as refusal:
        messages.error(request, str(refusal.words))
    else:
        messages.success(request, _("Erased. What they did stands under “Former member” now."))
    return redirect("forgetting:former", request.workspace.handle)
