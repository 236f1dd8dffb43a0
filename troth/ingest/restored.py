"""After a restore: jobs that were due are set aside, not run.

A job is safe to run twice because the row that it works on remembers the first time; a restored row does not. So a job
that was due at the time of the restore counts as done or lost, and is cancelled, where an operator can see it. Nothing
hangs on it: schedules make new jobs, and what still has to be done is found by the sweeps, which go by rows. A job whose
time is yet to come cannot have run, and stays.
"""

from django.db import connection

from troth.base.clock import now
from troth.base.restoring import settle_on_restore


def connect() -> None:
    """Register. Called once, when the app is ready."""
    settle_on_restore("jobs set aside", set_due_jobs_aside)


def set_due_jobs_aside() -> int:
    """Cancel every job that was waiting or at work, but those for later; return how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'cancelled', worker_id = NULL, abort_requested = false"
            " WHERE status = 'doing' OR (status = 'todo' AND coalesce(scheduled_at, %s) <= %s)",
            [now(), now()],
        )
        return int(cursor.rowcount)
