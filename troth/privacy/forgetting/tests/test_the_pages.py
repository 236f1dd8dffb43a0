"""An owner who is no lawyer deletes somebody: from the conversation, in two clicks, with a way back and a certificate."""

import re

import pytest
from django.test import Client

from troth.privacy.forgetting.tests.story import Story, begun, later, sweep
from troth.privacy.models import Erasure
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A4.2a", "B7.3")]


@pytest.fixture
def story() -> Story:
    made = begun()
    made.says("Delete me please", id="wamid.A", name="Mei")
    return made


def browser(story: Story, who: str) -> Client:
    client = Client()
    client.force_login(story.house.users[who])
    return client


def link(page: bytes, pattern: str) -> str:
    found = re.search(pattern, page.decode())
    assert found is not None, pattern
    return found.group(1)


def test_from_the_conversation_to_the_certificate(story: Story) -> None:
    alice = browser(story, "Alice")
    home = f"/w/{story.house.handle}/"
    thread = link(alice.get(f"{home}inbox/").content, rf'href="({home}inbox/[0-9a-f-]{{36}}/)')
    ask = link(alice.get(thread).content, r'href="([^"]*/erasure/)"')
    assert b"Delete Mei?" in alice.get(ask).content
    answer = alice.post(ask)
    assert answer.status_code == 302
    assert b"Undo" in alice.get(answer["Location"]).content
    assert b"Mei" in alice.get(f"{home}privacy/forgetting/").content
    with later(days=7, minutes=1):
        sweep()
        alice = browser(story, "Alice")
        page = alice.get(answer["Location"])
        assert b"Certificate of deletion" in page.content
        paper = alice.get(link(page.content, r'href="([^"]*certificate\.txt)"'))
        assert b"Conversations: 1" in paper.content
        assert b"Mei" not in alice.get(f"{home}privacy/forgetting/").content


def test_undo_is_one_click(story: Story) -> None:
    alice = browser(story, "Alice")
    erasure = story.erase()
    answer = alice.post(f"/w/{story.house.handle}/privacy/forgetting/{erasure.id}/undo/")
    assert answer.status_code == 302
    assert b"Delete me please" in alice.get(f"/w/{story.house.handle}/inbox/").content


def test_agents_neither_see_the_act_nor_do_it(story: Story) -> None:
    bob = browser(story, "Bob")
    with scope(story.id):
        thread = story.contact().conversations.get()
        assert Membership.objects.get(id=story.house.members["Bob"]).role == Role.AGENT
    address = f"/w/{story.house.handle}/inbox/{thread.id}/"
    assert b"/erasure/" not in bob.get(address).content
    assert bob.post(f"{address}erasure/").status_code == 403
    with scope(story.id):
        assert Erasure.objects.filter(workspace_id=story.id).count() == 0
