"""What works by itself says for what, and reads no table that is kept for anything else."""

import re
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.jobs import JOBS, PURPOSES, SCHEDULES
from tests.house.asking import Stage, taken_back
from troth.accounts.models import QueuedMail
from troth.base.registry import REGISTRY, Purpose

pytestmark = pytest.mark.clause("A2.3a")

TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:ONLY\s+)?"?([a-z_]+)"?', re.IGNORECASE)
# What a job is given that runs by no schedule.
GIVEN: dict[str, Any] = {"mail.deliver": lambda: (str(QueuedMail.objects.latest("id").id),)}


def purposes_of(job: str) -> set[Purpose]:
    return {Purpose(word) for word in PURPOSES[job].split()}


def purposes_read(statements: list[str]) -> dict[str, Purpose]:
    """Return the tables that statements name, with what each is kept for."""
    tables = {model._meta.db_table: model._meta.label for model in apps.get_models(include_auto_created=True)}
    named = {table for statement in statements for table in TABLE.findall(statement)}
    return {table: REGISTRY[tables[table]].purpose for table in named & set(tables)}


@pytest.mark.parametrize("job", sorted(JOBS))
def test_every_job_says_for_what(job: str) -> None:
    assert purposes_of(job)


def test_nothing_says_for_what_that_is_no_job() -> None:
    assert set(PURPOSES) == set(JOBS)


@pytest.mark.parametrize("job", sorted({*SCHEDULES, *GIVEN}))
def test_a_job_reads_what_is_kept_for_its_purpose_and_nothing_else(job: str, stage: Stage) -> None:
    module, _, function = JOBS[job].rpartition(".")
    run = getattr(import_module(module), function)
    with taken_back():
        arguments = GIVEN[job]() if job in GIVEN else ()
        with CaptureQueriesContext(connection) as captured:
            run(*arguments)
    read = purposes_read([query["sql"] for query in captured])
    assert {table for table, purpose in read.items() if purpose not in {*purposes_of(job), Purpose.RUN}} == set()


def test_the_recorder_sees_tables_in_every_kind_of_statement() -> None:
    statements = [
        'SELECT 1 FROM "accounts_session" JOIN accounts_user u ON true',
        "DELETE FROM ingest_delivery WHERE true",
        'UPDATE "inbox_message" SET x = 1',
        "INSERT INTO inbox_draft AS d (id) VALUES (1)",
    ]
    read = purposes_read(statements)
    assert {"accounts_session", "accounts_user", "ingest_delivery", "inbox_message", "inbox_draft"} == set(read)
    assert read["inbox_message"] == Purpose.TALK
