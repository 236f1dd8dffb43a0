"""A file that could not be fetched because of the number's token is fetched by itself once there is another."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.base.clock import now
from troth.channels import registry
from troth.inbox.files import fetching
from troth.inbox.models import Attachment, AttachmentState
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    made = kopi()
    image = {"id": "1", "mime_type": "image/jpeg"}
    message = {
        "from": "60123456789", "id": "wamid.1", "timestamp": str(int(now().timestamp())), "type": "image", "image": image
    }  # fmt: skip
    deliver(made, bodies.envelope(bodies.value(made.number_id, messages=[message]), account=made.account_id))
    return made


def fetched(house: House, monkeypatch: pytest.MonkeyPatch, *, reason: str) -> Attachment:
    """Let the file be fetched, which fails so; return what became of it."""
    answer = registry.Fetched(ok=False, reason=reason)
    monkeypatch.setattr(registry, "fetch", lambda *_given: answer)
    with scope(house.id):
        id = Attachment.objects.get().id
    fetching.fetch(str(house.id), str(id))
    with scope(house.id):
        return Attachment.objects.get()


@pytest.mark.parametrize("reason", sorted(fetching.NUMBERS_TROUBLE))
def test_it_waits_as_long_as_whatsapp_keeps_it(house: House, monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
    began = now()
    for step in range(12):
        with time_machine.travel(began + step * timedelta(minutes=31), tick=False):
            file = fetched(house, monkeypatch, reason=reason)
            due: Any = file.next_attempt_at
            assert (file.state, file.reason) == (AttachmentState.WAITING, reason)
            assert due == now() + timedelta(minutes=30)
    with time_machine.travel(began + timedelta(days=8), tick=False):
        assert fetched(house, monkeypatch, reason=reason).state == AttachmentState.FAILED


def test_what_is_gone_is_not_waited_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fetched(house, monkeypatch, reason="gone").state == AttachmentState.FAILED
