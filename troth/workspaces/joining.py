"""An invitation on its way through signing in or up: the browser's session carries the link's secret, not the address."""

from django.http import HttpRequest

from troth.accounts.forms.signup import recall_signup
from troth.accounts.models import User
from troth.workspaces import invitations
from troth.workspaces.founding import found_workspace

CARRIED = "invitation"


def carry(request: HttpRequest, token: str) -> None:
    """Keep the secret of an invitation with this browser."""
    request.session[CARRIED] = token


def carried_token(request: HttpRequest) -> str | None:
    """Return the secret that this browser carries."""
    return request.session.get(CARRIED)


def drop(request: HttpRequest) -> None:
    """Forget the invitation."""
    request.session.pop(CARRIED, None)


def settle(request: HttpRequest, user: User) -> None:
    """Do, at the first log-in, what the person signed up for: found the company's workspace, or join by invitation."""
    wish = recall_signup(request, user)
    if wish.get("joins"):
        _join(request, user)
    elif wish.get("company"):
        found_workspace(wish["company"], by=user)


def _join(request: HttpRequest, user: User) -> None:
    token = carried_token(request)
    if token is None:
        return
    try:
        invitations.accept(token, user=user)
    except (invitations.Closed, invitations.OtherAddress):
        return
    drop(request)
