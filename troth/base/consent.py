"""What somebody chose about the things that wait for a yes. The server keeps it in a cookie that no script reads.

Silence is no. A signal of the browser (Global Privacy Control) is a no that needs no question. A choice holds for six
months, and only for the very things that it was made about: where another one is added, the question is asked again.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponseBase

from troth.base.clock import now
from troth.base.cookies import Cookie, named, optional

COOKIE = "choice"
LASTS = timedelta(days=182)
SIGNAL = "Sec-GPC"


@dataclass(frozen=True)
class Choice:
    """The optional things that somebody said yes to, and when."""

    names: frozenset[str]
    at: datetime

    @property
    def until(self) -> datetime:
        """When the question is asked again."""
        return self.at + LASTS


def choice_of(request: HttpRequest) -> Choice | None:
    """Return what this browser's person chose; None where they have not, or so long ago that it holds no more."""
    version, _, rest = request.COOKIES.get(named(COOKIE), "").partition(".")
    seconds, _, names = rest.partition(".")
    if version != _version() or not seconds.isdecimal() or len(seconds) > 11:
        return None
    choice = Choice(frozenset(filter(None, names.split("+"))), datetime.fromtimestamp(int(seconds), UTC))
    return choice if choice.at <= now() < choice.until else None


def is_signalled(request: HttpRequest) -> bool:
    """Return whether the browser itself says no."""
    return request.headers.get(SIGNAL, "").strip() == "1"


def must_ask(request: HttpRequest) -> bool:
    """Return whether there is something to ask, nobody has answered yet, and the browser has not answered for them."""
    return bool(optional()) and not is_signalled(request) and choice_of(request) is None


def allows(request: HttpRequest, cookie: Cookie) -> bool:
    """Return whether this may be left in this browser. There is no other way to ask."""
    if cookie.essential:
        return True
    choice = choice_of(request)
    return choice is not None and cookie.name in choice.names and not is_signalled(request)


def keep_choice(response: HttpResponseBase, names: frozenset[str]) -> None:
    """Keep a choice in the browser that made it; what it said no to goes at once."""
    wanted = {cookie.name for cookie in optional()} & names
    value = f"{_version()}.{int(now().timestamp())}.{'+'.join(sorted(wanted))}"
    set_cookie(response, COOKIE, value, life=LASTS)
    for cookie in optional():
        if cookie.name not in wanted:
            drop_cookie(response, cookie.name)


def set_cookie(response: HttpResponseBase, name: str, value: str, *, life: timedelta, scripts: bool = False) -> None:
    """Set a cookie of ours: for this host, over https only where we are reached so, for scripts only if said."""
    response.set_cookie(
        named(name),
        value,
        max_age=int(life.total_seconds()),
        secure=named(name) != name,
        httponly=not scripts,
        samesite="Lax",
    )


def drop_cookie(response: HttpResponseBase, name: str) -> None:
    """Make the browser forget a cookie of ours."""
    response.delete_cookie(named(name), samesite="Lax")
    response.cookies[named(name)]["secure"] = named(name) != name


def _version() -> str:
    return hashlib.sha256("|".join(sorted(cookie.name for cookie in optional())).encode()).hexdigest()[:8]
