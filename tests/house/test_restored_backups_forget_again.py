"""A backup that is restored after erasures forgets them again, before anybody sees it."""

import os
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from config.supervise.binaries import installed
from tests.house.canaries import canary
from tests.opened import everything, places_of
from troth.audit.record import Actor
from troth.contacts.models import Contact
from troth.contacts.suppressions import is_suppressed
from troth.ingest.tests.doorstep import place
from troth.privacy.forgetting import members, replay
from troth.privacy.forgetting.tests.story import OTHER, PHONE, Story, begun, later, sweep
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.slow, pytest.mark.clause("B4.2", "A4.2b", "X37")]


@pytest.fixture
def story(django_db_blocker: Any) -> Iterator[Story]:
    name = f"troth_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_restored"
    with django_db_blocker.unblock(), place(name):
        yield begun()


def backup() -> bytes:
    return _run("pg_dump", "--no-owner", "--no-privileges", "--data-only", "--disable-triggers")


def restore(dump: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    _sql(
        b"DO $$ DECLARE t text; BEGIN FOR t IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace ="
        b" 'public'::regnamespace LOOP EXECUTE format('ALTER TABLE %I DISABLE TRIGGER ALL', t);"
        b" EXECUTE format('DELETE FROM %I', t); EXECUTE format('ALTER TABLE %I ENABLE TRIGGER ALL', t);"
        b" END LOOP; END $$;"
    )
    _sql(dump)


def _sql(text: bytes) -> None:
    command = [installed().program("psql"), "--quiet", "-v", "ON_ERROR_STOP=1", _address()]
    subprocess.run(command, input=text, capture_output=True, check=True)


def _run(program: str, *options: str) -> bytes:
    return subprocess.run([installed().program(program), *options, _address()], capture_output=True, check=True).stdout


def _address() -> str:
    return make_conninfo(os.environ["TROTH_TEST_SUPERUSER"], dbname=connection.settings_dict["NAME"])


def test_who_was_forgotten_after_the_backup_is_forgotten_in_it_too(story: Story) -> None:
    word = canary()
    story.says(f"My {word}", id="wamid.A", name=f"Mei {word}")
    story.says("I stay", id="wamid.B", phone=OTHER)
    bob = story.house.users["Bob"]
    bob.name = f"Bob {word}"
    bob.save()
    kept = backup()
    story.erase()
    members.request_erasure(bob.pk, by=Actor.person(bob.pk))
    with later(days=8):
        assert sweep() == 2
        assert places_of(word, everything(story.id)) == set()
        restore(kept)
        assert places_of(word, everything(story.id)) >= {"inbox_message.content", "accounts_user.name"}, "it is back"
        assert replay.forget_again() == 2
        assert places_of(word, everything(story.id)) == set()
        with scope(story.id):
            assert is_suppressed("phone", f"+{PHONE}")
            assert story.contact(OTHER)
            assert Contact.objects.count() == 1
        assert replay.forget_again() == 0
        assert story.says("Late", id="wamid.A")[1] == "applied"
