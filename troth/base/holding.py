"""What the people who run the installation have to keep from being deleted: an upper app says, whoever deletes asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Held:
    """One thing that must stay: a "contact", a "conversation" or the whole "workspace", by id.

    Of what is `secret`, the law forbids to tell the workspace yet.
    """

    kind: str
    target_id: UUID
    secret: bool = False


# Given a workspace, what of it is to stay today.
Holder = Callable[[UUID], Iterable[Held]]

_holders: list[Holder] = []


def register_holder(holder: Holder) -> None:
    """Ask this before anything is deleted. Called once, from an app's `ready`."""
    if holder not in _holders:
        _holders.append(holder)


def held_in(workspace_id: UUID) -> list[Held]:
    """Return all that has to stay of a workspace."""
    return [held for holder in _holders for held in holder(workspace_id)]
