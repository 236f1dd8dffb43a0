"""A plain Django view that commits each delivery by itself: what most people would write, on the same server.

It verifies, seals and stores the same row as the door does. Served as WSGI in threads, which suits Django best.
"""

import os
from uuid import UUID

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from granian.constants import Interfaces
from granian.server import Server

from config.serve import BACKLOG, BACKPRESSURE
from config.wsgi import application as _ready  # noqa: F401  # sets Django up
from troth.base.clock import now
from troth.base.sealing import INSTALLATION, ring
from troth.channels.contract import Forged
from troth.channels.registry import verify_delivery
from troth.ingest.models import Delivery
from troth.ingest.writer import body_hash

THREADS = 8


@csrf_exempt
def take(request: HttpRequest, channel: UUID) -> HttpResponse:
    """Verify, store in a transaction of its own, acknowledge."""
    try:
        verify_delivery("cloud", request.headers, request.body, secrets=[os.environ["BENCH_SECRET"].encode()])
    except Forged:
        return HttpResponse(status=401)
    keys = ring(INSTALLATION)
    mark = keys.index(os.environ["BENCH_SECRET"], place="channels_channel.app_secret_hash")
    row = Delivery(
        channel_id=channel,
        secret_hash=mark,
        body=request.body,
        body_hash=body_hash(keys, request.body),
        received_at=now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return HttpResponse()
    return HttpResponse()


urlpatterns = [path("hooks/cloud/<uuid:channel>", take)]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
application = WSGIHandler()

if __name__ == "__main__":
    Server(
        "bench.against.plain_view:application",
        address="127.0.0.1",
        port=int(os.environ["TROTH_PORT"]),
        interface=Interfaces.WSGI,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        websockets=False,
        log_access=False,
    ).serve()
