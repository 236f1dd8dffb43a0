"""A file goes with its message, however that goes: taken back, grown old, or with its person or its workspace."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests import bodies
from troth.audit.record import Actor
from troth.base.clock import now
from troth.inbox.files.tending import tend
from troth.inbox.models import Attachment, AttachmentState, Conversation, Message
from troth.inbox.tests.arriving import revoked
from troth.media import store
from troth.media.models import Condemned
from troth.privacy.forgetting import purge, retention, workspaces
from troth.privacy.forgetting.tests.story import OTHER, PHONE, Story, begun, later
from troth.privacy.models import RetentionRule
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keeping")]


@pytest.fixture
def story() -> Story:
    return begun()


def sends(story: Story, *, id: str, phone: str = PHONE, name: str = "Mei") -> UUID:
    """Let somebody send a picture that is here; return its id."""
    image = {"id": "1", "mime_type": "image/jpeg", "caption": "Look"}
    message = {"from": phone, "id": id, "timestamp": str(int(now().timestamp())), "type": "image", "image": image}
    story.hears(contacts=[bodies.contact(name=name, phone=phone)], messages=[message])
    with scope(story.id):
        made = Attachment.objects.latest("id")
        Attachment.objects.filter(id=made.id).update(state=AttachmentState.HERE, next_attempt_at=None, has_preview=True)
        files = store.files()
    for part in (*store.PARTS, store.WHOLE):  # one was replaced
        with files.writer(made.id, part) as out:
            out.write(b"bytes")
    assert lies(story, made.id)
    attachment: UUID = made.id
    return attachment


def lies(story: Story, id: UUID) -> bool:
    """Return whether anything of a file is left, be it an earlier version."""
    beginning = store.beginning(story.id, id)
    return next(store.keeper().kept(beginning, all_traces=True), None) is not None


@pytest.mark.clause("L13")
def test_a_file_that_is_taken_back_is_gone_within_a_minute(story: Story) -> None:
    gone, kept = sends(story, id="wamid.A"), sends(story, id="wamid.B")
    story.hears(**_parts(revoked(story.house, "wamid.A", at=int(now().timestamp()))))
    with scope(story.id):
        assert [one.id for one in Attachment.objects.all()] == [kept]
        assert [one.id for one in Condemned.objects.all()] == [gone]
    tend()
    assert not lies(story, gone)
    assert lies(story, kept)
    with scope(story.id):
        assert not Condemned.objects.exists()


def _parts(body: bodies.Body) -> dict[str, Any]:
    messages = body["entry"][0]["changes"][0]["value"]["messages"]
    return {"messages": messages}


@pytest.mark.clause("A4.2a", "B4.2")
def test_a_person_takes_their_files_along_and_nobody_elses(story: Story) -> None:
    mine, other = sends(story, id="wamid.A"), sends(story, id="wamid.B", phone=OTHER, name="Raj")
    story.erase()
    with later(days=7, minutes=5):
        assert purge.sweep() == 1
    assert not lies(story, mine)
    assert lies(story, other)


@pytest.mark.clause("A4.2a")
def test_a_workspace_takes_all_its_files_along(story: Story) -> None:
    mine = sends(story, id="wamid.A")
    workspaces.request_erasure(story.id, by=Actor.system())
    assert lies(story, mine), "it can be undone yet"
    with later(days=7, minutes=5):
        assert purge.sweep() == 1
    assert not lies(story, mine)
    assert not list(store.keeper().kept(f"{story.id}/", all_traces=True))


def test_files_grow_old_with_their_messages(story: Story) -> None:
    old = sends(story, id="wamid.A")
    with later(days=60):
        new = sends(story, id="wamid.B")
        with scope(story.id):
            RetentionRule.objects.create(kept="talk", days=30, acts_from=now() - timedelta(days=1), changed_at=now())
        assert retention.purge(story.id) >= 1
    assert not lies(story, old)
    assert lies(story, new)


def test_whatever_deletes_the_row_condemns_the_file(story: Story) -> None:
    """Nobody has to remember it: the database notes it, in the same transaction."""
    id = sends(story, id="wamid.A")
    with scope(story.id):
        Attachment.objects.all()._raw_delete("default")
        Message.objects.all()._raw_delete("default")
        assert Condemned.objects.filter(id=id).exists()
        assert Conversation.objects.exists()
    tend()
    assert not lies(story, id)
