"""Fills the outbox as a campaign would, in the product's own environment: `python -m bench.outgoing <wishes as JSON>`.

One text to each of the people who wrote last (`count`), and `burst` texts to one more, to see his limit kept.
"""

import json
import sys
from typing import Any
from uuid import UUID

import django

django.setup()

import msgspec  # noqa: E402

from troth.base.clock import now  # noqa: E402  # after setup()
from troth.base.ids import new_id  # noqa: E402
from troth.base.sealing import ring  # noqa: E402
from troth.channels.contract import Content  # noqa: E402
from troth.inbox.index import tokens_of  # noqa: E402
from troth.inbox.models import Conversation, Direction, Message, MessageStatus  # noqa: E402
from troth.inbox.outbox import wake  # noqa: E402
from troth.workspaces.scope import scope  # noqa: E402

AT_ONCE = 1000


def main(wishes: dict[str, Any]) -> dict[str, int]:
    """Queue the messages in one transaction, as rows that look like those of `inbox.outbox.queue`, and wake the lane."""
    with scope(UUID(wishes["workspace"])):
        ids = list(Conversation.objects.order_by("id").values_list("id", flat=True)[: wishes["count"] + 1])
        burst = [ids[-1]] * wishes.get("burst", 0)
        channel = UUID(wishes["channel"])
        targets = [*burst, *ids[: wishes["count"] - len(burst)]]
        rows = [_row(channel, conversation, place) for place, conversation in enumerate(targets)]
        Message.objects.bulk_create(rows, batch_size=AT_ONCE)
        wake(channel)
    return {"queued": len(rows)}


def _row(channel: UUID, conversation: UUID, place: int) -> Message:
    content = Content(kind="text", text=f"Our shop moves on Friday. Your voucher is {place:06d}, valid until Sunday.")
    return Message(
        id=new_id(),
        conversation_id=conversation,
        channel_id=channel,
        direction=Direction.OUT,
        kind=content.kind,
        content=msgspec.to_builtins(content),
        tokens=tokens_of(ring(), content),
        status=MessageStatus.QUEUED,
        at=now(),
        client_id=new_id(),
    )


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
