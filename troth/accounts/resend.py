"""Mail by Resend: anymail speaks its language, and every call leaves through our own guarded client.

Resend learns what an envelope says and the words of the mail, and nothing else: no tags, no metadata, no tracking of who
opened what (which is switched off for the domain; docs/production.md). Each call carries the mail's id, so that one that is
repeated because its answer was lost is still one mail.
"""

from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import requests
from anymail.backends.resend import EmailBackend, ResendPayload
from anymail.exceptions import AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMessage as DjangoMessage
from requests.adapters import BaseAdapter

from troth.accounts.unsent import Busy, Unacceptable
from troth.base.http import Ambiguous, HttpError, request_sync

TIMEOUT_S = 20.0
# All that Resend is told of a mail, and all the lines of its head.
FIELDS = frozenset({"from", "to", "subject", "text", "headers"})
HEADERS = ("List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted")
_OF_CALL = ("Authorization", "Content-Type", "Accept", "Idempotency-Key")
# Resend does not take such a mail today and will not tomorrow. Source: resend.com/docs, errors (read 2026-11-28).
FINAL = frozenset({400, 404, 405, 413, 422})


def send_by_resend(message: EmailMessage, *, name: str) -> None:
    """Hand a mail to Resend; `name` is its id with us. Raises: Unacceptable, Busy, OSError."""
    backend = Backend(name=name)
    try:
        backend.send_messages([_as_django(message)])
    except AnymailRequestsAPIError as refusal:
        status = getattr(refusal, "status_code", None)
        if status in FINAL:
            raise Unacceptable from None
        raise Busy(_after_s(refusal)) from None


class Backend(EmailBackend):  # type: ignore[misc]  # anymail has no types
    """anymail's backend for one mail, over our client."""

    def __init__(self, *, name: str) -> None:
        super().__init__(api_key=settings.RESEND_API_KEY, api_url=settings.RESEND_URL)
        self.name = name

    def create_session(self) -> requests.Session:
        """Return a session that can do nothing but call our client."""
        session = requests.Session()
        session.trust_env = False
        session.adapters.clear()
        for scheme in ("https://", "http://"):
            session.mount(scheme, OurClient())
        return session

    def build_message_payload(self, message: DjangoMessage, defaults: Any) -> ResendPayload:
        payload = ResendPayload(message, defaults, self)
        unknown = set(payload.data) - FIELDS
        if unknown:
            raise Unacceptable(f"Resend would be told {sorted(unknown)}")
        payload.headers["Idempotency-Key"] = self.name
        return payload


class OurClient(BaseAdapter):
    """Carries a call of the library `requests` through the one outbound client of the product."""

    def send(self, request: requests.PreparedRequest, *_args: Any, **_options: Any) -> requests.Response:
        """Make the call. Raises: requests.RequestException, which anymail expects."""
        url = str(request.url)
        try:
            answer = request_sync(
                str(request.method),
                url,
                headers={name: str(request.headers[name]) for name in _OF_CALL if name in request.headers},
                data=_bytes(request.body),
                timeout_s=TIMEOUT_S,
                allow={urlsplit(settings.RESEND_URL).hostname or ""},
                trusted=settings.RESEND_TRUSTED,
            )
        except Ambiguous as failure:
            raise requests.Timeout(str(failure), request=request) from None
        except HttpError as failure:
            raise requests.ConnectionError(str(failure), request=request) from None
        return _as_requests(request, answer.status, dict(answer.headers), answer.body)

    def close(self) -> None:
        """Nothing is held open here."""


def _as_requests(
    request: requests.PreparedRequest, status: int, headers: dict[str, str], body: bytes
) -> requests.Response:
    made = requests.Response()
    made.status_code, made.url, made.request = status, str(request.url), request
    made.headers.update(headers)
    made._content = body
    return made


def _as_django(message: EmailMessage) -> DjangoMessage:
    body = message.get_body(("plain",))
    return DjangoMessage(
        subject=str(message["Subject"]),
        body=body.get_content() if body is not None else "",
        from_email=str(message["From"]),
        to=[str(message["To"])],
        headers={name: str(message[name]).strip() for name in HEADERS if name in message},
    )


def _after_s(refusal: Any) -> int:
    response = getattr(refusal, "response", None)
    said = response.headers.get("Retry-After", "") if response is not None else ""
    return min(int(said), 24 * 3600) if said.isdecimal() and len(said) < 7 else 0


def _bytes(body: Any) -> bytes:
    return body if isinstance(body, bytes) else str(body or "").encode()
