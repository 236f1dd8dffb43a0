"""Views that ask Meta something. They visit the workspace twice, and ask in between, when no transaction is open."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from troth.accounts.access import View
from troth.workspaces.models import Role


class Ready(HttpResponse):
    """The first visit's answer when all is well. Never sent: it carries what the question needs."""

    def __init__(self, **carried: Any) -> None:
        super().__init__()
        self.carried = carried


def outside_view(*, role: Role) -> Callable[[View], View]:
    """Mark a view as one for members with at least this role; both its visits have to be member views that see to it."""

    def decorate(view: View) -> View:
        view.access = "member"  # type: ignore[attr-defined]  # read by the test that asks every address
        view.least_role = role  # type: ignore[attr-defined]
        return view

    return decorate
