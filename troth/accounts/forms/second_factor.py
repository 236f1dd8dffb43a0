"""The code of an authenticator app, or of the sheet: it opens once, however long it would go on being right."""

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.cache import cache


class _Once:
    """Refuses a code of the app that was used before.

    The library remembers a used code for one step of 30 seconds, but takes those of the steps before and after too.
    """

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # the form's
        used: Authenticator = self.authenticator  # type: ignore[attr-defined]  # the form's
        if used.type == Authenticator.Type.TOTP:
            key = f"totp.used:{used.user_id}:{normalize_user_code(code)}"
            if not cache.add(key, True, timeout=_good_for_s()):
                raise get_adapter().validation_error("incorrect_code")
        return code


def _good_for_s() -> int:
    """Return how long a code would be right: its own step, and those by which a clock may be off."""
    return int(app_settings.TOTP_PERIOD) * (2 * int(app_settings.TOTP_TOLERANCE) + 1)


class CodeForm(_Once, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second factor of a log-in."""


class CodeAgainForm(_Once, ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code to show once more that it is still oneself."""
