"""What works by itself says for what, and reads no table that is kept for anything else."""

import re
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection

from config.jobs import JOBS, PURPOSES, SCHEDULES
from tests.house.asking import Stage, taken_back
from tests.house.two_houses import Kept
from troth.accounts.models import QueuedMail
from troth.audit.record import Actor
from troth.base.clock import now
from troth.base.registry import REGISTRY, Purpose
from troth.channels.models import Channel, PhoneSync, ReadReceipts, SyncState, TemplateSync
from troth.inbox.models import Attachment, AttachmentState, Message, MessageStatus
from troth.privacy.models import DataImport, Export
from troth.privacy.rights.exports import request_export
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("A2.3a")

TABLE = re.compile(r'\b(?:FROM|JOIN|INTO|UPDATE)\s+(?:ONLY\s+)?"?([a-z_]+)"?', re.IGNORECASE)


def newest_mail(kept: Kept) -> tuple[str, ...]:
    return (str(QueuedMail.objects.latest("id").id),)


def request_of_a_customer(kept: Kept) -> tuple[str, ...]:
    with scope(kept.id):
        asking = Message.objects.get(id=kept.ids["incoming"])
        asking.content = {"kind": "text", "text": "delete me"}
        asking.save(update_fields=["content"])
    return (str(kept.id), str(kept.ids["incoming"]))


def phone_to_be_asked(kept: Kept) -> tuple[str, ...]:
    """Let Meta be about to be asked for what a phone app has."""
    with scope(kept.id):
        channel = Channel.objects.get(id=kept.ids["open channel"])
        channel.token = "EAA" + "x" * 30
        channel.save(update_fields=["token"])
        PhoneSync.objects.update(state=SyncState.WANTED)
    return (str(kept.id), str(kept.ids["open channel"]))


def template_sync(kept: Kept) -> tuple[str, ...]:
    with scope(kept.id):
        return (str(kept.id), str(TemplateSync.objects.get().pk))


def customer_who_may_be_told(kept: Kept) -> tuple[str, ...]:
    """Let customers of the house be told when they were read."""
    with scope(kept.id):
        Channel.objects.update(read_receipts=ReadReceipts.OPENED)
        Message.objects.filter(id=kept.ids["incoming"]).update(at=now())
    return (str(kept.id), str(kept.ids["incoming"]))


def file_on_its_way_out(kept: Kept) -> tuple[str, ...]:
    """Let a file wait to be handed over, and its message with it."""
    with scope(kept.id):
        file = Attachment.objects.get(id=kept.ids["attachment"])
        Message.objects.filter(id=file.message_id).update(status=MessageStatus.QUEUED)
        Attachment.objects.filter(id=file.id).update(state=AttachmentState.LEAVING, next_attempt_at=now())
    return (str(kept.id), str(file.id))


def waiting_import(kept: Kept) -> tuple[str, ...]:
    with scope(kept.id):
        DataImport.objects.filter(pk=kept.ids["import"]).update(state="waiting")
    return (str(kept.id), str(kept.ids["import"]))


def copy_of_everything(kept: Kept) -> tuple[str, ...]:
    """Ask for a copy of a whole house, in which every table has a row or more."""
    with scope(kept.id):
        Export.objects.all().delete()
        by = kept.member("owner")
        made = request_export("workspace", None, by=Actor.member(by.pk), member=by)
    return (str(kept.id), str(made.pk))


# What a job is given that runs by no schedule.
GIVEN: dict[str, Callable[[Kept], tuple[str, ...]]] = {
    "receipts.read": customer_who_may_be_told,
    "receipts.typing": customer_who_may_be_told,
    "files.fetch": lambda kept: (str(kept.id), str(kept.ids["attachment"])),
    "files.hand": file_on_its_way_out,
    "channels.ask_health": lambda kept: (str(kept.id), str(kept.ids["channel"])),
    "channels.ask_phone": phone_to_be_asked,
    "channels.tell_changes": lambda kept: (str(kept.id),),
    "channels.settle": lambda kept: (str(kept.id), str(kept.ids["channel"])),
    "mail.deliver": newest_mail,
    "cases.take_in": request_of_a_customer,
    "exports.make": copy_of_everything,
    "exports.make_personal": lambda kept: (str(kept.ids["copy"]),),
    "imports.restore": waiting_import,
    "templates.sync": template_sync,
}
# By then what waits in the houses is due: erasures, alarms, notices of the register.
DUE = timedelta(days=40)


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


@pytest.mark.parametrize("job", sorted(JOBS))
def test_a_job_reads_what_is_kept_for_its_purpose_and_nothing_else(job: str, stage: Stage) -> None:
    statements = statements_of(job, stage)
    if job in SCHEDULES:
        statements += statements_of(job, stage, later=DUE)
    read = purposes_read(statements)
    assert {table for table, purpose in read.items() if purpose not in {*purposes_of(job), Purpose.RUN}} == set()


def test_every_job_is_run_here() -> None:
    assert {*SCHEDULES, *GIVEN} == set(JOBS)


def test_the_three_lists_are_in_one_order() -> None:
    assert list(PURPOSES) == list(JOBS)
    assert list(SCHEDULES) == [job for job in JOBS if job in SCHEDULES]


def statements_of(job: str, stage: Stage, *, later: timedelta = timedelta(0)) -> list[str]:
    """Run a job, at a later instant if one is named, and return what it said to the database; all is taken back."""
    module, _, function = JOBS[job].rpartition(".")
    run: Any = getattr(import_module(module), function)
    with taken_back():
        arguments = GIVEN[job](stage.kopi) if job in GIVEN else ()
        said: list[str] = []

        def hear(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            said.append(sql)
            return execute(sql, *rest)

        # Not the query log: it holds some thousands, and a job that walks through all rings says more than that.
        with time_machine.travel(now() + later), connection.execute_wrapper(hear):
            run(*arguments)
        return said


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
