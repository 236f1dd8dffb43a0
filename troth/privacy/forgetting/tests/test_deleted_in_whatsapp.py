"""What a person deletes or changes in WhatsApp is gone here too: text, search, preview, quotes, what waited."""

from datetime import timedelta

import pytest

from tests.house.canaries import canary
from tests.opened import everything, places_of
from troth.base.clock import now
from troth.base.sealing import ring
from troth.inbox.index import tokens_of
from troth.inbox.models import Conversation, Gap, Message, PendingChange
from troth.inbox.receive.waiting import give_up
from troth.privacy.forgetting.tests.story import PHONE, Story, begun, later
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L13")]


@pytest.fixture
def story() -> Story:
    return begun()


def change(story: Story, target: str, text: str | None, *, minute: int = 0) -> tuple[str, str, str]:
    """Let the person change a message, or delete it where there is no text."""
    kind = "edit" if text is not None else "revoke"
    part: dict[str, object] = {"original_message_id": target}
    if text is not None:
        part["message"] = {"type": "text", "text": {"body": text}}
    at = str(int((now() + timedelta(minutes=minute)).timestamp()))
    said = {"from": PHONE, "id": f"{target}.{kind}.{at}.{minute}", "timestamp": at, "type": kind, kind: part}
    return story.hears(messages=[said])


def test_a_deleted_message_leaves_its_place_and_nothing_that_it_said(story: Story) -> None:
    word = canary()
    story.says(f"My {word}", id="wamid.A")
    story.says("Quoting", id="wamid.B", context={"id": "wamid.A", "from": PHONE})
    story.says(f"Last {word}", id="wamid.C")
    assert places_of(word, everything(story.id)) == {"inbox_message.content", "inbox_conversation.preview"}
    assert change(story, "wamid.A", None)[1] == change(story, "wamid.C", None)[1] == "applied"
    assert places_of(word, everything(story.id)) == set()
    with scope(story.id):
        gone = Message.objects.filter(revoked_at__isnull=False)
        assert [(message.content, message.tokens) for message in gone] == [(None, [])] * 2
        assert Conversation.objects.get().preview == ""


def test_what_was_said_before_an_edit_is_gone(story: Story) -> None:
    word = canary()
    story.says(f"My {word}", id="wamid.A")
    with scope(story.id):
        old = set(Message.objects.get().tokens)
    assert change(story, "wamid.A", "Something else")[1] == "applied"
    assert places_of(word, everything(story.id)) == set()
    with scope(story.id):
        message = Message.objects.get()
        assert message.text() == "Something else"
        from troth.channels.contract import Content  # noqa: PLC0415

        assert message.tokens == tokens_of(ring(), Content(kind="text", text="Something else"))
        assert not old & set(message.tokens)


@pytest.mark.parametrize("order", [("edit", "revoke"), ("revoke", "edit")])
def test_a_change_that_waits_for_a_deleted_message_says_nothing(story: Story, order: tuple[str, str]) -> None:
    word = canary()
    for kind in order:
        if kind == "edit":
            change(story, "wamid.X", f"Changed to {word}", minute=-2)
        else:
            change(story, "wamid.X", None, minute=-1)
    with scope(story.id):
        assert PendingChange.objects.count() == 2
    assert places_of(word, everything(story.id)) == set()
    with later(days=9):
        give_up()
        with scope(story.id):
            assert Gap.objects.count() == 2
        assert places_of(word, everything(story.id)) == set()


def test_a_deletion_that_came_first_empties_the_message_when_it_comes(story: Story) -> None:
    word = canary()
    change(story, "wamid.A", None)
    story.says(f"My {word}", id="wamid.A", at=now() - timedelta(minutes=1))
    assert places_of(word, everything(story.id)) == set()


def test_a_repeated_delivery_does_not_bring_a_deleted_message_back(story: Story) -> None:
    word = canary()
    story.says(f"My {word}", id="wamid.A")
    change(story, "wamid.A", None)
    story.says(f"My {word}", id="wamid.A", name="Mei again")
    assert places_of(word, everything(story.id)) == set()
