"""What follows a log-in: a new person's company gets its workspace, an invited person joins."""

from typing import Any

from allauth.account.signals import user_logged_in
from django.http import HttpRequest

from troth.accounts.models import User
from troth.workspaces.joining import settle


def connect() -> None:
    """Listen. Called once, when the app is ready."""
    user_logged_in.connect(_settle, dispatch_uid="workspaces.settle")


def _settle(*, request: HttpRequest, user: User, **_rest: Any) -> None:
    settle(request, user)
