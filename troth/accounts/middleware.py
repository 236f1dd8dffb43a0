"""Sessions that know when, from where and with which browser they were last used."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from troth.accounts.models import Session
from troth.accounts.sessions import SessionStore, hashed, user_of_session
from troth.base.clock import now

STAMP_EVERY = timedelta(minutes=1)
USER_AGENT_CHARS_MAX = 300


class Sessions(SessionMiddleware):
    """Django's session middleware; notes the last use of a session, at most once a minute."""

    def process_request(self, request: HttpRequest) -> None:
        user_of_session.set(None)
        super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answered = super().process_response(request, response)
        session = request.session
        if isinstance(session, SessionStore) and session.session_key and session.accessed and _is_due(session):
            _stamp(request, session.session_key)
        return answered


def _is_due(session: SessionStore) -> bool:
    return session.seen_at is None or now() - session.seen_at > STAMP_EVERY


def _stamp(request: HttpRequest, session_key: str) -> None:
    fields: dict[str, object] = {"seen_at": now()}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        fields["ip"] = get_adapter(request).get_client_ip(request)
        fields["user_agent"] = request.headers.get("User-Agent", "")[:USER_AGENT_CHARS_MAX]
    Session.objects.filter(session_key=hashed(session_key)).update(**fields)
