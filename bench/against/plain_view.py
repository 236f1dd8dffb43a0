"""A plain Django view that commits each delivery by itself: what most people would write, on the same server.

It verifies, seals and stores the same row as the door does. Served as WSGI in threads, which suits Django best.
"""

import os
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from config.wsgi import application as _ready  # noqa: E402, F401  # sets Django up

from django.conf import settings  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import IntegrityError, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402
from granian.constants import Interfaces  # noqa: E402
from granian.server import Server  # noqa: E402

from config.serve import BACKLOG, BACKPRESSURE  # noqa: E402
from troth.base.clock import now  # noqa: E402
from troth.base.sealing import INSTALLATION, ring  # noqa: E402
from troth.channels.contract import Forged  # noqa: E402
from troth.channels.registry import verify_delivery  # noqa: E402
from troth.ingest.models import Delivery  # noqa: E402
from troth.ingest.writer import body_hash  # noqa: E402

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
