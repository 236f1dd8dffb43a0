"""Who sees customers' phone numbers in full: everybody may know it, owners choose it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.audit.record import Actor, record
from troth.base.phones import Phone
from troth.contacts.masking import OPEN_FOR, sees_phones
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role, Workspace

EXAMPLE = Phone("+60123456789")


@member_view
def numbers(request: MemberRequest) -> HttpResponse:
    """Show who sees numbers in full."""
    return render(request, "privacy/datamap/numbers.html", _context(request))


@require_POST
@member_view(role=Role.OWNER)
def choose(request: MemberRequest) -> HttpResponse:
    """Show numbers in full from a role on."""
    chosen = request.POST.get("phones_from", "")
    if chosen not in Role.values:
        return render(request, "privacy/datamap/numbers.html", _context(request), status=422)
    workspace = request.workspace
    if chosen != workspace.phones_from:
        detail = {"from": workspace.phones_from, "to": chosen}
        Workspace.objects.filter(id=workspace.id).update(phones_from=chosen)
        record("workspace.phones_from", by=Actor.member(request.member.id), detail=detail)
    messages.success(request, _("Saved."))
    return redirect("datamap:numbers", handle=workspace.handle)


def _context(request: MemberRequest) -> dict[str, object]:
    choices = [
        (Role.VIEWER, _("All members"), _("Viewers too.")),
        (Role.AGENT, _("Agents, admins and owners"), _("Whoever answers. Viewers see masked numbers.")),
        (Role.ADMIN, _("Admins and owners"), _("Agents answer without seeing whom they could call.")),
        (Role.OWNER, _("Owners only"), _("Everybody else sees masked numbers.")),
    ]
    return {
        "choices": choices,
        "chosen": request.workspace.phones_from,
        "may_choose": request.member.may(Role.OWNER),
        "sees": sees_phones(request.member),
        "full": EXAMPLE.display(),
        "masked": EXAMPLE.masked(),
        "minutes": int(OPEN_FOR.total_seconds() // 60),
    }
