"""What is counted of a workspace: all of it on one page, and the switch that ends it."""

import csv

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from troth.privacy.browser.usage.picture import picture, table
from troth.privacy.browser.usage.storing import is_counted, switch_off, switch_on
from troth.privacy.models import UsageCount, UsageOptOut
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role


@member_view(role=Role.ADMIN)
@require_safe
def index(request: MemberRequest) -> HttpResponse:
    months, rows = table()
    words = {"counted": is_counted(), "picture": picture(), "months": months, "rows": rows}
    return render(request, "privacy/browser/usage.html", words | {"opt_out": UsageOptOut.objects.first()})


@member_view(role=Role.ADMIN)
@require_safe
def rows(request: MemberRequest) -> HttpResponse:
    """Give every row that is kept, as it is kept."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="usage.csv"'
    writer = csv.writer(answer)
    writer.writerow(["day", "event", "count"])
    writer.writerows(UsageCount.objects.order_by("day", "event").values_list("day", "event", "count"))
    return answer


@member_view(role=Role.ADMIN)
@require_POST
def choose(request: MemberRequest) -> HttpResponse:
    if request.POST.get("count") == "on":
        switch_on(by=request.member)
        messages.success(request, _("Counting is on again."))
    else:
        switch_off(by=request.member)
        messages.success(request, _("Nothing is counted any more, and what was counted is deleted."))
    return redirect("usage:index", request.workspace.handle)
