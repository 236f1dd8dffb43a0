"""Deliveries are digested, messages sent and conversations worked on at the same time, and nobody waits for ever."""

import os
import random
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import digest, store
from troth.base.clock import now
from troth.base.ids import new_id
from troth.channels.contract import Content
from troth.inbox import acts
from troth.inbox.models import Conversation, Message, MessageStatus
from troth.inbox.outbox import queue
from troth.inbox.send import ledger
from troth.inbox.send.offer import Result
from troth.ingest.models import Delivery
from troth.ingest.tests.doorstep import place
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

PEOPLE = [f"6012345678{n}" for n in range(4)]
ROUNDS = int(os.environ.get("TROTH_TEST_ROUNDS", "40"))


@pytest.fixture
def house(django_db_blocker: Any) -> Iterator[House]:
    """A house whose commits are real, with a conversation of each person."""
    with django_db_blocker.unblock(), place(f"troth_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_collide"):
        made = kopi()
        store(made, *(said(made, person, "Hello") for person in PEOPLE))
        digest()
        yield made


def said(house: House, person: str, text: str) -> bodies.Body:
    message = bodies.text(text, id=f"wamid.{new_id()}", at=int(now().timestamp()), phone=person)
    return bodies.envelope(bodies.value(house.number_id, messages=[message]), account=house.account_id)


def receipts(house: House, words: list[str], ids: list[tuple[UUID, str]]) -> bodies.Body:
    statuses = [
        bodies.status(word, id=external, at=int(now().timestamp()), biz_opaque_callback_data=str(id))
        for word in words
        for id, external in ids
    ]
    return bodies.envelope(bodies.value(house.number_id, statuses=statuses), account=house.account_id)


class Crowd:
    """Does several things at once and remembers what broke."""

    def __init__(self) -> None:
        self.failures: list[BaseException] = []
        self.sent: list[tuple[UUID, str]] = []

    def all_at_once(self, *deeds: Callable[[], None]) -> None:
        threads = [threading.Thread(target=self._safely, args=[deed]) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _safely(self, deed: Callable[[], None]) -> None:
        try:
            deed()
        except BaseException as failure:  # noqa: BLE001  # told by the test
            self.failures.append(failure)
        finally:
            connection.close()


def test_nobody_waits_for_somebody_who_waits_for_them(house: House, caplog: pytest.LogCaptureFixture) -> None:
    crowd = Crowd()
    chance = random.Random(7)

    def customers() -> None:
        for _ in range(ROUNDS):
            some = chance.sample(PEOPLE, 3)
            told = [receipts(house, ["sent", "delivered", "read"], crowd.sent[-6:])] if crowd.sent else []
            store(house, *(said(house, person, "More") for person in some), *told)
            digest()

    def agent() -> None:
        for _ in range(ROUNDS):
            for act in (acts.close, acts.reopen):
                with scope(house.id):
                    by = Membership.objects.get(id=house.members["Bob"])
                    act(chance.choice(list(Conversation.objects.order_by("id"))), by=by)
            with scope(house.id):
                for conversation in chance.sample(list(Conversation.objects.order_by("id")), 3):
                    latest = Message.objects.filter(conversation=conversation).latest("at", "id")
                    acts.read(conversation, up_to=latest.id)
                    break

    def writer() -> None:
        for _ in range(ROUNDS):
            with scope(house.id):
                by = Membership.objects.get(id=house.members["Bob"])
                conversation = chance.choice(list(Conversation.objects.order_by("id")))
                queue(conversation, Content(kind="text", text="Hi"), by=by)

    def sender() -> None:
        for _ in range(ROUNDS):
            claimed = ledger.claim(house.id, house.channel, lane=1, most=4)
            results = [Result(one, MessageStatus.SENT, external_id=f"wamid.OUT.{one.id}") for one in claimed]
            crowd.sent += [(one.of.id, str(one.external_id)) for one in results]
            ledger.record(house.id, house.channel, results, lane=1)

    crowd.all_at_once(customers, agent, writer, sender, digest)
    digest()
    assert crowd.failures == []
    assert [line.message for line in caplog.records if line.name.startswith("troth.ingest")] == []
    assert not Delivery.objects.exclude(attempts=0).exists()
    assert not Delivery.objects.filter(digested_at=None).exists()
    with scope(house.id):
        assert Message.objects.filter(direction="in").count() == len(PEOPLE) + 3 * ROUNDS
        assert not Conversation.objects.filter(unread__lt=0).exists()
