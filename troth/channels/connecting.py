"""Connecting a number, step by step, from what a person enters to a number that Meta says is theirs.

A number is bound to its workspace only when Meta has confirmed that the token reaches it: entering an id occupies
nothing. The questions to Meta are asked outside of any transaction: `link_of` carries what they need out of the scope,
`registry.ask` asks, and `record` writes down what came back, unless something else was entered meanwhile.
"""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from troth.audit.record import Actor
from troth.audit.record import record as write_entry
from troth.base.clock import now
from troth.base.jobs import defer
from troth.channels.app_secrets import CALLBACK_PATH, hash_of, in_use, own_app, standing_together
from troth.channels.link import Link
from troth.channels.models import Channel, ChannelKind, Way
from troth.channels.phone_wanted import begin_handing_over
from troth.channels.registry import Check
from troth.channels.sync_wanted import ask_for_sync
from troth.channels.trouble import LOST, status_after_check
from troth.realtime.pokes import poke_all
from troth.workspaces.models import Membership
from troth.workspaces.scope import current_workspace_id

# In this order. The first three have to be right before the next is asked; the last two are set right by asking.
STEPS = ("token", "secret", "number", "app", "account")
GROUND = ("token", "secret", "number")


class NumberTaken(Exception):
    """The number is connected already: in this workspace as `channel_id`, or, where that is None, in another one."""

    def __init__(self, channel_id: UUID | None) -> None:
        super().__init__("the number is connected already")
        self.channel_id = channel_id


def begin(
    *,
    number_id: str,
    account_id: str,
    token: str,
    app_secret: str,
    by: Membership | None,
    name: str = "",
    way: str = Way.ENTERED,
    display_number: str = "",
) -> Channel:
    """Keep what was entered for a new number; return its channel, which is a draft until Meta has confirmed the number.

    A number that this workspace had before goes on with its channel, and so with its conversations; also one that moved to
    another account, where Meta gave it another id: `display_number` tells.
    Raises: NumberTaken.
    """
    had = Channel.objects.filter(number_id=number_id).order_by("removed_at").first()
    begun = Channel.objects.filter(wanted_number_id=number_id).first()
    channel = had or begun or moved(display_number) or Channel(kind=ChannelKind.CLOUD, name="", created_by=by)
    channel.name = name or channel.name
    return enter(channel, number_id=number_id, account_id=account_id, token=token, app_secret=app_secret, way=way)


def moved(display_number: str | None) -> Channel | None:
    """Return the channel of a number that was connected here under another id and is so no more."""
    digits = _digits(display_number)
    gone = Channel.objects.exclude(removed_at=None).filter(token=None).exclude(number_id="")
    return next((one for one in gone.order_by("-removed_at") if digits and _digits(one.display_number) == digits), None)


def _digits(number: str | None) -> str:
    return "".join(character for character in number or "" if character.isdigit())


def enter(
    channel: Channel,
    *,
    number_id: str,
    account_id: str,
    token: str,
    app_secret: str,
    way: str = Way.ENTERED,
) -> Channel:
    """Keep what was entered for a draft or a removed number; all steps are to be asked again. Raises: NumberTaken."""
    if channel.is_bound:
        raise NumberTaken(channel.pk)
    _must_be_free(number_id, channel)
    if account_id != channel.account_id or channel.status in LOST:
        channel.status = ""  # it was said of the account before, or of the time before
    channel.wanted_number_id, channel.account_id, channel.app_id = number_id, account_id, ""
    channel.token, channel.app_secret = token, app_secret
    channel.app_secret_hash = hash_of(app_secret)
    channel.previous_app_secret = channel.previous_app_secret_hash = None
    channel.verify_token = channel.verify_token or secrets.token_urlsafe(24)
    channel.checks = channel.first_delivery_at = None
    channel.way, channel.on_phone_app = way, way == Way.PHONE_APP
    channel.save()
    return channel


def link_of(channel: Channel) -> Link:
    """Return what it takes to ask about this number, for use outside the scope."""
    app = own_app()
    ours = app if app is not None and channel.way != Way.ENTERED and channel.app_id == app.app_id else None
    return Link(
        channel_id=channel.pk,
        kind=channel.kind,
        number_id=channel.wanted_number_id or channel.number_id,
        account_id=channel.account_id,
        app_id=channel.app_id,
        token=channel.token or "",
        app_secret=in_use(channel.app_secret or ""),
        verify_token=channel.verify_token or "",
        callback_url=callback_url(channel),
        our_callbacks=frozenset(callback_url(one) for one in siblings(channel)),
        app_callback_url=ours.callback_url if ours else "",
        app_verify_token=ours.verify_token if ours else "",
        on_phone_app=channel.on_phone_app,
    )


def callback_url(channel: Channel) -> str:
    """Return the address at which Meta is to call us about this number."""
    return f"{settings.BASE_URL}{CALLBACK_PATH}{channel.pk}"


def siblings(channel: Channel) -> list[Channel]:
    """Return the other connected numbers of the same account and app. Meta calls all of them at one address."""
    if channel.app_secret_hash is None:
        return []
    marks = standing_together([bytes(channel.app_secret_hash)])
    same = Channel.objects.filter(account_id=channel.account_id, app_secret_hash__in=marks)
    return list(same.filter(removed_at=None).exclude(Q(number_id="") | Q(pk=channel.pk)).order_by("id"))


def next_step(channel: Channel) -> str | None:
    """Return the step to be asked next; None when all were asked, or one that the others stand on has failed."""
    found: dict[str, Any] = channel.checks or {}
    if not (channel.wanted_number_id or channel.number_id):
        return None
    for step in STEPS:
        if step not in found:
            return step
        if step in GROUND and not found[step]["ok"]:
            return None
    return None


def begin_again(channel: Channel) -> None:
    """Forget what the steps found, so that all are asked again."""
    channel.checks = {kept: found for kept, found in (channel.checks or {}).items() if kept not in STEPS} or None
    channel.save(update_fields=["checks"])


def record(step: str, check: Check, *, link: Link) -> Channel:
    """Write down what a step found and what follows from it; return the channel as it is now.

    An answer to what is no longer entered is dropped. A number that was connected here before under another id goes on in
    the channel that it had: that one is returned then. Raises: Channel.DoesNotExist.
    """
    channel = Channel.objects.select_for_update(no_key=True).get(pk=link.channel_id)
    if link_of(channel) != link:
        return channel
    if step == "token" and check.ok:
        channel.app_id = check.facts["app_id"][:64]
    if step == "number":
        channel = _in_its_place(channel, check)
        check = _take_over(channel, check)
    channel.checks = {**(channel.checks or {}), step: _line(check)}
    channel.save(update_fields=["checks", "app_id", "display_number", "quality", "status", "name", "on_phone_app"])
    if step == "account" and check.ok and channel.is_bound and channel.way == Way.PHONE_APP:
        begin_handing_over(channel)
    return channel


def registered(channel: Channel) -> None:
    """Let the number be asked about again, since it was registered just now, and what stands on that too."""
    kept = channel.checks or {}
    channel.checks = {step: found for step, found in kept.items() if step in ("token", "secret")}
    channel.save(update_fields=["checks"])


def heard_from(channel_ids: Collection[UUID], *, at: datetime) -> None:
    """Note the first signed delivery of each of these channels, in the workspace in scope. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE channels_channel SET first_delivery_at = %s"
            " WHERE workspace_id = %s AND id = ANY(%s::uuid[]) AND first_delivery_at IS NULL RETURNING id",
            [at, current_workspace_id(), list(channel_ids)],
        )
        first = [row[0] for row in cursor.fetchall()]
    poke_all([("channel", channel, channel) for channel in first], workspace_id=current_workspace_id())


def _must_be_free(number_id: str, channel: Channel) -> None:
    here = Channel.objects.filter(number_id=number_id, removed_at=None).exclude(pk=channel.pk).first()
    if here is not None:
        raise NumberTaken(here.pk)
    if _is_taken(number_id):
        raise NumberTaken(None)


def _is_taken(number_id: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT number_is_taken(%s)", [number_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def _in_its_place(channel: Channel, check: Check) -> Channel:
    """Return the channel that a number had before it moved to another account; else the one in which it was entered."""
    had = moved(check.facts.get("display_number")) if check.ok and not channel.number_id else None
    if had is None:
        return channel
    keys = {"token": channel.token or "", "app_secret": channel.app_secret or ""}
    try:
        enter(had, number_id=channel.wanted_number_id, account_id=channel.account_id, way=channel.way, **keys)
    except NumberTaken:
        return channel  # binding it says so
    had.app_id, had.checks = channel.app_id, channel.checks
    channel.delete()
    return had


def _take_over(channel: Channel, check: Check) -> Check:
    """Let the channel follow what Meta says of the number, and bind it."""
    facts = check.facts
    channel.on_phone_app = bool(facts.get("on_phone_app", channel.on_phone_app))
    channel.display_number = facts.get("display_number") or channel.display_number
    channel.quality = (facts.get("quality") or channel.quality)[:16]
    said = (facts.get("status") or "")[:24]
    channel.status = status_after_check(channel, said, ok=check.ok)
    channel.name = channel.name or facts.get("verified_name") or channel.display_number or ""
    if not check.ok:
        return check
    if not channel.is_bound and not _bind(channel):
        return Check(ok=False, code="number_taken", facts=facts)
    # Whatever stopped the number may be over: the send lane finds out, and says so again if not.
    Channel.objects.filter(pk=channel.pk).update(problem_code=None, paused_until=None)
    return check


def _bind(channel: Channel) -> bool:
    """Make the number this workspace's. False when another one was first: the database decides."""
    number_id = channel.wanted_number_id or channel.number_id
    try:
        with transaction.atomic():
            bound = {"number_id": number_id, "removed_at": None, "removed_by": None, "connected_at": now()}
            Channel.objects.filter(pk=channel.pk).update(**bound)
    except IntegrityError:
        return False
    channel.number_id, channel.removed_at, channel.removed_by = number_id, None, None
    by = Actor.member(channel.created_by_id) if channel.created_by_id else Actor.system()
    write_entry("channel.connected", by=by, target=("channel", channel.pk))
    defer("channels.ask_health", workspace_id=str(channel.workspace_id), channel_id=str(channel.pk))
    ask_for_sync(channel.account_id)
    changed = [("access", channel.pk, None), ("channel", channel.pk, channel.pk)]
    poke_all(changed, workspace_id=channel.workspace_id)
    return True


def _line(check: Check) -> dict[str, Any]:
    return {"ok": check.ok, "code": check.code, "facts": check.facts, "at": now()}
