"""`python -m django worker`: the digest lane, the send lane and the jobs, in one process."""

import asyncio
import logging
import signal
from typing import Any, cast

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import ConnectorException

from troth.base.logs import install_hooks, watch_loop
from troth.base.turns import share_well
from troth.channels.registry import Senders
from troth.inbox.send.lane import SendLane
from troth.ingest.lane import DigestLane

JOBS_AT_ONCE = 4
JOBS_AGAIN_AFTER_S = 1.0
ENDS_WITHIN_S = 7.0  # the supervisor grants 8 seconds, and the send lane keeps to less
DIGEST_ENDS_WITHIN_S = 0.5

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Digests deliveries, sends messages and runs jobs until told to stop."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(work())


async def work() -> None:
    """Run all three until SIGTERM or SIGINT, then finish what is in flight. Ends with an error if one of them does."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    install_hooks()
    watch_loop(loop)
    share_well()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    digest = DigestLane(settings.LISTEN_DATABASE_URL)
    digest.start()
    async with Senders() as senders:
        send = SendLane(settings.LISTEN_DATABASE_URL, adapter_for=senders.adapter)
        sending = asyncio.create_task(send.run(), name="send")
        working = asyncio.create_task(_run_jobs(), name="jobs")
        stopped = asyncio.create_task(stop.wait(), name="stop")
        await asyncio.wait({sending, working, stopped}, return_when=asyncio.FIRST_COMPLETED)
        digest.stop()
        send.stop()
        working.cancel()
        ended, _ = await asyncio.wait({sending, working}, timeout=ENDS_WITHIN_S)
    digest.join(DIGEST_ENDS_WITHIN_S)
    for task in ended:
        if not task.cancelled():
            task.result()


async def _run_jobs() -> None:
    """Run jobs; begin anew when the database was away."""
    while True:
        try:
            connector = cast(DjangoConnector, jobs.connector).get_worker_connector()
            with jobs.replace_connector(connector) as app:
                async with app.open_async():
                    await app.run_worker_async(
                        concurrency=JOBS_AT_ONCE, install_signal_handlers=False, delete_jobs="successful"
                    )
        except (psycopg.Error, ConnectorException, OSError) as failure:
            log.warning("jobs.broke", extra={"error": type(failure).__name__})
        except Exception:
            # Messages must go on, whatever is wrong with the jobs.
            log.exception("jobs.broke")
        await asyncio.sleep(JOBS_AGAIN_AFTER_S)
