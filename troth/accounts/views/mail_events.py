"""What Resend tells of mails that it took: an address that sends them back, a reader who calls them unwanted.

The signature over the raw body is the proof. What is told of openings and clicks is not looked at, and none is asked for.
"""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from troth.accounts.access import public_view
from troth.accounts.mail_choices import refuse
from troth.accounts.svix import Forged, verify
from troth.base.clock import now

BODY_BYTES_MAX = 64 * 1024
# A mailbox that is full or a server that is away is no reason to stop.
PERMANENT = "permanent"
COMPLAINED, BOUNCED = "complained", "bounced"  # anymail's words


@csrf_exempt
@public_view("Resend calls it; the signature is the proof")
@require_POST
def events(request: HttpRequest) -> HttpResponse:
    if int(request.headers.get("Content-Length") or 0) > BODY_BYTES_MAX:
        return HttpResponse(status=413)
    try:
        verify(request.body, request.headers, secrets=settings.RESEND_WEBHOOK_SECRETS, at=now())
    except Forged:
        return HttpResponse(status=401)
    from troth.accounts.resend_events import event_of  # noqa: PLC0415  # 5 MB, where mail goes another way

    try:
        told = json.loads(request.body)
        kind, address = event_of(told, request)
    except (ValueError, KeyError, TypeError, AttributeError):
        return HttpResponse(status=400)
    _act(kind, address, told)
    return HttpResponse(status=204)


def _act(kind: str, address: str | None, told: dict[str, object]) -> None:
    if not address:
        return
    if kind == COMPLAINED:
        refuse(address, why="complained", at=now())
    elif kind == BOUNCED and _is_permanent(told):
        refuse(address, why="bounced", at=now())


def _is_permanent(told: dict[str, object]) -> bool:
    data = told.get("data")
    bounce = data.get("bounce") if isinstance(data, dict) else None
    return isinstance(bounce, dict) and str(bounce.get("type", "")).lower() == PERMANENT
