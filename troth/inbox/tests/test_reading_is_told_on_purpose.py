"""Customers are told that we have read, and that somebody writes, as the number's setting says: by jobs, and seldom."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from tests.cast import House, kopi
from troth.base.clock import now
from troth.channels.models import Channel
from troth.inbox import receipts
from troth.inbox.models import Conversation, Message
from troth.inbox.tests.sending import meet
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return kopi()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """The jobs that were asked for: what, and about which message."""
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(receipts, "defer", lambda name, **ids: found.append((name, ids["message_id"])))
    return found


def setting(house: House, word: str) -> None:
    with scope(house.id):
        Channel.objects.filter(id=house.channel).update(read_receipts=word)


def bob(house: House) -> Client:
    client = Client()
    client.force_login(house.users["Bob"])
    return client


def does(house: House, conversation: UUID, incoming: UUID) -> None:
    """Open the conversation, type, and answer."""
    at, client = f"/w/{house.handle}/inbox/{conversation}/", bob(house)
    client.post(f"{at}reading/", {"up_to": str(incoming)})
    client.put(f"{at}draft/", "text=We", content_type="application/x-www-form-urlencoded")
    client.put(f"{at}draft/", "text=We+are", content_type="application/x-www-form-urlencoded")
    client.post(f"{at}messages/", {"text": "We are open"})


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("never", []),
        ("answered", ["receipts.typing"]),
        ("opened", ["receipts.read", "receipts.typing"]),
    ],
)
def test_the_setting_decides(word: str, told: list[str], house: House, asked: list[tuple[str, str]]) -> None:
    (mei,) = meet(house, 1)
    setting(house, word)
    with scope(house.id):
        incoming = Message.objects.get(direction="in").id
    does(house, mei, incoming)
    assert asked == [(name, str(incoming)) for name in told], "what is told already is not told again"


def test_an_answer_that_was_pasted_tells_that_we_read(house: House, asked: list[tuple[str, str]]) -> None:
    (mei,) = meet(house, 1)
    setting(house, "answered")
    bob(house).post(f"/w/{house.handle}/inbox/{mei}/messages/", {"text": "Yes"})
    assert [name for name, _ in asked] == ["receipts.read"]


@pytest.mark.parametrize("change", [{"closed_at": now(), "closed_by": "Bob"}, {"window_expires_at": now()}])
def test_typing_is_told_in_open_conversations_only(
    change: dict[str, object], house: House, asked: list[tuple[str, str]]
) -> None:
    (mei,) = meet(house, 1)
    setting(house, "answered")
    with scope(house.id):
        by = {"closed_by": house.members["Bob"]} if "closed_by" in change else {}
        Conversation.objects.filter(id=mei).update(**{**change, **by})
        receipts.typing(Conversation.objects.select_related("channel").get(id=mei))
    assert asked == []


def test_typing_is_told_again_after_twenty_seconds(house: House, asked: list[tuple[str, str]]) -> None:
    (mei,) = meet(house, 1)
    setting(house, "answered")
    with scope(house.id):
        conversation = Conversation.objects.get(id=mei)
        receipts.typing(conversation)
        receipts.typing(conversation)
        assert len(asked) == 1
        Conversation.objects.filter(id=mei).update(told_typing_at=now() - timedelta(seconds=21))
        receipts.typing(conversation)
        assert len(asked) == 2
