"""Signing in, as the library does it; a request's session and its person are read by one question instead of two."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from troth.accounts.models import User
from troth.accounts.sessions import user_of_session


class Backend(AuthenticationBackend):  # type: ignore[misc]  # the library has no types
    """The library's backend, which also knows the person who came with the session of this request."""

    def get_user(self, user_id: Any) -> User | None:
        """Return a person who may sign in, None otherwise. Whether the session still holds is checked by Django."""
        known = user_of_session.get()
        if known is not None and str(known.pk) == str(user_id):
            return known if self.user_can_authenticate(known) else None
        found: User | None = super().get_user(user_id)
        return found
