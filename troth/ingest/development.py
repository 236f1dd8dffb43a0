"""Addresses that exist in development only: what became of a delivery, asked by the stand-in for Meta."""

import hmac
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET

from troth.accounts.access import public_view
from troth.base.sealing import INSTALLATION, ring
from troth.ingest.models import Delivery
from troth.ingest.writer import BODY_HASH

DIGEST_HEX = 64


@public_view("development only: programs ask with the secret of this installation")
@require_GET
def delivery(request: HttpRequest, digest: str) -> JsonResponse:
    """Answer what became of the newest delivery whose body has this SHA-256, change by change, without content."""
    if not _may_ask(request):
        return JsonResponse({}, status=401)
    body_hash = _hash_of(digest)
    found = Delivery.objects.filter(body_hash=body_hash).order_by("-id").first() if body_hash else None
    return JsonResponse({"state": _state(found), "changes": _changes(found)})


def _may_ask(request: HttpRequest) -> bool:
    if not settings.DEVELOPMENT or not settings.DEV_TOKEN:
        return False
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return scheme == "Bearer" and hmac.compare_digest(token.encode(), settings.DEV_TOKEN.encode())


def _hash_of(digest: str) -> bytes | None:
    """Return the keyed hash under which the body with this digest is kept."""
    try:
        plain = bytes.fromhex(digest)
    except ValueError:
        return None
    return ring(INSTALLATION).index(plain, place=BODY_HASH) if len(digest) == DIGEST_HEX else None


def _state(found: Delivery | None) -> str:
    if found is None:
        return "unknown"
    if found.digested_at is not None:
        return "digested"
    return "parked" if found.parked_at is not None else "queued"


def _changes(found: Delivery | None) -> list[dict[str, Any]]:
    return list(found.outcome or []) if found is not None else []


urlpatterns: list[URLPattern] = [path("deliveries/<slug:digest>", delivery, name="dev_delivery")]
