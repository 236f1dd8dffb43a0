from troth.inbox.models.activity import Activity
from troth.inbox.models.attachment import KEPT, Attachment, AttachmentState
from troth.inbox.models.block import Block
from troth.inbox.models.conversation import Conversation
from troth.inbox.models.draft import Draft
from troth.inbox.models.gap import Gap
from troth.inbox.models.message import Direction, Message, MessageStatus
from troth.inbox.models.past_spending import PastSpending
from troth.inbox.models.pending import PendingChange
from troth.inbox.models.reaction import Reaction
from troth.inbox.models.scheduled import ScheduledMessage, ScheduledState
from troth.inbox.models.tally import Tally

__all__ = [
    "KEPT",
    "Activity",
    "Attachment",
    "AttachmentState",
    "Block",
    "Conversation",
    "Direction",
    "Draft",
    "Gap",
    "Message",
    "MessageStatus",
    "PastSpending",
    "PendingChange",
    "Reaction",
    "ScheduledMessage",
    "ScheduledState",
    "Tally",
]
