"""Undo and purge at the same instant, over two connections: one of them wins, and what is then said is true."""

import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections

from troth.audit.record import Actor
from troth.base.clock import now
from troth.contacts.models import Contact, Suppression
from troth.inbox.models import Message
from troth.ingest.tests.doorstep import place
from troth.privacy.forgetting import contacts, purge
from troth.privacy.forgetting.tests.story import Story, begun
from troth.privacy.models import Erasure, ErasureState
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("X27")

ROUNDS = 8


@pytest.fixture
def story(django_db_blocker: Any) -> Iterator[Story]:
    """A house whose commits are real."""
    name = f"troth_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_race"
    with django_db_blocker.unblock(), place(name):
        yield begun()


@pytest.mark.clause("B4.2")
def test_either_the_person_is_back_whole_or_gone_whole(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    # Each side believes that its time has come: only the row's lock decides.
    monkeypatch.setattr(purge, "now", lambda: now() + timedelta(days=8))
    for number in range(ROUNDS):
        phone = f"6012345670{number}"
        story.says("Hello", id=f"wamid.{number}", phone=phone)
        erasure = story.erase(phone)
        outcome: dict[str, bool] = {}
        together(partial(undo, story, erasure, outcome), partial(delete, story, erasure, outcome))
        assert outcome["undone"] != outcome["purged"], outcome
        state = story.read(erasure).state
        with scope(story.id):
            contact = Contact.objects.filter(id=erasure.subject_id).count()
            said = Message.objects.filter(conversation__contact=erasure.subject_id).count()
            kept = Suppression.objects.filter(erasure_id=erasure.id).count()
        back, gone = (ErasureState.UNDONE, 1, 1, 0), (ErasureState.PURGED, 0, 0, 1)
        assert (state, contact, said, kept) in (back, gone)


def undo(story: Story, erasure: Erasure, outcome: dict[str, bool]) -> None:
    try:
        with scope(story.id):
            contacts.undo(erasure.id, by=Actor.system())
        outcome["undone"] = True
    except contacts.TooLate:
        outcome["undone"] = False


def delete(story: Story, erasure: Erasure, outcome: dict[str, bool]) -> None:
    outcome["purged"] = purge.purge(erasure.id, story.id)


def together(*acts: Callable[[], None]) -> None:
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        try:
            barrier.wait()
            act()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.clause("B4.2", "X38")
def test_once_the_purge_has_begun_it_is_too_late(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even for a clock that goes after that of the one which purges."""
    story.says("Hello", id="wamid.A")
    erasure = story.erase()
    monkeypatch.setattr(purge, "now", lambda: now() + timedelta(days=8))
    assert purge._begin(erasure.id, story.id)
    with pytest.raises(contacts.TooLate):
        story.undo(erasure)
    assert purge.purge(erasure.id, story.id)
