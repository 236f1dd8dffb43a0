"""Status, window and person after whatever happened, in any order, with repeats: as a second reading of the rules has it.

The rules are written down here again, in the plainest way; that the order does not matter is tested in
tests/house/test_receive_property.py.
"""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import bodies
from tests.bodies import Body, encode
from tests.cast import House, kopi
from tests.deliver import deliver
from tests.thorough import THOROUGH
from troth.contacts.models import Contact, Likeness
from troth.inbox.models import Conversation, Message
from troth.inbox.tests.arriving import NOON, echoed, edited, moved, revoked, said, value
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L14")]
MEI, OURS = "60123456789", "60312345678"
HOURS = st.integers(0, 72).map(lambda hours: NOON + 3_600 * hours)
LATER = datetime.fromtimestamp(NOON + 100 * 3_600, UTC)
often = settings(max_examples=12 * THOROUGH, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture
def house() -> House:
    return kopi()


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic(), time_machine.travel(LATER):
        yield
        transaction.set_rollback(True)


def come(house: House, data: st.DataObject, happened: list[Body], *, shuffled: bool = True) -> None:
    """Let all this come in, some of it twice, in batches of any size."""
    some = [one for one in happened for _ in range(data.draw(st.sampled_from([1, 1, 2])))]
    row = data.draw(st.permutations(some)) if shuffled else some
    salted = [encode(body) + b" " * place for place, body in enumerate(row)]  # the door drops what came already
    while salted:
        size = data.draw(st.integers(1, 4))
        deliver(house, *salted[:size])
        del salted[:size]


# The window: 24 hours from the last that the customer said or from the customer's last call, and nothing else opens it.


def opens(kind: str) -> bool:
    return kind in ("said", "tapped", "unsupported", "called")


def happening(house: House, kind: str, at: int) -> Body:
    id = f"wamid.{kind}.{at}"
    sender = {"from": MEI, "id": id, "timestamp": str(at)}
    if kind in ("said", "from history"):
        body = said(house, "Hello", id=id, at=at)
        if kind == "said":
            return body
        [message] = body["entry"][0]["changes"][0]["value"]["messages"]
        thread = {"id": MEI, "messages": [{**message, "history_context": {"status": "READ"}}]}
        return value(house, "history", history=[{"metadata": {"phase": 0, "chunk_order": 1}, "threads": [thread]}])
    if kind == "tapped":
        reply = {"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}}
        return value(house, messages=[{**sender, "type": "interactive", "interactive": reply}])
    if kind == "unsupported":
        return value(house, messages=[{**sender, "type": "unsupported", "errors": [{"code": 131051}]}])
    if kind in ("called", "we called"):
        ours = kind == "we called"
        ends = {"from": OURS, "to": MEI} if ours else {"from": MEI, "to": OURS}
        direction = "BUSINESS_INITIATED" if ours else "USER_INITIATED"
        call = {"id": id, **ends, "event": "connect", "timestamp": str(at), "direction": direction}
        return value(house, "calls", calls=[call])
    if kind == "echoed":
        return echoed(house, "Ours", id=id, at=at)
    if kind == "reacted":
        return value(
            house, messages=[{**sender, "type": "reaction", "reaction": {"message_id": "wamid.x", "emoji": "👍"}}]
        )
    if kind == "read":
        return value(house, statuses=[bodies.status("read", id="wamid.x", at=at)])
    return edited(house, "wamid.x", "Better", at=at) if kind == "edited" else revoked(house, "wamid.x", at=at)


KINDS: tuple[str, ...] = (
    "said",
    "tapped",
    "unsupported",
    "called",
    "we called",
    "echoed",
    "reacted",
    "read",
    "edited",
    "revoked",
    "from history",
)


@often
@given(data=st.data())
def test_the_window_is_open_for_a_day_from_what_a_customer_did_last(house: House, data: st.DataObject) -> None:
    drawn = data.draw(st.lists(st.tuples(st.sampled_from(KINDS), HOURS), min_size=1, max_size=8, unique=True))
    opened = [at for kind, at in drawn if opens(kind)]
    wanted = datetime.fromtimestamp(max(opened), UTC) + timedelta(hours=24) if opened else None
    with taken_back():
        come(house, data, [happening(house, kind, at) for kind, at in drawn])
        with scope(house.id):
            found = Conversation.objects.values_list("window_expires_at", flat=True)
            assert [one for one in found if one is not None] == ([wanted] if wanted else [])


# The status: the highest that was ever told, and a failure is more than sent and less than delivered.

LADDER = {"sent": 40, "failed": 50, "delivered": 60, "read": 70, "played": 80}


@often
@given(data=st.data())
def test_a_status_is_the_highest_that_was_ever_told(house: House, data: st.DataObject) -> None:
    words = data.draw(st.lists(st.tuples(st.sampled_from([*LADDER, "teleported"]), HOURS), max_size=6))
    reason: dict[str, Any] = {"errors": [{"code": 131026}]}
    told = [bodies.status(word, id="wamid.o", at=at, **(reason if word == "failed" else {})) for word, at in words]
    statuses = [value(house, statuses=[status]) for status in told]
    wanted = max((LADDER[word] for word, _ in words if word in LADDER), default=LADDER["sent"])
    with taken_back():
        come(house, data, [echoed(house, "Ours", id="wamid.o"), *statuses])
        with scope(house.id):
            message = Message.objects.get()
            assert message.status == wanted
            assert wanted != LADDER["failed"] or message.error_code == 131026


# The person: stays one through all changes of number, told with ids or without.


def ways(number: int) -> dict[str, Any]:
    return {"phone": f"6011{number:07d}", "bsuid": f"MY.{number}"}


def changes(house: House, named: Sequence[bool]) -> tuple[list[Body], list[Body]]:
    """Return what somebody says and how they change numbers, each time with ids or without, and what comes late of it."""
    happened: list[Body] = [said(house, "first", id="wamid.first", **ways(0))]
    late: list[Body] = []
    for number, with_ids in enumerate(named, start=1):
        at = NOON + 1_000 * number
        keys = ("phone", "bsuid") if with_ids else ("phone",)
        before, after = ({key: ways(which)[key] for key in keys} for which in (number - 1, number))
        happened.append(moved(house, before=before, after=after, at=at, id=f"wamid.move.{number}"))
        happened.append(said(house, "new", id=f"wamid.{number}", at=at + 5, **ways(number)))
        late.append(said(house, "late", id=f"wamid.late.{number}", at=at - 500, **ways(number - 1)))
    return happened, late


@often
@given(data=st.data())
def test_whoever_changes_numbers_again_and_again_stays_one_person(house: House, data: st.DataObject) -> None:
    moves = data.draw(st.integers(1, 3))
    named = data.draw(st.lists(st.booleans(), min_size=moves, max_size=moves))
    happened, late = changes(house, named)
    with taken_back():
        come(house, data, happened, shuffled=False)
        come(house, data, late)
        with scope(house.id):
            assert Contact.objects.filter(merged_into=None).count() == 1
            assert Conversation.objects.count() == 1
            assert Message.objects.count() == 1 + 2 * moves
            assert not Likeness.objects.exists()


def test_wherever_a_batch_of_changes_of_number_is_cut_they_are_of_one_person(house: House) -> None:
    """What is said in a batch is looked at after all its changes of number: ids that came with a later one say nothing of who
    had the number before."""
    for named in itertools.product([False, True], repeat=3):
        happened, late = changes(house, named)
        salted = [encode(body) + b" " * place for place, body in enumerate(happened)]
        for cut in range(len(salted)):
            with taken_back():
                deliver(house, *salted[:cut])
                deliver(house, *salted[cut:])
                deliver(house, *late)
                with scope(house.id):
                    assert Contact.objects.filter(merged_into=None).count() == 1, (named, cut)
                    assert not Likeness.objects.exists(), (named, cut)


@often
@given(data=st.data())
def test_who_takes_over_a_number_that_was_left_is_somebody_else(house: House, data: st.DataObject) -> None:
    with_ids = data.draw(st.booleans())
    keys = ("phone", "bsuid") if with_ids else ("phone",)
    before, after = ({key: ways(which)[key] for key in keys} for which in (0, 1))
    happened: list[Any] = [
        said(house, "first", id="wamid.first", **ways(0)),
        moved(house, before=before, after=after, at=NOON + 1_000),
        said(house, "I am new", id="wamid.stranger", at=NOON + 9_000, phone=ways(0)["phone"], bsuid="MY.STRANGER"),
        said(house, "still me", id="wamid.me", at=NOON + 9_500, **ways(1)),
    ]
    with taken_back():
        come(house, data, happened, shuffled=False)
        come(house, data, [said(house, "late", id="wamid.late", at=NOON + 500, **ways(0))])
        with scope(house.id):
            threads: dict[UUID, set[str]] = {one.id: set() for one in Conversation.objects.all()}
            for message in Message.objects.all():
                threads[message.conversation_id].add(str(message.external_id))
    assert sorted(map(sorted, threads.values())) == [["wamid.first", "wamid.late", "wamid.me"], ["wamid.stranger"]]
