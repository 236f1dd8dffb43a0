"""A job that is deferred within a transaction is there when the transaction commits, in the worker too."""

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.testing import InMemoryConnector

from troth.base.jobs import defer


@pytest.mark.django_db
def test_a_job_of_a_transaction_that_is_taken_back_is_not_there_even_where_the_queue_speaks_for_itself() -> None:
    elsewhere = InMemoryConnector()  # as the worker replaces Django's connector by one of its own
    with app.replace_connector(elsewhere):
        with transaction.atomic():
            defer("mail.deliver", mail_id="1")
            assert ProcrastinateJob.objects.filter(args={"mail_id": "1"}).exists()
            transaction.set_rollback(True)
        defer("mail.deliver", mail_id="2", delay_s=60)
    assert elsewhere.jobs == {}
    job = ProcrastinateJob.objects.get(args__has_key="mail_id")
    assert (job.args, job.task_name, job.queue_name) == ({"mail_id": "2"}, "mail.deliver", "jobs")
    assert job.scheduled_at is not None
    assert isinstance(app.connector, DjangoConnector)
