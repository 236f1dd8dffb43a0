"""A message that WhatsApp does not hand over says what it was, as far as WhatsApp tells, and what to do."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import House, kopi
from troth.inbox.models import Conversation
from troth.inbox.screens.unshown import unshown
from troth.inbox.tests.arriving import NOON, told, value
from troth.workspaces.scope import scope


@pytest.mark.parametrize(
    ("content", "what", "remedy"),
    [
        ({"problems": [{"code": 131060}]}, "Only on the phone", "WhatsApp app"),
        ({"data": {"type": "media_placeholder"}}, "Only on the phone", "seen once"),
        ({"data": {"type": "edit"}, "problems": [{"code": 131051}]}, "changed a message", "Ask them"),
        ({"data": {"type": "poll_creation"}}, "A poll", "another way"),
        ({"data": {"type": "hologram"}}, "cannot be shown", "another way"),
        ({"data": None, "problems": None}, "cannot be shown", "another way"),
        (None, "cannot be shown", "another way"),
    ],
)
def test_it_is_named(content: Any, what: str, remedy: str) -> None:
    said = unshown(content)
    assert (what in said.what, remedy in said.remedy) == (True, True)


@pytest.mark.django_db
def test_the_thread_and_the_list_of_gaps_say_the_same() -> None:
    house: House = kopi()
    item = {"from": "60111111111", "id": "wamid.1", "timestamp": str(NOON), "type": "unsupported"}
    told(house, value(house, messages=[{**item, "errors": [{"code": 131060, "title": "?"}]}]))
    with scope(house.id):
        thread = Conversation.objects.get().id
    client = Client()
    client.force_login(house.users["Alice"], backend="troth.accounts.backend.Backend")
    for address in (f"inbox/{thread}/", "gaps/"):
        page = client.get(f"/w/{house.handle}/{address}").content.decode()
        assert "Only on the phone" in page
        assert "ask the customer to send it another way" in page
