"""Deferring jobs within the transaction that is open, in whatever process.

The queue's own app does so in the web process only: in the worker it speaks through connections of its own, so a job would
run before what it is about is committed, or although that never is.
"""

from typing import Any

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

QUEUE = "jobs"


def defer(name: str, *, delay_s: int = 0, **ids: str) -> None:
    """Let a worker run the job of this name once the transaction has committed, or some seconds later. Arguments are ids."""
    later: Any = {"seconds": delay_s} if delay_s else None
    job = configure_task(name=name, job_manager=JobManager(DjangoConnector()), queue=QUEUE, schedule_in=later)
    job.defer(**ids)
