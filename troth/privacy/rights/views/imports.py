"""Restoring a copy into an empty workspace."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from troth.privacy.models import DataImport
from troth.privacy.rights.imports.restoring import is_empty
from troth.privacy.rights.imports.uploads import NotEmpty, SealedFile, take
from troth.privacy.rights.views.watching import watched
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.OWNER)
def index(request: MemberRequest) -> HttpResponse:
    """Offer to restore a copy where the workspace is empty, and take the file."""
    if request.method != "POST":
        return _page(request)
    file = request.FILES.get("file")
    if not isinstance(file, SealedFile):
        return _page(request, trouble=_("Choose the file of a copy first."), status=422)
    try:
        taken = take(file, by=request.member)
    except NotEmpty:
        return _page(
            request, trouble=_("This workspace is not empty. Make a new one and restore the copy there."), status=409
        )
    return redirect("rights:import", request.workspace.handle, taken.pk)


@member_view(role=Role.OWNER)
def show(request: MemberRequest, import_id: UUID) -> HttpResponse:
    """Show how far an import is, and what is wrong where it was refused."""
    taken = DataImport.objects.filter(pk=import_id).first()
    if taken is None:
        raise Http404
    shown = {
        "taken": taken,
        "url": reverse("rights:import", args=[request.workspace.handle, taken.pk]),
        "problems": [_words(one) for one in taken.problems or []],
        "parts": sorted((key.replace("-", " "), count) for key, count in taken.rows.items() if count),
    }
    return watched(
        request,
        "privacy/rights/import.html",
        shown,
        part="privacy/rights/_import_progress.html",
        target="import-progress",
        moves=taken.is_under_way,
    )


def _page(request: MemberRequest, *, trouble: str = "", status: int = 200) -> HttpResponse:
    rows = list(DataImport.objects.order_by("-created_at")[:20])
    shown = {"empty": is_empty(), "rows": rows, "trouble": trouble}
    return render(request, "privacy/rights/imports.html", shown, status=status)


def _words(problem: dict[str, object]) -> str:
    """Return what is wrong, in words."""
    if problem.get("line"):
        return _("%(part)s, line %(line)s: %(field)s does not fit.") % problem
    known = {
        "not_a_zip": _("This is not a copy that Troth made: it cannot be opened."),
        "no_manifest": _("This is not a copy that Troth made: its list of contents is missing."),
        "other_version": _("This copy is of another version. Update Troth first."),
        "not_a_workspace": _("This is the copy of one person. Only a copy of everything can be restored."),
        "changed": _("A file in it was changed after the copy was made."),
        "other_files": _("The files in it are not those of its list of contents."),
        "strange_name": _("It holds a file that no copy has."),
        "strange_packing": _("It is packed in a way that Troth does not use."),
        "too_big": _("It is too big, or becomes too big once it is unpacked."),
        "too_many_files": _("It holds too many files."),
        "line_too_long": _("A line in it is too long."),
        "strange_line": _("A line in it cannot be read."),
        "not_empty": _("The workspace was not empty."),
        "does_not_fit": _("Its rows do not fit together: something that one points to is missing or stands twice."),
        "not_allowed": _("Whoever handed it in is not an owner any more."),
        "gave_up": _("It was tried several times without an end."),
    }
    return known.get(str(problem.get("field")), _("It could not be restored."))
