"""One message on its way into a thread."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from troth.channels.contract import MessageEchoed, MessageReceived
from troth.inbox.models import MessageStatus

Written = MessageReceived | MessageEchoed
_WORDS = {
    "sent": MessageStatus.SENT,
    "accepted": MessageStatus.SENT,
    "pending": MessageStatus.SENT,
    "delivered": MessageStatus.DELIVERED,
    "read": MessageStatus.READ,
    "played": MessageStatus.PLAYED,
    "error": MessageStatus.FAILED,
    "failed": MessageStatus.FAILED,
}


@dataclass(slots=True)
class Line:
    """A message about to be written."""

    id: UUID
    event: Written
    channel: UUID
    at: datetime
    contact: UUID
    sender: UUID | None
    history: bool
    hash: bytes
    conversation: UUID | None = None

    @property
    def target(self) -> tuple[UUID, bytes]:
        return self.channel, self.hash

    @property
    def came_in(self) -> bool:
        return isinstance(self.event, MessageReceived)

    @property
    def rings(self) -> bool:
        """Whether the customer speaks here and now: it is unread."""
        return self.came_in and not self.history and self.event.content.kind != "system"

    @property
    def is_ours_to_answer(self) -> bool:
        """Whether it opens the window and may be answered: not what another responder owns, of which we get a copy."""
        return self.rings and not (isinstance(self.event, MessageReceived) and self.event.observed)

    @property
    def status(self) -> int:
        if isinstance(self.event, MessageReceived):
            return MessageStatus.RECEIVED
        return _WORDS.get(self.event.status or "sent", MessageStatus.SENT)


def array(numbers: list[int]) -> str:
    """Return numbers as PostgreSQL writes an array, for a list of lists that differ in length."""
    return "{" + ",".join(map(str, numbers)) + "}"
