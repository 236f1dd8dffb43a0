"""Rules of retention delete what is older, to the second, and nothing else; a rule that deletes more can be taken back."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from troth.audit.record import Actor
from troth.base.clock import now
from troth.base.registry import REGISTRY, Keep, Subject
from troth.contacts.models import Contact
from troth.inbox.acts import close
from troth.inbox.models import Activity, Conversation, Gap, Message, PastSpending, Reaction
from troth.privacy.forgetting import holds, retention
from troth.privacy.forgetting.classes import CLASSES
from troth.privacy.forgetting.tests.story import OTHER, Story, begun, later, sweep
from troth.privacy.models import HeldKind, RetentionRule
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
clause = pytest.mark.clause


@pytest.fixture
def story() -> Story:
    return begun()


def rule(story: Story, key: str, days: int | None, *, now_already: bool = True) -> RetentionRule:
    with scope(story.id):
        made = retention.change(key, days=days, by=Membership.objects.get(id=story.house.members["Alice"]))
        if now_already:
            RetentionRule.objects.filter(id=made.id).update(acts_from=now())
        return made


def texts(story: Story) -> list[str]:
    with scope(story.id):
        return [message.text() for message in Message.objects.order_by("at")]


@clause("B4.1")
def test_messages_older_than_the_rule_go_and_newer_ones_stay(story: Story) -> None:
    story.says("Long ago", id="wamid.A", at=now() - timedelta(days=31))
    story.says("Lately", id="wamid.B", at=now() - timedelta(days=29))
    rule(story, "talk", 30)
    assert retention.sweep() == 1
    assert texts(story) == ["Lately"]


@pytest.mark.parametrize("way", ["rule", "erasure"])
def test_what_a_deleted_message_cost_is_still_counted(story: Story, way: str) -> None:
    story.says("Long ago", id="wamid.A", at=now() - timedelta(days=31))
    at = now() - timedelta(days=31)
    with scope(story.id):
        Message.objects.update(pricing={"type": "regular", "category": "marketing"}, country="MY", priced_at=at)
    if way == "rule":
        rule(story, "talk", 30)
        retention.sweep()
    else:
        story.erase()
        with later(days=7, minutes=1):
            sweep()
    assert texts(story) == []
    with scope(story.id):
        kept = PastSpending.objects.get()
    assert (kept.day, kept.category, kept.kind, kept.country, kept.count) == (
        at.date(),
        "marketing",
        "regular",
        "MY",
        1,
    )


@pytest.mark.clause("X38")
@clause("B4.1")
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(days=st.integers(1, 400), off_s=st.sampled_from([-1, 0, 1, 86_400, -86_400]))
def test_the_edge_is_exact_to_the_second(days: int, off_s: int) -> None:
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        story = begun()
        with later(days=0):
            at = (now() - timedelta(days=days)).replace(microsecond=0)
            with later(seconds=(at - now()).total_seconds() + days * 86_400):
                story.says("Once", id="wamid.A", at=at + timedelta(seconds=off_s))
                rule(story, "talk", days)
                retention.sweep()
                assert bool(texts(story)) == (off_s >= 0)
        transaction.set_rollback(True)


@clause("B4.1")
def test_the_list_follows_and_what_is_left_empty_goes(story: Story) -> None:
    story.says("Long ago", id="wamid.A", at=now() - timedelta(days=90))
    story.says("Mixed, old", id="wamid.B", at=now() - timedelta(days=90), phone=OTHER)
    story.says("Mixed, new", id="wamid.C", at=now() - timedelta(days=1), phone=OTHER)
    with scope(story.id):
        Reaction.objects.create(
            channel_id=story.house.channel,
            target_hash=b"0" * 16,
            emoji="+",
            at=now() - timedelta(days=60),
            order_hash=b"0" * 16,
        )
    rule(story, "talk", 30)
    retention.sweep()
    with scope(story.id):
        thread = Conversation.objects.get()
        assert thread.preview == "Mixed, new"
        assert Reaction.objects.count() == 0
        assert Contact.objects.count() == 2


@clause("B4.1")
def test_a_last_message_that_goes_takes_its_line_in_the_list_with_it(story: Story) -> None:
    story.says("Old words", id="wamid.A", at=now() - timedelta(days=90))
    with scope(story.id):
        thread = Conversation.objects.get()
        Activity.objects.create(conversation=thread, kind="closed", at=now())
    rule(story, "talk", 30)
    retention.sweep()
    with scope(story.id):
        thread.refresh_from_db()
        assert (thread.preview, thread.last_message_id) == (None, None)


@clause("B4.1")
def test_closed_conversations_go_by_when_they_were_closed(story: Story) -> None:
    story.says("Closed", id="wamid.A")
    story.says("Open", id="wamid.B", phone=OTHER)
    with scope(story.id):
        member = Membership.objects.get(id=story.house.members["Alice"])
        close(story.contact().conversations.get(), by=member)
    rule(story, "closed", 30)
    with later(days=29):
        assert retention.sweep() == 0
    with later(days=30, minutes=1):
        retention.sweep()
    assert texts(story) == ["Open"]


@clause("B4.1")
def test_gaps_have_a_rule_of_their_own(story: Story) -> None:
    story.hears(field="a_new_field", anything=1)
    rule(story, "gaps", 30)
    with later(days=31):
        retention.sweep()
    with scope(story.id):
        assert Gap.objects.count() == 0


@clause("B4.1")
def test_a_rule_that_deletes_more_waits_a_day_and_can_be_taken_back(story: Story) -> None:
    story.says("Long ago", id="wamid.A", at=now() - timedelta(days=90))
    made = rule(story, "talk", 30, now_already=False)
    assert retention.sweep() == 0
    with later(hours=23):
        assert retention.sweep() == 0
        with scope(story.id):
            assert retention.take_back(made, by=Membership.objects.get(id=story.house.members["Alice"]))
    with later(hours=30):
        assert retention.sweep() == 0
    rule(story, "talk", 30, now_already=False)
    with later(hours=24, seconds=1):
        assert retention.sweep() == 2, "the message, and the conversation that it leaves empty"


@clause("B4.1")
def test_the_preview_tells_what_would_go_and_the_purge_does_exactly_that(story: Story) -> None:
    for number in range(4):
        story.says("Old", id=f"wamid.{number}", at=now() - timedelta(days=100 + number))
    story.says("Old too", id="wamid.O", at=now() - timedelta(days=40), phone=OTHER)
    story.says("New", id="wamid.N", phone=OTHER)
    with scope(story.id):
        seen = retention.preview("talk", days=30)
    assert (seen.rows, seen.conversations) == (5, 2)
    assert seen.oldest_at is not None
    assert (now() - seen.oldest_at).days == 103
    rule(story, "talk", 30)
    retention.sweep()
    assert texts(story) == ["New"]


@clause("B4.1", "B4.3")
def test_what_a_legal_hold_lists_stays(story: Story) -> None:
    story.says("Held", id="wamid.A", at=now() - timedelta(days=90))
    story.says("Not held", id="wamid.B", at=now() - timedelta(days=90), phone=OTHER)
    with scope(story.id):
        asked_by = Membership.objects.get(id=story.house.members["Alice"])
        thread = story.contact().conversations.get()
        day = (now() + timedelta(days=10)).date()
        hold = holds.ask(
            [(HeldKind.CONVERSATION, thread.id)], basis="A claim", reference="", review_on=day, by=asked_by
        )
        holds.approve(hold.id, by=Actor.staff(story.house.users["Bob"].pk))
    rule(story, "talk", 30)
    retention.sweep()
    assert texts(story) == ["Held"]


def test_every_kind_of_talk_grows_old() -> None:
    """Whoever adds a table of talk says by which instant its rows grow old."""
    aged = {one.model._meta.label for one in CLASSES["talk"].rows()}
    talk = {label for label, said in REGISTRY.items() if said.keep == Keep.TALK and said.subject == Subject.CONTACT}
    assert talk - aged == {"inbox.Conversation"}, "conversations go when nothing is left in them"
