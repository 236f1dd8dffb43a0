"""What follows by itself when somebody's proof of identity changes: their other sessions end."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as second_factor
from django.http import HttpRequest, HttpResponseBase

from troth.accounts.ending import end_other_sessions
from troth.accounts.looks import show_looks
from troth.accounts.mail_choices import try_again
from troth.accounts.models import User

PROOF_CHANGED = {
    "password_changed": account.password_changed,
    "password_set": account.password_set,
    "password_reset": account.password_reset,
    "email_changed": account.email_changed,
    "authenticator_added": second_factor.authenticator_added,
    "authenticator_removed": second_factor.authenticator_removed,
    "authenticator_reset": second_factor.authenticator_reset,
}


def connect() -> None:
    """Listen. Called once, when the app is ready."""
    for name, signal in PROOF_CHANGED.items():
        signal.connect(_end_others, dispatch_uid=f"accounts.{name}")
    account.email_changed.connect(_forget_refusal, dispatch_uid="accounts.mail_refused")
    account.user_logged_in.connect(_bring_looks, dispatch_uid="accounts.looks")


def _end_others(*, request: HttpRequest, user: User, **_rest: Any) -> None:
    end_other_sessions(request, of=user)


def _forget_refusal(*, user: User, **_rest: Any) -> None:
    # Whatever the old address refused, the new one has just taken a code.
    try_again(user)


def _bring_looks(*, user: User, response: HttpResponseBase | None = None, **_rest: Any) -> None:
    # A browser that is new to the person shows the looks that the person chose elsewhere.
    if response is not None:
        show_looks(response, user)
