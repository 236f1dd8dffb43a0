"""Signing in within the undo time takes the deletion of one's account back; after it, nobody gets in any more."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from troth.accounts.models import User
from troth.privacy.forgetting import members
from troth.privacy.forgetting.contacts import TooLate


def on_login(*, request: HttpRequest, user: User, **_rest: Any) -> None:
    """Keep the account of whoever comes back in time. Raises: ImmediateHttpResponse, which the library answers with."""
    try:
        kept = members.undo(user.pk)
    except TooLate:
        logout(request)
        raise ImmediateHttpResponse(redirect("forgetting:account_gone")) from None
    if kept:
        messages.success(request, _("Your account stays: its deletion is undone."))
