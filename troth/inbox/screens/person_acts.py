"""What can be done about a person, the one place of the details panel that apps above fill."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from troth.workspaces.models import Membership

# Given the member, the workspace's handle and the conversation: the address, or None where this member may not.
Address = Callable[[Membership, str, UUID], str | None]


@dataclass(frozen=True, kw_only=True)
class PersonAct:
    """One line of the details panel that leads to a page. Small positions stand on top; `danger` belongs at the end."""

    key: str
    label: str | Promise
    icon: str
    url: Address
    position: int
    danger: bool = False


_acts: dict[str, PersonAct] = {}


def register_person_act(act: PersonAct) -> None:
    """Show the act in the details of every conversation. Called once, from an app's `ready`."""
    _acts[act.key] = act


def person_acts(member: Membership, handle: str, conversation_id: UUID) -> list[dict[str, object]]:
    """Return what this member may do with the person of a conversation."""
    ordered = sorted(_acts.values(), key=lambda act: (act.position, act.key))
    return [
        {"label": act.label, "icon": act.icon, "url": url, "danger": act.danger}
        for act in ordered
        if (url := act.url(member, handle, conversation_id)) is not None
    ]
