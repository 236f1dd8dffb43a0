"""The two addresses that Meta calls. The signature is the proof; everything else is refused and changes nothing."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from troth.accounts.access import public_view
from troth.base.clock import now
from troth.privacy.browser.casework import Receipt
from troth.privacy.meta import app_secrets
from troth.privacy.meta.signed import Forged, Malformed, read
from troth.privacy.meta.taking import take

BODY_BYTES_MAX = 16 * 1024

_meta_calls = public_view("Meta calls it; the signature is the proof")


@csrf_exempt
@_meta_calls
@require_POST
def data_deletion(request: HttpRequest, channel_id: UUID | None = None) -> HttpResponse:
    """Somebody asks Meta that this app's data about them be deleted."""
    return _taken(
        request,
        "deletion",
        channel_id,
        lambda receipt: JsonResponse({"url": receipt.url, "confirmation_code": receipt.reference}),
    )


@csrf_exempt
@_meta_calls
@require_POST
def deauthorize(request: HttpRequest, channel_id: UUID | None = None) -> HttpResponse:
    """Somebody has taken this app's access away."""
    return _taken(request, "deauthorize", channel_id, lambda receipt: HttpResponse(status=200))


def _taken(
    request: HttpRequest, kind: str, channel_id: UUID | None, answer: Callable[[Receipt], HttpResponse]
) -> HttpResponse:
    if int(request.headers.get("Content-Length") or 0) > BODY_BYTES_MAX:
        return HttpResponse(status=400)
    secrets = app_secrets.of_installation() if channel_id is None else app_secrets.of_channel(channel_id)
    try:
        claim = read(request.POST.get("signed_request", ""), secrets=secrets, at=now())
        return answer(take(kind, claim))
    except Malformed:
        return HttpResponse(status=400)
    except Forged:
        return HttpResponse(status=401)
