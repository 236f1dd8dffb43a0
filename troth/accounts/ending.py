"""Ending sessions: one, or all but one."""

from uuid import UUID

from django.http import HttpRequest

from troth.accounts.models import Session, User
from troth.accounts.sessions import hashed


def end_session(session_id: UUID, *, of: User) -> bool:
    """End one of a person's sessions; return whether there was one."""
    ended, _ = Session.objects.filter(id=session_id, user=of).delete()
    return bool(ended)


def end_other_sessions(request: HttpRequest, *, of: User) -> int:
    """End all of a person's sessions but the one that this request came with, if it is one of them.

    Returns how many ended.
    """
    others = Session.objects.filter(user=of)
    if request.session.session_key:
        others = others.exclude(session_key=hashed(request.session.session_key))
    ended, _ = others.delete()
    return ended
