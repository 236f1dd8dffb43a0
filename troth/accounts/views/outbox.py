"""The mails that would have been sent: development only, and only for a browser on this machine.

Open without signing in, since the code that proves an address at sign-up is in one of them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from troth.accounts.access import public_view
from troth.accounts.delivery import folder

SHOWN_MAX = 50


@dataclass(frozen=True)
class Mail:
    """A mail as it is shown."""

    at: datetime
    to: str
    subject: str
    text: str


@public_view("development only, from this machine only: sign-up needs the code before there is a log-in")
def mails(request: HttpRequest) -> HttpResponse:
    if not settings.DEVELOPMENT or not _is_on_this_machine(request):
        raise Http404
    newest = sorted(folder().glob("*.eml"), reverse=True)[:SHOWN_MAX]
    return render(request, "account/outbox.html", {"mails": [_read(path) for path in newest]})


def _is_on_this_machine(request: HttpRequest) -> bool:
    if "X-Forwarded-For" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _read(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return Mail(
        at=datetime.fromtimestamp(path.stat().st_mtime, tz=UTC),
        to=str(message["To"]),
        subject=str(message["Subject"]),
        text=body.get_content() if body else "",
    )
