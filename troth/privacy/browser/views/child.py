"""A report that data of a child is here: a form for everybody, which becomes a case with a clock of three days."""

from allauth.account.adapter import get_adapter
from django import forms
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from troth.accounts.access import public_view
from troth.privacy.browser.casework import open_case

WORDS_MAX = 2_000
REPORTS_MAX = 5  # from one place in an hour
HOUR_S = 3600


class ReportForm(forms.Form):
    """What it is about, and where an answer may go."""

    words = forms.CharField(
        label=_("What should we look at?"),
        help_text=_("Where you saw it, and whose data it is as far as you know. Please do not send the data itself."),
        max_length=WORDS_MAX,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    address = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("Only if you want an answer. It is used for that and nothing else."),
    )


@public_view("parents and everybody else may report a child's data without an account")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _may_report(request):
            return render(request, "privacy/browser/child.html", {"form": form, "too_many": True}, status=429)
        said = form.cleaned_data
        with transaction.atomic():
            receipt = open_case(
                "child",
                words=said["words"],
                address=said["address"] or None,
                language=translation.get_language() or "en",
            )
        return render(request, "privacy/browser/child_done.html", {"receipt": receipt})
    return render(request, "privacy/browser/child.html", {"form": form})


def _may_report(request: HttpRequest) -> bool:
    key = f"report.child.{get_adapter(request).get_client_ip(request)}"
    cache.add(key, 0, timeout=HOUR_S)
    return int(cache.incr(key)) <= REPORTS_MAX
