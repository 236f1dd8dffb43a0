"""The certificate of a workspace that is gone, for whoever holds its link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from troth.accounts.access import public_view
from troth.privacy.forgetting import workspaces
from troth.privacy.forgetting.certificate import certificate_of
from troth.privacy.forgetting.listing import is_done
from troth.privacy.forgetting.views.erasures import as_file
from troth.privacy.models import Erasure, ErasureState


@public_view("the link's secret is the key; the workspace and its members are gone")
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show the certificate, or how far the deletion is."""
    erasure = _erasure(token)
    certificate = certificate_of(erasure) if is_done(erasure) else None
    return render(request, "forgetting/certificate.html", {"certificate": certificate, "token": token})


@public_view("the link's secret is the key; the workspace and its members are gone")
def paper(request: HttpRequest, token: str, form: str) -> HttpResponse:
    """Hand out the certificate as a file."""
    erasure = _erasure(token)
    if not is_done(erasure):
        raise Http404
    return as_file(erasure, form)


def _erasure(token: str) -> Erasure:
    found = workspaces.by_token(token)
    if found is None or found.state == ErasureState.UNDONE:
        raise Http404
    return found
