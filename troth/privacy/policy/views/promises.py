"""Every promise, and whether it is kept."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from troth.accounts.access import public_view
from troth.privacy.policy import results
from troth.privacy.policy.clauses import clauses
from troth.privacy.policy.reading import comes_with
from troth.privacy.policy.standing import State, groups
from troth.privacy.policy.standing import promises as standing


@public_view("whoever is to trust a promise may see whether it is kept")
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    found = standing()
    counts = Counter(promise.state for promise in found)
    ran = [promise.tests.at for promise in found if promise.tests]
    facts = {
        "groups": groups(found, clauses()),
        "counts": {state.value: counts[state] for state in State},
        "broken": [promise for promise in found if promise.state is State.BROKEN],
        "total": len(found),
        "tests_at": max(ran, default=None),
        "whole_at": results.whole_at(results.SHIPPED, results.local_file()),
        "parts": {promise.clause.id: comes_with(promise.clause) for promise in found},
    }
    return render(request, "privacy/promises.html", facts)
