"""One page for everything that proves who a person is: password, second factor, passkeys, sessions."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from troth.accounts.access import PersonRequest, person_view
from troth.accounts.browsers import browser_and_system
from troth.accounts.models import Session
from troth.accounts.second_factor import unseal_text
from troth.accounts.sessions import hashed
from troth.base.clock import now


@dataclass(frozen=True)
class Passkey:
    """A passkey as it is listed."""

    pk: int
    name: str
    created_at: Any
    last_used_at: Any


@dataclass(frozen=True)
class Place:
    """A signed-in browser as it is listed."""

    session: Session
    words: str
    is_this_one: bool


@person_view
def security(request: PersonRequest) -> HttpResponse:
    authenticators = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    by_type = {authenticator.type: authenticator for authenticator in authenticators}
    recovery = by_type.get(Authenticator.Type.RECOVERY_CODES)
    shown = {
        "totp": by_type.get(Authenticator.Type.TOTP),
        "recovery_codes_left": len(recovery.wrap().get_unused_codes()) if recovery else None,
        "passkeys": [_passkey(found) for found in authenticators if found.type == Authenticator.Type.WEBAUTHN],
        "places": _places(request),
    }
    return render(request, "account/security.html", shown)


def _passkey(authenticator: Any) -> Passkey:
    return Passkey(
        pk=authenticator.pk,
        name=unseal_text(authenticator.wrap().name),
        created_at=authenticator.created_at,
        last_used_at=authenticator.last_used_at,
    )


def _places(request: PersonRequest) -> list[Place]:
    this_one = hashed(str(request.session.session_key))
    alive = Session.objects.alive(at=now()).filter(user=request.user).order_by("-seen_at")
    places = [
        Place(session=found, words=_words(found.user_agent or ""), is_this_one=found.session_key == this_one)
        for found in alive
    ]
    return sorted(places, key=lambda place: not place.is_this_one)


def _words(user_agent: str) -> str:
    browser, system = browser_and_system(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser")
