"""A signed-in browser. Only a hash of the session key is stored, so a stolen database opens no session."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from troth.base.clock import now
from troth.base.fields import SealedText
from troth.base.ids import new_id
from troth.base.registry import declares


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions by whether they still count."""

    def alive(self, *, at: datetime) -> "SessionQuerySet":
        """Return the sessions that open a door at this instant."""
        return self.filter(
            expire_date__gt=at,
            seen_at__gt=at - settings.SESSION_IDLE,
            created_at__gt=at - settings.SESSION_LIFE,
        )

    def over(self, *, at: datetime) -> "SessionQuerySet":
        """Return the sessions that may be deleted."""
        return self.exclude(pk__in=self.alive(at=at).values("pk"))


@declares(
    subject="member",
    reach="user",
    purpose="access",
    keep="session",
    export="sessions",
    secret="session_key session_data",  # noqa: S106  # a kind of data
    security_log="ip user_agent",
    ops="id user created_at seen_at expire_date",
    clear={"session_key": "a one-way hash of the key in the cookie"},
)
class Session(AbstractBaseSession):
    """One browser's session. `session_key` holds the hash; `session_data` is sealed."""

    id = models.UUIDField(default=new_id, unique=True, editable=False)
    session_data = SealedText(installation=True)
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="sessions")
    ip = SealedText(installation=True, null=True)
    user_agent = SealedText(installation=True, null=True)
    created_at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(default=now)

    objects: ClassVar[models.Manager["Session"]] = SessionQuerySet.as_manager()  # type: ignore[assignment]

    @classmethod
    def get_session_store_class(cls) -> type:
        from troth.accounts.sessions import SessionStore  # noqa: PLC0415  # the store imports this model

        return SessionStore
