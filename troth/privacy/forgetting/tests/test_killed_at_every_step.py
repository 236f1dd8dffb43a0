"""Killed at every batch, in the middle and right after: the end is the same, and the certificate counts what went."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests.house.canaries import canary
from tests.keepers import VERSIONED, kept_in, use
from tests.opened import everything, places_of
from tests.postgres import _environment
from troth.audit.record import Actor
from troth.base.clock import now
from troth.base.http.blocking import close_sync
from troth.base.sealing import forget_ring, store
from troth.contacts.models import Contact
from troth.inbox.models import Attachment, Message
from troth.ingest.tests.doorstep import place
from troth.media.store import PREVIEW, WHOLE, owner_of
from troth.media.store import files as files_here
from troth.privacy.forgetting import members, purge, workspaces
from troth.privacy.forgetting.purge import place as where
from troth.privacy.forgetting.tests.story import OTHER, Story, begun
from troth.privacy.models import Erasure, ErasureState
from troth.workspaces.scope import scope

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture
def story(django_db_blocker: Any) -> Iterator[Story]:
    """A house whose commits are real, with a person who said much."""
    name = f"troth_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_killed"
    with django_db_blocker.unblock(), place(name):
        yield begun()


def much(story: Story, phone: str, word: str) -> None:
    for number in range(5):
        story.says(f"{word} {number}", id=f"wamid.{phone}.{number}", phone=phone, name=f"Mei {word}")
    story.hears(field="a_new_field", word=word, strange=[{"from": phone}])


def killed(erasure: Erasure, **more: str) -> int:
    """Let the undo time be over, purge in processes that are killed, and return how many were."""
    with where(erasure.workspace_id):
        Erasure.objects.filter(id=erasure.id).update(undo_until=now() - timedelta(seconds=1))
    program = [sys.executable, "-m", "troth.privacy.forgetting.tests.killed"]
    about = [str(erasure.id), str(erasure.workspace_id or "-")]
    database = _environment(connection.settings_dict["NAME"])
    variables = {**os.environ, **database, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    variables |= more
    done = subprocess.run([*program, *about], cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1])


@pytest.mark.clause("A4.2b", "B7.3", "B4.2")
def test_a_person_is_gone_and_counted_right_however_often_the_purge_is_killed(story: Story) -> None:
    word = canary()
    much(story, "60123456789", word)
    much(story, OTHER, "else")
    erasure = story.erase()
    twin = story.erase(OTHER)
    with scope(story.id):
        Erasure.objects.filter(id=twin.id).update(undo_until=now() - timedelta(seconds=1))
    assert purge.purge(twin.id, story.id)
    assert killed(erasure) > 60
    done, undisturbed = story.read(erasure), story.read(twin)
    assert done.state == ErasureState.PURGED
    assert done.counts == undisturbed.counts
    assert done.counts["inbox.Message"] == 5
    assert places_of(word, everything(story.id)) == set()
    with scope(story.id):
        assert Contact.objects.count() == Message.objects.count() == 0


@pytest.mark.clause("A4.2a", "A4.2b", "B4.2")
def test_files_in_a_store_are_gone_in_all_their_versions_however_often_the_purge_is_killed(
    story: Story, settings: Any, tmp_path: Path
) -> None:
    with kept_in(VERSIONED, page_max=3) as keeper:
        use(keeper, settings, tmp_path)
        much(story, "60123456789", "mine")
        much(story, OTHER, "else")
        mine, others = with_files(story, "60123456789"), with_files(story, OTHER)
        assert killed(story.erase(), **keeper.environment) > 60
        left = {owner[1] for name in keeper.names(tmp_path) if (owner := owner_of(name.partition("/")[2]))}
        assert left == others
        assert not left & mine
        close_sync()


def with_files(story: Story, phone: str) -> set[UUID]:
    """Give each message of a person a file that was replaced once; return the files' ids."""
    with scope(story.id):
        messages = [one for one in Message.objects.all() if f".{phone}." in (one.external_id or "")]
        rows = [Attachment.objects.create(message=one, next_attempt_at=None) for one in messages]
        files = files_here()
    for row in rows:
        for part in (WHOLE, WHOLE, PREVIEW):
            with files.writer(row.id, part) as out:
                out.write(b"bytes")
    assert len(rows) == 5
    return {row.id for row in rows}


@pytest.mark.clause("A4.2b", "B4.2")
def test_an_account_is_gone_however_often_the_purge_is_killed(story: Story) -> None:
    bob = story.house.users["Bob"]
    erasure = members.request_erasure(bob.pk, by=Actor.person(bob.pk))
    assert killed(erasure) > 10
    done = Erasure.objects.get(id=erasure.id)
    assert (done.state, done.counts["accounts.User"]) == (ErasureState.PURGED, 1)
    bob.refresh_from_db()
    assert bob.name == ""


@pytest.mark.clause("A4.2b", "B4.2")
def test_a_workspace_is_gone_and_counted_right_however_often_the_purge_is_killed(story: Story) -> None:
    word = canary()
    much(story, "60123456789", word)
    erasure = workspaces.request_erasure(story.id, by=Actor.member(story.house.members["Alice"]))
    assert killed(erasure) > 40
    done = Erasure.objects.get(id=erasure.id)
    assert done.state == ErasureState.PURGED
    assert done.counts["inbox.Message"] == 5
    assert done.counts["workspaces.Workspace"] == 1
    forget_ring(str(story.id))
    assert str(story.id) not in store().rings()
