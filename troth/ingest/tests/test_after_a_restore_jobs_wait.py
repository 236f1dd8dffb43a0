"""Jobs that were due are set aside after a restore; those for later stay."""

from datetime import timedelta

import pytest
from django.db import connection

from troth.base.clock import now
from troth.ingest.restored import set_due_jobs_aside

pytestmark = pytest.mark.django_db


def job(status: str, in_hours: int | None) -> int:
    at = None if in_hours is None else now() + timedelta(hours=in_hours)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
            " VALUES ('jobs', 'mail.deliver', %s::procrastinate_job_status, %s) RETURNING id",
            [status, at],
        )
        (made,) = cursor.fetchone()
        return int(made)


def statuses() -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text FROM procrastinate_jobs")
        return dict(cursor.fetchall())


def test_what_was_due_is_cancelled_and_what_is_for_later_stays() -> None:
    due = [job("todo", None), job("todo", -1), job("doing", -1), job("doing", None)]
    later, done = job("todo", 24), [job("succeeded", -1), job("failed", -1)]
    assert set_due_jobs_aside() == 4
    found = statuses()
    assert {found[one] for one in due} == {"cancelled"}
    assert found[later] == "todo"
    assert [found[one] for one in done] == ["succeeded", "failed"]
