"""Before a person is erased, the blocks that our numbers set in WhatsApp end; where that could not be, the certificate says
so."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from troth.channels.link import Link
from troth.channels.models import Channel
from troth.channels.registry import Blocked
from troth.contacts.models import Contact, Identity
from troth.inbox.models import Block
from troth.privacy.forgetting.certificate import certificate_of
from troth.privacy.forgetting.tests.story import OTHER, PHONE, Story, begun, later, sweep
from troth.privacy.models import Erasure, ErasureState
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
Calls = list[tuple[str, list[str], bool]]


@pytest.fixture
def story() -> Story:
    """Mei and Raj wrote, and both were blocked."""
    told = begun()
    told.says("Hello", id="wamid.A")
    told.says("Hello", id="wamid.B", phone=OTHER, name="Raj")
    with scope(told.id):
        Channel.objects.update(token="a token")  # nobody's
        for phone in (PHONE, OTHER):
            Block.objects.create(channel_id=told.house.channel, contact=told.contact(phone))
    return told


@pytest.fixture
def meta(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Calls]:
    """Let WhatsApp answer so, and return what it is asked."""

    def answers(*given: Blocked) -> Calls:
        asked: Calls = []

        def change(link: Link, people: Sequence[str], *, block: bool) -> Blocked:
            asked.append((link.number_id, list(people), block))
            return given[min(len(asked), len(given)) - 1]

        monkeypatch.setattr("troth.channels.registry.change_blocks", change)
        return asked

    return answers


def kept(story: Story, erasure: Erasure) -> list[str]:
    return [one.what for one in certificate_of(story.read(erasure)).kept]


def test_whatsapp_is_asked_before_anything_goes_and_for_this_person_only(
    story: Story, meta: Callable[..., Calls]
) -> None:
    asked = meta(Blocked(done=(f"+{PHONE}",)))
    erasure = story.erase()
    assert asked == []  # it can be undone yet
    with later(days=7, minutes=5):
        assert sweep() == 1
    assert asked == [(story.house.number_id, [f"+{PHONE}"], False)]
    assert not [what for what in kept(story, erasure) if "blocked people" in what]
    with scope(story.id):
        assert [block.contact_id for block in Block.objects.all()] == [story.contact(OTHER).id]


def test_a_block_that_does_not_end_is_told_and_keeps_nobody_from_being_erased(
    story: Story, meta: Callable[..., Calls]
) -> None:
    meta(Blocked(refused=(f"+{PHONE}",), code="partly"))
    erasure = story.erase()
    with later(days=7, minutes=5):
        assert sweep() == 1
    assert [what for what in kept(story, erasure) if "for 1 of your numbers" in what]
    assert story.read(erasure).facts == {"blocks_left": 1}
    with scope(story.id):
        assert not Contact.objects.filter(id=erasure.subject_id).exists()


def test_a_number_that_is_not_connected_any_more_cannot_ask(story: Story, meta: Callable[..., Calls]) -> None:
    asked = meta(Blocked())
    with scope(story.id):
        Channel.objects.update(token=None, removed_at="2026-01-01T00:00Z")
    erasure = story.erase()
    with later(days=7, minutes=5):
        assert sweep() == 1
    assert asked == []
    assert [what for what in kept(story, erasure) if "for 1 of your numbers" in what]


def test_a_whatsapp_that_does_not_answer_is_waited_for_and_not_for_ever(
    story: Story, meta: Callable[..., Calls]
) -> None:
    asked = meta(Blocked(code="no_answer"))
    erasure = story.erase()
    with later(days=7, minutes=5):
        assert sweep() == 0
        assert story.read(erasure).state == ErasureState.PURGING
        with scope(story.id):
            assert Identity.objects.filter(contact=erasure.subject_id).exists()
        with later(hours=1):
            assert sweep() == 0
        with later(hours=13):
            assert sweep() == 1
    assert len(asked) == 3
    assert story.read(erasure).facts == {"blocks_left": 1}


def test_who_was_never_blocked_is_nothing_to_ask_about(story: Story, meta: Callable[..., Any]) -> None:
    asked = meta(Blocked())
    with scope(story.id):
        Block.objects.all().delete()
    story.erase()
    with later(days=7, minutes=5):
        assert sweep() == 1
    assert asked == []
