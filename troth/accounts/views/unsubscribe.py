"""The way out of a kind of mail, from the mail itself.

Looking at the page changes nothing, since programs that check links look at every one. A POST does it: from the button on
the page, or in one click from a mail program (RFC 8058). The signed address is the proof, so no log-in and no form token.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.accounts.access import public_view
from troth.accounts.mail_choices import choose
from troth.accounts.models import User
from troth.accounts.unsubscribing import NoWayOut, open_token
from troth.base.clock import now


@csrf_exempt
@public_view("whoever got the mail may end such mails; the signed address is the proof")
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        person, kind = open_token(token)
    except NoWayOut:
        raise Http404 from None
    user = User.objects.filter(pk=person).first()
    if request.method == "POST" and user is not None:
        choose(user, kind, on=False, at=now())
    return render(request, "mail/unsubscribe.html", {"kind": kind, "done": request.method == "POST"})
