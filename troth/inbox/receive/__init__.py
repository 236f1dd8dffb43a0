"""Applies what channels tell us to conversations: set-wise, once each, in whatever order it comes.

Start here: `apply.py`. Each other file applies one family of events.
"""

from troth.inbox.receive.apply import apply
from troth.inbox.receive.arrival import Arrival, Outcome
from troth.inbox.receive.gaps import keep_lost_delivery, keep_unapplied, take_back_lost_delivery

__all__ = ["Arrival", "Outcome", "apply", "keep_lost_delivery", "keep_unapplied", "take_back_lost_delivery"]
