"""How a message of ours stands, in words: its tick, and why it waits, failed or is not sure."""

from collections.abc import Collection
from enum import Enum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.channels.models import Channel
from troth.channels.registry import explain
from troth.channels.trouble import Held
from troth.inbox.models import Conversation, Message, MessageStatus

WORDS = {
    MessageStatus.RECEIVED: "received",
    MessageStatus.QUEUED: "queued",
    MessageStatus.SENDING: "sending",
    MessageStatus.UNCERTAIN: "uncertain",
    MessageStatus.SENT: "sent",
    MessageStatus.FAILED: "failed",
    MessageStatus.DELIVERED: "delivered",
    MessageStatus.READ: "read",
    MessageStatus.PLAYED: "played",
}


def status_word(message: Message) -> str:
    """Return the word by which templates know how a message stands."""
    return "held" if _is_held(message) else WORDS[MessageStatus(message.status)]


def status_label(message: Message) -> str:
    """Return what its tick says, and since when."""
    times = {
        MessageStatus.SENT: message.sent_at,
        MessageStatus.DELIVERED: message.delivered_at,
        MessageStatus.READ: message.read_at,
        MessageStatus.FAILED: message.failed_at,
    }
    if _is_held(message):
        return _("WhatsApp is checking the quality of this template")
    label = str(MessageStatus(message.status).label)
    at = times.get(MessageStatus(message.status))
    return f"{label}, {timezone.localtime(at):%H:%M}" if at else label


def _is_held(message: Message) -> bool:
    """Return whether WhatsApp has taken a message and not sent it yet: it waits for what others say of the template.

    Its instant of sending comes with the news of it.
    """
    return message.held and message.status == MessageStatus.SENT and message.sent_at is None


def problem_text(message: Message, channel: Channel, held: Held) -> str:
    """Return what is the matter with a message and what becomes of it; empty where nothing is."""
    if message.status == MessageStatus.QUEUED and not channel.is_bound:
        return _("The number is disconnected, so this waits. It leaves when the number is connected again.")
    ends = held.until(message.kind, message.category) if message.status == MessageStatus.QUEUED else None
    if ends is not None:
        until = date_format(timezone.localtime(ends), "SHORT_DATETIME_FORMAT")
        return _("Meta takes no such message from this account until %(until)s, and then it leaves by itself.") % {
            "until": until
        }
    if message.status == MessageStatus.QUEUED and held.is_endless(message.kind, message.category):
        return _(
            "Meta takes no such message from this account now, and has not said until when. It is tried now and then."
        )
    if _is_held(message):
        return _(
            "WhatsApp is checking the quality of this template. It sends this by itself, or says that it will not."
        )
    if message.status == MessageStatus.UNCERTAIN:
        return _(
            "WhatsApp did not answer in time, so we do not know whether this was sent. It is not sent again by itself."
        )
    if message.status == MessageStatus.FAILED:
        return explain(channel.kind, message.error_code or 0)
    if message.status == MessageStatus.QUEUED and message.error_code is not None:
        return explain(channel.kind, message.error_code)
    return ""


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
