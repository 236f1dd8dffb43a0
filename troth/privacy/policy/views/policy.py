"""The policy as people read it: the version in force, earlier and coming ones, and what changed between two."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from troth.accounts.access import PersonRequest, person_view, public_view
from troth.privacy.policy import force
from troth.privacy.policy.acknowledgements import Unknown
from troth.privacy.policy.acknowledgements import acknowledge as note
from troth.privacy.policy.clauses import clauses
from troth.privacy.policy.differences import differences as differing
from troth.privacy.policy.reading import read
from troth.privacy.policy.versions import Version, named
from troth.privacy.policy.versions import versions as all_versions

readable = public_view("people read the policy before they have an account")


@readable
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    shown = force.in_force()
    facts = {"version": shown, "groups": read(shown), "coming": force.coming(), "is_in_force": True}
    return render(request, "privacy/policy.html", facts)


@readable
@require_safe
def versions(request: HttpRequest) -> HttpResponse:
    listed = list(reversed(force.standings()))
    names = [standing.version.name for standing in listed]
    rows = list(zip(listed, [*names[1:], ""], strict=True))
    return render(request, "privacy/versions.html", {"rows": rows, "in_force": force.in_force(), "names": names})


@readable
@require_safe
def version(request: HttpRequest, name: str) -> HttpResponse:
    shown = _found(name)
    facts = {
        "version": shown,
        "groups": read(shown),
        "is_in_force": shown == force.in_force(),
        "earlier": _before(shown),
    }
    return render(request, "privacy/policy.html", facts)


@readable
@require_safe
def differences(request: HttpRequest, old: str, new: str) -> HttpResponse:
    one, other = _found(old), _found(new)
    facts = {"old": one, "new": other, "differences": differing(one, other), "all": clauses()}
    return render(request, "privacy/differences.html", facts)


@person_view
@require_POST
def acknowledge(request: PersonRequest) -> HttpResponse:
    try:
        note(request.POST.get("version", ""), by=request.user)
    except Unknown:
        raise Http404 from None
    back = request.POST.get("back", "")
    is_here = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back) if back and is_here else redirect("policy:privacy")


def _found(name: str) -> Version:
    found = named(name, among=all_versions())
    if found is None:
        raise Http404
    return found


def _before(shown: Version) -> Version | None:
    place = all_versions().index(shown)
    return all_versions()[place - 1] if place else None
