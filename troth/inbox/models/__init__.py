from troth.inbox.models.activity import Activity
from troth.inbox.models.conversation import Conversation
from troth.inbox.models.draft import Draft
from troth.inbox.models.gap import Gap
from troth.inbox.models.message import Direction, Message, MessageStatus
from troth.inbox.models.pending import PendingChange
from troth.inbox.models.reaction import Reaction

__all__ = [
    "Activity",
    "Conversation",
    "Direction",
    "Draft",
    "Gap",
    "Message",
    "MessageStatus",
    "PendingChange",
    "Reaction",
]
