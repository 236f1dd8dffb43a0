"""Fills the outbox as a campaign would, in the product's own environment: `python -m bench.outgoing <wishes as JSON>`.

One text to each of the people who wrote last (`count`), and `burst` texts to one more, to see his limit kept; with
`template`, that template filled in for each instead.
"""

import json
import sys
from collections.abc import Callable
from typing import Any
from uuid import UUID

import django

django.setup()

import msgspec  # noqa: E402

from bench import template  # noqa: E402
from troth.base.clock import now  # noqa: E402  # after setup()
from troth.base.ids import new_id  # noqa: E402
from troth.base.sealing import ring  # noqa: E402
from troth.channels.contract import Content  # noqa: E402
from troth.channels.models import MessageTemplate  # noqa: E402
from troth.inbox.index import tokens_of  # noqa: E402
from troth.inbox.models import Conversation, Direction, Message, MessageStatus  # noqa: E402
from troth.inbox.outbox import wake  # noqa: E402
from troth.inbox.say_template import content_of, needs_for  # noqa: E402
from troth.workspaces.scope import scope  # noqa: E402

AT_ONCE = 1000


def main(wishes: dict[str, Any]) -> dict[str, int]:
    """Queue the messages in one transaction, as rows that look like those of `inbox.outbox.queue`, and wake the lane."""
    with scope(UUID(wishes["workspace"])):
        ids = list(Conversation.objects.order_by("id").values_list("id", flat=True)[: wishes["count"] + 1])
        burst = [ids[-1]] * wishes.get("burst", 0)
        channel = UUID(wishes["channel"])
        targets = [*burst, *ids[: wishes["count"] - len(burst)]]
        content = _template() if wishes.get("template") else _text
        rows = [_row(channel, conversation, content(place)) for place, conversation in enumerate(targets)]
        Message.objects.bulk_create(rows, batch_size=AT_ONCE)
        wake(channel)
    return {"queued": len(rows)}


def _text(place: int) -> Content:
    return Content(kind="text", text=f"Our shop moves on Friday. Your voucher is {place:06d}, valid until Sunday.")


def _template() -> Callable[[int], Content]:
    """Return what fills in the template, as the composer does."""
    known = MessageTemplate(
        name=template.NAME, language=template.LANGUAGE, category=template.CATEGORY, components=template.COMPONENTS
    )
    needed = [need.key for need in needs_for(known)]
    return lambda place: content_of(known, template.values(needed, place))


def _row(channel: UUID, conversation: UUID, content: Content) -> Message:
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
