"""Whatever happens, in whatever order: staff see what a living grant names, and nothing else, and write nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests import cast
from troth.audit.models import Entry
from troth.base.ids import new_id
from troth.contacts.models import Contact
from troth.inbox.models import Conversation
from troth.support import desk, gate, grants, requests
from troth.support.grants import Wish
from troth.support.models import Grant, HelpRequest, Kind, Problem
from troth.support.models.sight import Look
from troth.support.tests.conftest import Clock, member
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("X29")

LOOKS = [
    (Look.SETTINGS, None),
    (Look.LIST, None),
    (Look.CONVERSATION, 0),
    (Look.CONVERSATION, 1),
    (Look.CONVERSATION, 2),
]


class Support(RuleBasedStateMachine):
    """A model of who may see what beside the real thing. `house`, `clock` and `talks` are set by the test."""

    house: cast.House
    clock: Clock
    talks: list[UUID]

    def __init__(self) -> None:
        super().__init__()
        self.taking_back = transaction.atomic()
        self.taking_back.__enter__()
        self.by = new_id()
        self.requests: dict[UUID, bool] = {}  # whether it is open
        self.given: dict[UUID, dict[str, Any]] = {}
        self.ask_first = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.taking_back.__exit__(None, None, None)

    # What members do

    @rule(who=st.sampled_from(["Alice", "Amira", "Bob"]))
    def ask(self, who: str) -> None:
        with scope(self.house.id):
            made = requests.ask(Problem.OTHER, "Help", by=member(self.house, who))
        self.requests[made.pk] = True

    @rule(
        which=st.integers(0, 3),
        who=st.sampled_from(["Alice", "Amira", "Bob", "Vera"]),
        kind=st.sampled_from(list(Kind)),
        chosen=st.sets(st.integers(0, 2), min_size=1),
        names=st.booleans(),
        bodies=st.booleans(),
        hours=st.sampled_from([4, 24, 72, 1000]),
    )
    def give(self, which: int, who: str, kind: Kind, chosen: set[int], names: bool, bodies: bool, hours: int) -> None:
        request_id = self._request(which)
        if request_id is None:
            return
        ids = [self.talks[one] for one in sorted(chosen)]
        wish = Wish(kind, ids, names=names, bodies=bodies, lasts=timedelta(hours=hours))
        with scope(self.house.id):
            try:
                by = member(self.house, who)
                grant = grants.give(HelpRequest.objects.get(pk=request_id), wish, by=by)
            except grants.NotYours:
                return
        allowed = {"Alice": True, "Amira": not self.ask_first}.get(who, False)
        is_chosen = kind == Kind.CHOSEN
        self.given[grant.pk] = {
            "request": request_id,
            "kind": kind,
            "ids": set(ids) if is_chosen else set(),
            "ticks": (names and is_chosen, bodies and is_chosen),
            "until": self.clock.at + timedelta(hours=min(hours, 72)),
            "alive": allowed,
            "over": False,
        }

    @rule(which=st.integers(0, 5), who=st.sampled_from(["Alice", "Amira", "Bob"]))
    def approve(self, which: int, who: str) -> None:
        grant_id = self._grant(which)
        if grant_id is None:
            return
        told = self.given[grant_id]
        waits = not told["alive"] and not told["over"] and self.requests[told["request"]]
        waits = waits and told["until"] > self.clock.at
        may = who == "Alice" or (who == "Amira" and not self.ask_first)
        with scope(self.house.id):
            try:
                grants.approve(grant_id, by=member(self.house, who))
                done = True
            except (grants.NotYours, Grant.DoesNotExist):
                done = False
        assert done == (waits and may)
        told["alive"] = told["alive"] or done

    @rule(which=st.integers(0, 5), who=st.sampled_from(["Alice", "Amira", "Vera"]))
    def stop(self, which: int, who: str) -> None:
        grant_id = self._grant(which)
        if grant_id is None:
            return
        with scope(self.house.id):
            try:
                grants.stop(grant_id, by=member(self.house, who))
            except (grants.NotYours, Grant.DoesNotExist):
                assert who == "Vera" or self.given[grant_id]["over"]
                return
        self.given[grant_id]["over"] = True

    @rule(which=st.integers(0, 5), kept=st.sets(st.integers(0, 2)), names=st.booleans(), bodies=st.booleans())
    def narrow(self, which: int, kept: set[int], names: bool, bodies: bool) -> None:
        grant_id = self._grant(which)
        if grant_id is None:
            return
        ids = [self.talks[one] for one in kept]
        with scope(self.house.id):
            try:
                smaller = grants.narrow(
                    grant_id, conversation_ids=ids, names=names, bodies=bodies, by=member(self.house, "Amira")
                )
            except Grant.DoesNotExist:
                return
        if smaller is not None and smaller.pk == grant_id:
            return
        told = self.given[grant_id]
        told["over"] = True
        if smaller is not None:
            ticks = (told["ticks"][0] and names, told["ticks"][1] and bodies)
            self.given[smaller.pk] = {**told, "ids": told["ids"] & set(ids), "ticks": ticks, "over": False}

    @rule(which=st.integers(0, 3))
    def close(self, which: int) -> None:
        request_id = self._request(which)
        if request_id is None or not self.requests[request_id]:
            return
        with scope(self.house.id):
            requests.close(request_id, by=member(self.house, "Alice"))
        self._closed(request_id)

    @rule(which=st.integers(0, 3))
    def write(self, which: int) -> None:
        request_id = self._request(which)
        if request_id is not None:
            with scope(self.house.id):
                requests.write(request_id, "One more thing", by=member(self.house, "Alice"))
            self.requests[request_id] = True

    @rule(ask_first=st.booleans())
    def choose(self, ask_first: bool) -> None:
        with scope(self.house.id):
            grants.choose_ask_first(ask_first, by=member(self.house, "Alice"))
        self.ask_first = ask_first

    # What staff and time do

    @rule(which=st.integers(0, 3), answer=st.booleans())
    def answer_or_close(self, which: int, answer: bool) -> None:
        request_id = self._request(which)
        if request_id is None:
            return
        try:
            desk.answer(request_id, "Look here", by=self.by) if answer else desk.close(request_id, by=self.by)
        except gate.NoWay:
            assert not self.requests[request_id]
            return
        assert self.requests[request_id]
        if not answer:
            self._closed(request_id)

    @rule(hours=st.sampled_from([1, 5, 30, 80]))
    def time_passes(self, hours: int) -> None:
        self.clock.passes(hours=hours)

    @rule(sweeps=st.just(True))
    def sweep(self, sweeps: bool) -> None:
        with scope(self.house.id):
            for grant_id, told in self.given.items():
                grants.expire(grant_id)
                told["over"] = told["over"] or told["until"] <= self.clock.at  # nobody can stop what has ended

    # What must hold

    @invariant()
    def staff_see_what_a_living_grant_names_and_nothing_else(self) -> None:
        for request_id in self.requests:
            for look, number in LOOKS:
                talk = None if number is None else self.talks[number]
                self._look(request_id, look, talk)

    def _look(self, request_id: UUID, look: Look, talk: UUID | None) -> None:
        may = [
            told["ticks"]
            for told in self.given.values()
            if told["request"] == request_id
            and told["alive"]
            and not told["over"]
            and told["until"] > self.clock.at
            and self.requests[request_id]
            and (told["kind"] == look.value if talk is None else talk in told["ids"])
        ]
        with scope(self.house.id):
            before = Entry.objects.filter(action="grant.used").count()
        try:
            with gate.by_grant(request_id, look, talk, by=self.by) as sight:
                assert (sight.names, sight.bodies) in may
                assert Entry.objects.filter(action="grant.used").count() == before + 1
        except gate.NoWay:
            assert may == []

    def _request(self, which: int) -> UUID | None:
        ids = list(self.requests)
        return ids[which % len(ids)] if ids else None

    def _grant(self, which: int) -> UUID | None:
        ids = list(self.given)
        return ids[which % len(ids)] if ids else None

    def _closed(self, request_id: UUID) -> None:
        self.requests[request_id] = False
        for told in self.given.values():
            if told["request"] == request_id:
                told["over"] = True


@pytest.mark.slow
@pytest.mark.clause("A2.2c", "A2.2b")
@pytest.mark.django_db
def test_whatever_happens_staff_see_only_what_a_living_grant_names(kopi: cast.House, clock: Clock) -> None:
    with scope(kopi.id):
        first = Conversation.objects.get()
        made = [Contact.objects.create(name=f"Person {n}") for n in range(2)]
        talks = [Conversation.objects.create(channel_id=kopi.channel, contact=one) for one in made]
    Support.house, Support.clock = kopi, clock
    Support.talks = [first.pk, *(talk.pk for talk in talks)]
    run_state_machine_as_test(
        Support,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # Making a failure smaller takes this one minutes; that it failed is to be known at once.
            phases=[Phase.explicit, Phase.generate],
        ),
    )
