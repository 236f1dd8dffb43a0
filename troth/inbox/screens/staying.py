"""Why what is queued for one person stays where it is, in words: the lane takes nothing for them (`send/ledger.py`)."""

from collections.abc import Collection
from enum import Enum

from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.channels.models import Channel
from troth.inbox.models import Conversation, Message, MessageStatus


class Stays(Enum):
    """Why nothing leaves for a person."""

    BLOCKED = "blocked"
    OF_ANOTHER = "of another"
    UNCONFIRMED = "unconfirmed"


def why_it_stays(conversation: Conversation, channel: Channel, marks: Collection[str]) -> Stays | None:
    """Return why nothing leaves in a conversation, None where it does. `marks` are what is known of the person."""
    if "block" in marks:
        return Stays.BLOCKED
    if conversation.is_of_another(at=now()):
        return Stays.OF_ANOTHER
    return Stays.UNCONFIRMED if channel.confirms_identity and "doubt" in marks else None


def staying_text(message: Message, why: Stays | None) -> str:
    """Return why this message has not left, empty where nothing holds it back here. A farewell asks for nobody's code."""
    if why is None or message.status != MessageStatus.QUEUED or (why is Stays.UNCONFIRMED and message.farewell):
        return ""
    if why is Stays.BLOCKED:
        return _("You blocked this person in WhatsApp, so this was not sent. It leaves once somebody unblocks them.")
    if why is Stays.OF_ANOTHER:
        return _(
            "Another responder answers this person now, so this waits. It leaves when they write to you, or after a day"
            " in which they wrote to nobody."
        )
    return _(
        "This person's security code changed before this was sent. It leaves once somebody makes sure that it is still them."
    )
