"""Connecting numbers on Meta's own page: sending somebody there, knowing them when they come back, and keeping what they bring.

Who goes there takes a word along (`state`). It is good for one return, within an hour, in the same session, for the same
member of the same workspace; the session keeps its hash only.
"""

import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.db import transaction

from troth.base.clock import now
from troth.channels import changing, connecting
from troth.channels.app_secrets import OwnApp, own_app
from troth.channels.models import Channel, ChannelKind, Way
from troth.channels.registry import Found, SignedUp, signup_url
from troth.workspaces.models import Membership

BACK_PATH = "/connect/meta/"
GOOD_FOR_S = 3600
KEPT_MAX = 5
STATE_CHARS_MAX = 100
_KEY = "meta_signup"
FOUND = "found"  # among a draft's checks: the numbers among which somebody is still to choose


@dataclass(frozen=True)
class Journey:
    """Who went to Meta's page, from which workspace, in which way."""

    handle: str
    member_id: str
    way: str


def offered() -> OwnApp | None:
    """Return the app by which members sign up, None where this installation has none."""
    app = own_app()
    return app if app is not None and app.signs_up else None


def back_url() -> str:
    """Return the address to which Meta's page comes back."""
    return f"{settings.BASE_URL}{BACK_PATH}"


def leave(app: OwnApp, session: SessionBase, *, member: Membership, handle: str, way: Way) -> str:
    """Note that a member goes to Meta's page, and return its address."""
    state = secrets.token_urlsafe(32)
    made = {"mark": _mark(state), "handle": handle, "member": str(member.pk), "way": str(way), "at": now().timestamp()}
    session[_KEY] = [*_kept(session), made][-KEPT_MAX:]
    return signup_url(app, state=state, way=str(way), back_url=back_url())


def come_back(session: SessionBase, state: str) -> Journey | None:
    """Return the journey that this word ends, once; None where it ends none of this session's, or one too long ago."""
    mark = _mark(state[:STATE_CHARS_MAX])
    kept = _kept(session)
    found = [one for one in kept if hmac.compare_digest(str(one["mark"]), mark)]
    if not found:
        return None
    session[_KEY] = [one for one in kept if one not in found]
    # Two returns at once read one session; only one of them gets in here.
    if not cache.add(f"signup.{mark}", 1, timeout=GOOD_FOR_S):
        return None
    return Journey(found[0]["handle"], found[0]["member"], found[0]["way"])


def _kept(session: SessionBase) -> list[dict[str, Any]]:
    since = now().timestamp() - GOOD_FOR_S
    return [one for one in session.get(_KEY, []) if one["at"] >= since]


def _mark(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()


def keep(brought: SignedUp, app: OwnApp, *, way: str, by: Membership) -> Channel:
    """Keep what somebody brought from Meta; return the channel to go on with.

    Of several numbers one has to be chosen first; until then a draft holds the token. Raises: NumberTaken.
    """
    if len(brought.numbers) == 1:
        return _begin(brought.numbers[0], token=brought.token, app=app, way=way, by=by)
    listed = [asdict(one) for one in brought.numbers]
    line = {"ok": True, "code": "ok", "facts": {"numbers": listed}, "at": now()}
    return Channel.objects.create(
        kind=ChannelKind.CLOUD,
        name="",
        created_by=by,
        way=way,
        app_id=app.app_id,
        token=brought.token,
        app_secret=app.secret,
        checks={FOUND: line},
    )


def to_choose_from(channel: Channel) -> list[Found]:
    """Return the numbers among which somebody is still to choose; none where nothing is to be chosen."""
    line = (channel.checks or {}).get(FOUND)
    if not channel.is_draft or channel.wanted_number_id or line is None:
        return []
    return [Found(**one) for one in line["facts"]["numbers"]]


def choose(channel: Channel, found: list[Found], app: OwnApp, *, by: Membership) -> list[Channel]:
    """Begin to connect the chosen numbers and drop the draft that held them. Raises: NumberTaken, and nothing is kept."""
    token, way = channel.token or "", channel.way
    with transaction.atomic():
        begun = [_begin(one, token=token, app=app, way=way, by=by) for one in found]
        channel.delete()
    return begun


def _begin(found: Found, *, token: str, app: OwnApp, way: str, by: Membership) -> Channel:
    """Begin to connect a number; one that is connected here gets the new token. Raises: NumberTaken."""
    # What Meta says of the number counts more than the door by which somebody went.
    way = Way.PHONE_APP if found.on_phone_app else Way.SIGNED_UP if way == Way.PHONE_APP else way
    try:
        return connecting.begin(
            number_id=found.number_id,
            account_id=found.account_id,
            token=token,
            app_secret=app.secret,
            by=by,
            way=way,
            display_number=found.display_number,
        )
    except connecting.NumberTaken as taken:
        if taken.channel_id is None:
            raise
        here = Channel.objects.get(pk=taken.channel_id)
    changing.renew(here, token=token, app_secret=app.secret, account_id=found.account_id, way=way)
    return here
