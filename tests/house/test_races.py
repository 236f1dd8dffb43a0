"""Two who act on the same thing at the same instant, over two connections: what is then said is what is."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from tests.cast import House, kopi, user
from tests.postgres import in_fresh_database
from troth.audit.models import Entry
from troth.base.ids import new_id
from troth.inbox import acts
from troth.inbox.models import Activity, Conversation, Message
from troth.inbox.outbox import say
from troth.inbox.tests.sending import meet
from troth.support import gate, grants, requests
from troth.support.grants import Wish
from troth.support.models import Grant, Kind, Problem
from troth.support.models.sight import Look
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("X27")
ROUNDS = 6


@pytest.fixture
def house(django_db_blocker: Any) -> Iterator[House]:
    """Kopi in a database whose commits are real, with a second agent."""
    name = f"troth_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_races"
    with django_db_blocker.unblock(), in_fresh_database(name):
        made = kopi()
        with scope(made.id):
            made.members["Nils"] = Membership.objects.create(user=user("Nils"), role=Role.AGENT).pk
        yield made


def together(*doing: Callable[[], object]) -> list[object]:
    """Do all of it at once, each with a connection of its own; return what each gave, or what it raised."""
    barrier, outcomes = threading.Barrier(len(doing)), [None] * len(doing)  # type: tuple[threading.Barrier, list[Any]]

    def run(number: int) -> None:
        try:
            connections["default"].ensure_connection()
            barrier.wait()
            outcomes[number] = doing[number]()
        except Exception as error:  # noqa: BLE001  # the tests look at it
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(len(doing))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def of(house: House, who: str) -> Membership:
    return Membership.objects.select_related("user").get(pk=house.members[who])


def test_two_who_take_a_conversation_at_once_leave_one_who_has_it(house: House) -> None:
    for number in range(1, ROUNDS + 1):
        (thread,) = meet(house, number)

        def take(who: str, thread: UUID = thread) -> None:
            with scope(house.id):
                acts.assign(Conversation.objects.get(id=thread), to=of(house, who), by=of(house, who))

        assert together(lambda: take("Bob"), lambda: take("Nils")) == [None, None]
        with scope(house.id):
            has = Conversation.objects.get(id=thread).assignee_id
            lines = Activity.objects.filter(conversation_id=thread, kind="took").order_by("id")
            assert lines.count() == 2, "each of the two is told of"
            assert lines.reverse()[0].member_id == has, "and the last line is true"


def test_a_message_that_is_sent_twenty_times_at_once_stands_once(house: House) -> None:
    (thread,) = meet(house, 1)
    client_id = new_id()

    def press() -> UUID:
        with scope(house.id):
            found = Conversation.objects.select_related("contact", "channel").get(id=thread)
            made: UUID = say(found, "Hello", by=of(house, "Bob"), client_id=client_id).id
            return made

    ids = together(*[press] * 20)
    with scope(house.id):
        (stands,) = Message.objects.filter(direction="out")
    assert ids == [stands.id] * 20


def test_whoever_looks_while_the_permission_ends_looked_before_it_or_not_at_all(house: House) -> None:
    for _ in range(ROUNDS):
        with scope(house.id):
            help = requests.ask(Problem.NUMBER, "Please look", by=of(house, "Alice"), wish=Wish(Kind.SETTINGS))
            grant = Grant.objects.get(request=help)

        def look(id: UUID = help.pk) -> int:
            with gate.by_grant(id, Look.SETTINGS, by=new_id()):
                return Entry.objects.filter(action="grant.used").latest("number").number

        def stop(id: UUID = grant.pk) -> int:
            with scope(house.id):
                grants.stop(id, by=of(house, "Alice"))
                return Entry.objects.filter(action="grant.revoked").latest("number").number

        looked, ended = together(look, stop)
        assert isinstance(ended, int), ended
        if isinstance(looked, int):
            assert looked < ended, "the look stands before the end in the log"
        else:
            assert isinstance(looked, gate.NoWay), looked
        with pytest.raises(gate.NoWay):
            look()
