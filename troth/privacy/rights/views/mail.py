"""The door through which a mail relay posts what came to the privacy address."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from troth.accounts.access import public_view
from troth.privacy.rights.mailbox import BYTES_MAX, Forged, NotAMail, check_signature, take_in


@csrf_exempt
@public_view("a machine posts here; the signature over the body is checked before anything is read from it")
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take in one mail in its raw form. A forged or old request is told nothing but that."""
    if int(request.headers.get("Content-Length") or 0) > BYTES_MAX:
        return HttpResponse(status=413)
    body = request.body
    try:
        check_signature({name.lower(): value for name, value in request.headers.items()}, body)
    except Forged:
        return HttpResponse(status=401)
    try:
        take_in(body)
    except NotAMail:
        return HttpResponse(status=422)
    return HttpResponse(status=204)
