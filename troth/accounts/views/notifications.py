"""Which mails come to the person who is signed in: chosen one by one, saved at once."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from troth.accounts.access import PersonRequest, person_view
from troth.accounts.mail_choices import CANNOT_ARRIVE, CannotChoose, choose, is_on, try_again
from troth.base.clock import now
from troth.base.mails import MailType, Undeclared, mail_type, mail_types


@dataclass(frozen=True)
class Line:
    """One kind of mail as it stands on the page."""

    kind: MailType
    on: bool

    @property
    def url(self) -> str:
        """Where the other wish is told."""
        return reverse("account_notification", args=[self.kind.key, "off" if self.on else "on"])


@person_view
@require_GET
def notifications(request: PersonRequest) -> HttpResponse:
    lines = [Line(kind, is_on(request.user, kind)) for kind in mail_types()]
    words = {
        "chosen": [line for line in lines if line.kind.choosable],
        "always": [line for line in lines if not line.kind.choosable],
        "trouble": CANNOT_ARRIVE.get(request.user.mail_refused_why, ""),
    }
    return render(request, "account/notifications.html", words)


@person_view
@require_POST
def choice(request: PersonRequest, key: str, wish: str) -> HttpResponse:
    try:
        kind = mail_type(key)
        choose(request.user, kind, on={"on": True, "off": False}[wish], at=now())
    except (Undeclared, KeyError, CannotChoose):
        raise Http404 from None
    line = Line(kind, wish == "on")
    said = _("“%(label)s” is on.") if line.on else _("“%(label)s” is off.")
    return _saved(request, line, said % {"label": kind.label})


@person_view
@require_POST
def arrival(request: PersonRequest) -> HttpResponse:
    """Send notices again to an address that took none."""
    try_again(request.user)
    messages.success(request, _("Notices are sent to you again."))
    return redirect("account_notifications")


def _saved(request: PersonRequest, line: Line, said: str) -> HttpResponse:
    if request.headers.get("HX-Request") != "true":
        messages.success(request, said)
        return redirect("account_notifications")
    answer = render(request, "account/_notification.html", {"line": line})
    toast: dict[str, Any] = {"toast": {"text": said, "undo_url": line.url}}
    answer.headers["HX-Trigger"] = json.dumps(toast)
    return answer
