"""Django's session store, changed in three ways: keys are stored hashed, a session knows its user and browser, and
it ends by itself: some hours after it was last used, and some days after it began, however much it is used.
"""

import hashlib
import json
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from troth.accounts.models import Session, User
from troth.base.clock import now

# The person whom the session of this request belongs to, read together with it. Set anew by each request.
user_of_session: ContextVar[User | None] = ContextVar("user_of_session", default=None)


def hashed(session_key: str) -> str:
    """Return what the database holds of a session key. The key is 32 random characters, so a plain hash suffices."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Sessions in the database; the cookie's key never is. `row_id` and `seen_at` tell of the row that was loaded."""

    row_id: UUID | None = None
    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        if not self.session_key:
            return None
        alive = Session.objects.alive(at=now()).select_related("user")
        found = alive.filter(session_key=hashed(self.session_key)).first()
        user_of_session.set(found.user if found else None)
        if found is None:
            self._session_key = None
            return None
        self.row_id, self.seen_at = found.id, found.seen_at
        return found

    def create(self) -> None:
        super().create()
        # A new row, of which nothing is known yet: where it is used from has still to be noted.
        self.row_id, self.seen_at = None, None

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=hashed(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        user = data.get(SESSION_KEY)
        return Session(
            session_key=hashed(str(self.session_key)),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            user_id=UUID(user) if user else None,
        )

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Return the session as JSON; the column seals it, which also proves that it was not changed."""
        return json.dumps(session_dict, separators=(",", ":"))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(session_data)
        return loaded

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data: dict[str, Any] = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # not in the stubs
        made = self.create_model_instance(data)
        if must_create:
            made.save(force_insert=True)
            return
        kept = Session.objects.filter(session_key=made.session_key)
        changed = kept.update(session_data=made.session_data, expire_date=made.expire_date, user_id=made.user_id)
        if not changed:
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=hashed(key)).delete()
