"""What every template may know of the person and the workspace at hand."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest


@dataclass(frozen=True)
class Self:
    """The person, on pages that are about no workspace."""

    id: UUID
    user_id: UUID
    name: str
    role: str = ""
    role_label: str = ""


def at_hand(request: HttpRequest) -> dict[str, Any]:
    """Return the member and the workspace in scope, or the person alone. Costs no query."""
    member = getattr(request, "member", None)
    if member is not None:
        return {"member": member, "workspace": getattr(request, "workspace", None)}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return {"member": Self(id=user.pk, user_id=user.pk, name=user.get_full_name())}
    return {}
