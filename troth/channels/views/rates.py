"""What Meta charges, as imported by an admin: the rates that hold, a file with a look before it counts, a sample."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.audit.record import Actor, record
from troth.channels import rate_files
from troth.channels.market_words import category_label, market_label
from troth.channels.models import Rate
from troth.channels.views.found import page
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.models import Role

SHOWN_MAX = 500
PREVIEW_MAX = 100


class RatesForm(forms.Form):
    """A file of rates, and the day from which they hold where the file does not say."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Comma-separated values: your own list, or a rate card as Meta gives it out."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Holds from"),
        required=False,
        help_text=gettext_lazy("Only for a file without days of its own."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@member_view(role=Role.ADMIN)
def rates(request: MemberRequest) -> HttpResponse:
    """Show the rates; with a file in the form, show what it holds before it counts."""
    if request.method != "POST":
        return _page(request, RatesForm())
    if "packed" in request.POST:
        return _keep(request)
    form = RatesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    file: UploadedFile = form.cleaned_data["file"]
    try:
        raw = file.read(rate_files.BYTES_MAX + 1)
        found = rate_files.read(raw, valid_from=form.cleaned_data["valid_from"])
    except rate_files.NotReadable as refusal:
        form.add_error("file", str(refusal))
        return _page(request, form, status=422)
    return page(request, "channels/rates_preview.html", _preview(found))


@member_view(role=Role.ADMIN)
@require_POST
def remove(request: MemberRequest) -> HttpResponse:
    """Delete all rates."""
    Rate.objects.all().delete()
    record("rates.removed", by=Actor.member(request.member.pk))
    messages.success(request, _("The rates were deleted. What messages cost is unknown until you import others."))
    return redirect("channels:rates", handle=request.workspace.handle)


@member_view(role=Role.ADMIN)
@require_GET
def sample(request: MemberRequest) -> HttpResponse:
    """Return a file that shows the form. Its amounts are made up."""
    headers = {"Content-Disposition": 'attachment; filename="rates-sample.csv"'}
    return HttpResponse(rate_files.SAMPLE, content_type="text/csv; charset=utf-8", headers=headers)


def _keep(request: MemberRequest) -> HttpResponse:
    try:
        found = rate_files.read(request.POST["packed"].encode(), valid_from=None)
    except rate_files.NotReadable as refusal:
        form = RatesForm()
        form.errors["file"] = form.error_class([str(refusal)])
        return _page(request, form, status=422)
    count = rate_files.keep(found.lines, by=request.member)
    if count:
        record("rates.imported", by=Actor.member(request.member.pk), detail={"count": count})
    said = ngettext("%(count)s rate is new or changed.", "%(count)s rates are new or changed.", count)
    messages.success(request, said % {"count": count})
    return redirect("channels:rates", handle=request.workspace.handle)


def _page(request: MemberRequest, form: RatesForm, *, status: int = 200) -> HttpResponse:
    rows = Rate.objects.order_by("currency", "market", "category", "-valid_from")
    listed = [_line(row.currency, row.market, row.category, row.valid_from, row.amount) for row in rows[:SHOWN_MAX]]
    shown = {"form": form, "lines": listed, "count": rows.count()}
    return page(request, "channels/rates.html", shown, status=status)


def _preview(found: rate_files.Found) -> dict[str, Any]:
    lines = [
        {"number": one.number, **_line(one.currency, one.market, one.category, one.valid_from, one.amount)}
        for one in found.lines[:PREVIEW_MAX]
    ]
    return {
        "lines": lines,
        "count": len(found.lines),
        "wrong": found.wrong[:PREVIEW_MAX],
        "wrong_count": len(found.wrong),
        "compared": rate_files.compare(found.lines),
        "packed": rate_files.packed(found.lines),
    }


def _line(currency: str, market: str, category: str, valid_from: Any, amount: Any) -> dict[str, Any]:
    return {
        "currency": currency,
        "market": market_label(market, get_language() or "en"),
        "category": category_label(category),
        "valid_from": valid_from,
        "amount": f"{amount:f}".rstrip("0").rstrip("."),
    }
