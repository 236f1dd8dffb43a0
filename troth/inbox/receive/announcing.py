"""Telling upper floors of messages that customers have just written, with what they say still in memory.

A receiver decides from the words alone and at most queues a job: it runs within the transaction that stores the
messages, for every one of them.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple
from uuid import UUID


class Written(NamedTuple):
    """A message that a customer wrote here and now: its id and its words, empty where it has none."""

    message_id: UUID
    text: str


Receiver = Callable[[Sequence[Written]], None]

_receivers: list[Receiver] = []


def register(receiver: Receiver) -> None:
    """Tell this receiver of what customers write. Called once, from an app's `ready`."""
    if receiver not in _receivers:
        _receivers.append(receiver)


def announce(written: Sequence[Written]) -> None:
    """Tell all receivers, in the scope of the workspace."""
    if written:
        for receiver in _receivers:
            receiver(written)
