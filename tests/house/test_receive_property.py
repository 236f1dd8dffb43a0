"""However Meta delivers what happened, twice, late, in any order, in any bundles, we end up knowing the same."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import TypeVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bodies import Body, encode
from tests.cast import House, kopi
from tests.deliver import digest, store
from tests.house.facts import OUR_KNOWN, OUR_UNKNOWN, WAMID, WORLDS, Fact, deliveries, facts_of, said
from tests.house.picture import Picture, differences, picture
from tests.thorough import THOROUGH
from troth.base.sealing import ring
from troth.inbox.index import external_hash
from troth.inbox.models import Conversation, Direction, Message, MessageStatus
from troth.ingest.models import Delivery
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B1.2")]
LONG_AGO = 1_690_000_000
Piece = TypeVar("Piece")
salts = count(1)


@dataclass(frozen=True)
class Way:
    """One way in which facts can come: bundles of bodies, each bundle digested as one batch."""

    batches: list[list[list[Fact]]]
    together: bool

    def __repr__(self) -> str:
        return f"{len(self.batches)} batches of {[[len(body) for body in batch] for batch in self.batches]}"


@st.composite
def ways(draw: st.DrawFn, facts: Sequence[Fact]) -> Way:
    """Repeat some, shuffle all, cut into bodies, cut the bodies into batches."""
    repeated = [fact for fact in facts for _ in range(draw(st.sampled_from([1, 1, 2, 3])))]
    shuffled = draw(st.permutations(repeated))
    bodies = _cut(draw, shuffled, longest=6)
    return Way(_cut(draw, bodies, longest=5), draw(st.booleans()))


def _cut(draw: st.DrawFn, row: Sequence[Piece], *, longest: int) -> list[list[Piece]]:
    pieces: list[list[Piece]] = []
    left = list(row)
    while left:
        size = draw(st.integers(1, longest))
        pieces.append(left[:size])
        left = left[size:]
    return pieces


@pytest.fixture
def house() -> House:
    """A house with a conversation in which we said two things; Meta's answer to the second is still out."""
    made = kopi()
    hello: Body = {"id": "wamid.FIRST", "timestamp": str(LONG_AGO), "type": "text", "text": {"body": "First"}}
    sender = {"from": "60123456789", "from_user_id": "MY.1001"}
    store(made, deliveries([Fact("messages", {"messages": [{**hello, **sender}]})], **_ids(made), together=bool))
    digest()
    with scope(made.id):
        conversation = Conversation.objects.get()
        for id in (OUR_KNOWN, OUR_UNKNOWN):
            known = id is OUR_KNOWN
            Message.objects.create(
                id=id,
                conversation=conversation,
                channel_id=made.channel,
                direction=Direction.OUT,
                kind="text",
                content={"kind": "text", "text": "Ours"},
                status=MessageStatus.SENT if known else MessageStatus.SENDING,
                external_id=WAMID[id] if known else None,
                external_hash=external_hash(ring(), WAMID[id]) if known else None,
                at=datetime.fromtimestamp(LONG_AGO + 60, UTC),
            )
    return made


def often(times: int) -> settings:
    return settings(
        max_examples=times * THOROUGH, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )


@pytest.mark.parametrize("world", WORLDS)
@often(25)
@given(data=st.data())
def test_the_way_in_which_facts_come_does_not_matter(house: House, world: str, data: st.DataObject) -> None:
    facts = data.draw(facts_of(world))
    expected = after(house, Way([[[fact]] for fact in facts], together=False))
    for _ in range(2):
        assert differences(expected, after(house, data.draw(ways(facts)))) == []


@pytest.mark.parametrize("world", WORLDS)
@often(5)
@given(data=st.data())
@pytest.mark.clause("A0.2")
def test_to_hear_everything_again_changes_nothing(house: House, world: str, data: st.DataObject) -> None:
    facts = data.draw(facts_of(world))
    once, again = data.draw(ways(facts)), data.draw(ways(facts))
    both = Way([*once.batches, *again.batches], once.together)
    assert differences(after(house, once), after(house, both)) == []


@often(10)
@given(facts=st.lists(said(), min_size=1, max_size=8))
def test_nothing_waits_when_nothing_is_missing(house: House, facts: list[Fact]) -> None:
    assert after(house, Way([[facts]], together=True))["waiting"] == []


def after(house: House, way: Way) -> Picture:
    """Return the picture after all has come in this way, and take everything back."""
    with taken_back():
        for batch in way.batches:
            store(house, *(_body(house, facts, way) for facts in batch))
            digest()
        assert not Delivery.objects.filter(digested_at=None).exists()
        with scope(house.id):
            return picture()


def _body(house: House, facts: list[Fact], way: Way) -> bytes:
    """Return a body that was never delivered before: the door drops those that were."""
    return encode(deliveries(facts, **_ids(house), together=lambda: way.together)) + b" " * next(salts)


def _ids(house: House) -> dict[str, str]:
    return {"number": house.number_id, "account": house.account_id}


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
