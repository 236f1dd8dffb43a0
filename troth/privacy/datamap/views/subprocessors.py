"""Who works on data for us, for everybody to read."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from troth.accounts.access import public_view
from troth.base.clock import now
from troth.privacy.datamap.subprocessors import NOTICE, coming, editions, in_force, news, own


@public_view("whoever thinks of entrusting data to us may know who else gets some")
def subprocessors(request: HttpRequest) -> HttpResponse:
    """Show the list that holds today, what is announced, and what held before."""
    today = now().date()
    held = in_force(on=today)
    context = {
        "held": held,
        "own": own(),
        "coming": [
            {"since": one.since, "announced": one.announced, "news": news(one, after=held)} for one in coming(on=today)
        ],
        "past": [edition for edition in editions() if edition.since < held.since][::-1],
        "notice_days": NOTICE.days,
    }
    return render(request, "privacy/datamap/subprocessors.html", context)
