"""Asking, undoing, purging, holding, keeping for so long, writing late, writing again: in any order, at any time, what is
seen and what is there is what was promised."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.thorough import THOROUGH
from troth.audit.record import Actor
from troth.base.clock import now
from troth.contacts.models import Contact
from troth.inbox.models import Conversation, Message
from troth.privacy.forgetting import contacts, holds, retention
from troth.privacy.forgetting.deadlines import UNDO
from troth.privacy.forgetting.tests.story import begun, sweep
from troth.privacy.forgetting.tests.test_nobody_is_brought_back import history
from troth.privacy.models import Erasure, HeldKind, RetentionRule
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

PHONES = ("60123456781", "60123456782")
START = datetime(2026, 2, 27, 23, 0, tzinfo=UTC)  # days with a month's end, leap seconds and clock changes ahead
KEPT = timedelta(days=30)


@dataclass
class Entry:
    """A contact as it should be. `until` is since when its number is not its own any more."""

    id: UUID
    phone: str
    said: dict[str, datetime] = field(default_factory=dict)
    until: datetime | None = None
    erasure: Erasure | None = None
    held_until: datetime | None = None

    @property
    def in_sight(self) -> bool:
        return self.erasure is None


class Forgetting(RuleBasedStateMachine):
    """A house with few people, and a model of what should be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(START, tick=False)
        self.travelling = self.clock.start()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.story = begun()
        self.entries: list[Entry] = []
        self.erased: dict[UUID, tuple[str, datetime]] = {}
        self.count = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        self.clock.stop()

    @rule(hours=st.sampled_from([0.01, 1, 24, 24 * 6, 24 * 7, 24 * 31]))
    def time_passes(self, hours: float) -> None:
        self.travelling.shift(timedelta(seconds=round(hours * 3600)))

    @rule(phone=st.sampled_from(PHONES), ago_h=st.sampled_from([0, 0, 0, 1, 30, 24 * 8]), late=st.booleans())
    def somebody_writes(self, phone: str, ago_h: int, late: bool) -> None:
        """Now or long ago, live or in a history."""
        self.count += 1
        text, at = f"text {self.count}", now() - timedelta(hours=ago_h)
        if late:
            body = history({phone: at})
            said = body["threads"][0]["messages"][0]
            said["id"], said["text"] = f"wamid.{self.count}", {"body": text}
            outcome = self.story.hears("history", history=[body])
        else:
            outcome = self.story.says(text, id=f"wamid.{self.count}", at=at, phone=phone)
        since = max((when for number, when in self.erased.values() if number == phone), default=None)
        if since is not None and at <= since:
            assert outcome[1:] == ("ignored", "person-was-forgotten")
            return
        assert outcome[1] == "applied"
        self._whose(phone, at).said[text] = at

    @precondition(lambda self: any(one.in_sight for one in self.entries))
    @rule(data=st.data())
    def somebody_asks_to_be_forgotten(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from([one for one in self.entries if one.in_sight]))
        with scope(self.story.id):
            entry.erasure = contacts.request_erasure(entry.id, by=Actor.system())
        self.erased[entry.erasure.id] = (entry.phone, entry.until or now())
        entry.until = entry.until or now()

    @precondition(lambda self: any(one.erasure for one in self.entries))
    @rule(data=st.data())
    def somebody_undoes(self, data: st.DataObject) -> None:
        entry = data.draw(st.sampled_from([one for one in self.entries if one.erasure]))
        assert entry.erasure is not None
        asked_at, in_time = entry.erasure.requested_at, now() < entry.erasure.requested_at + UNDO
        with scope(self.story.id):
            begun_already = Erasure.objects.get(id=entry.erasure.id).state == "purging"
            if not in_time or begun_already:
                with pytest.raises(contacts.TooLate):
                    contacts.undo(entry.erasure.id, by=Actor.system())
                return
            contacts.undo(entry.erasure.id, by=Actor.system())
        del self.erased[entry.erasure.id]
        entry.erasure = None
        taken = any(one is not entry and one.phone == entry.phone and one.until is None for one in self.entries)
        if entry.until == asked_at and not taken:
            entry.until = None

    @rule()
    def the_hour_strikes(self) -> None:
        """What is due is purged, and what is too old goes."""
        sweep()
        retention.sweep()
        for entry in list(self.entries):
            due = entry.erasure is not None and now() >= entry.erasure.requested_at + UNDO
            if due and not self._is_held(entry):
                self.entries.remove(entry)
            elif self._has_rule() and not self._is_held(entry):
                entry.said = {text: at for text, at in entry.said.items() if at >= now() - KEPT}

    @precondition(lambda self: bool(self.entries))
    @rule(data=st.data(), days=st.integers(0, 40))
    def a_hold_is_put_on(self, data: st.DataObject, days: int) -> None:
        entry = data.draw(st.sampled_from(self.entries))
        with scope(self.story.id):
            by = Membership.objects.get(id=self.story.house.members["Alice"])
            day = (now() + timedelta(days=days)).date()
            made = holds.ask([(HeldKind.CONTACT, entry.id)], basis="A claim", reference="", review_on=day, by=by)
            holds.approve(made.id, by=Actor.member(self.story.house.members["Bob"]))
        end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        entry.held_until = max(end, entry.held_until or end)

    @rule(on=st.booleans())
    def a_rule_is_set(self, on: bool) -> None:
        with scope(self.story.id):
            by = Membership.objects.get(id=self.story.house.members["Alice"])
            made = retention.change("talk", days=KEPT.days if on else None, by=by)
            RetentionRule.objects.filter(id=made.id).update(acts_from=now())

    @invariant()
    def what_is_seen_and_what_is_there_is_what_was_promised(self) -> None:
        with scope(self.story.id):
            viewer = Membership.objects.get(id=self.story.house.members["Vera"])
            threads = Conversation.objects.visible_to(viewer)
            seen = {message.text() for message in Message.objects.filter(conversation__in=threads)}
            there = {message.text() for message in Message.objects.all()}
            people = set(Contact.objects.values_list("id", flat=True))
        assert seen == {text for one in self.entries if one.in_sight for text in one.said}
        assert there == {text for one in self.entries for text in one.said}
        assert people == {one.id for one in self.entries}

    def _whose(self, phone: str, at: datetime) -> Entry:
        """Return whose a message of this instant is; somebody new where the number is nobody's."""
        theirs = [one for one in self.entries if one.phone == phone and one.in_sight]
        earlier = [one for one in theirs if one.until is not None and one.until >= at]
        if earlier:
            return min(earlier, key=lambda one: one.until or at)
        found = next((one for one in theirs if one.until is None), None)
        if found is None:
            with scope(self.story.id):
                found = Entry(self.story.contact(phone).id, phone)
            self.entries.append(found)
        return found

    def _is_held(self, entry: Entry) -> bool:
        return entry.held_until is not None and now() < entry.held_until

    def _has_rule(self) -> bool:
        with scope(self.story.id):
            return retention.days_of("talk") is not None


@pytest.mark.django_db
@pytest.mark.clause("A4.2b", "B4.1", "B4.2", "B4.3", "B7.3")
def test_whatever_happens_in_any_order_what_was_promised_holds() -> None:
    often = settings(
        max_examples=2 * THOROUGH,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(Forgetting, settings=often)
