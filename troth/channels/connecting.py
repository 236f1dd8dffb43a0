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
from troth.base.sealing import INSTALLATION, ring
from troth.channels.link import Link
from troth.channels.models import Channel, ChannelKind
from troth.channels.registry import Check
from troth.channels.trouble import status_after_check
from troth.realtime.pokes import poke_all
from troth.workspaces.models import Membership
from troth.workspaces.scope import current_workspace_id

# In this order. The first three have to be right before the next is asked; the last two are set right by asking.
STEPS = ("token", "secret", "number", "app", "account")
GROUND = ("token", "secret", "number")
SECRET_PLACE = "channels_channel.app_secret_hash"  # noqa: S105  # a column, by which deliveries find their channel
CALLBACK_PATH = "/hooks/cloud/"


class NumberTaken(Exception):
    """The number is connected already: in this workspace as `channel_id`, or, where that is None, in another one."""

    def __init__(self, channel_id: UUID | None) -> None:
        super().__init__("the number is connected already")
        self.channel_id = channel_id


def begin(
    *, number_id: str, account_id: str, token: str, app_secret: str, by: Membership | None, name: str = ""
) -> Channel:
    """Keep what was entered for a new number; return its channel, which is a draft until Meta has confirmed the number.

    A number that this workspace had before goes on with its channel, and so with its conversations.
    Raises: NumberTaken.
    """
    had = Channel.objects.filter(number_id=number_id).order_by("removed_at").first()
    begun = Channel.objects.filter(wanted_number_id=number_id).first()
    channel = had or begun or Channel(kind=ChannelKind.CLOUD, name="", created_by=by)
    channel.name = name or channel.name
    return enter(channel, number_id=number_id, account_id=account_id, token=token, app_secret=app_secret)


def enter(channel: Channel, *, number_id: str, account_id: str, token: str, app_secret: str) -> Channel:
    """Keep what was entered for a draft or a removed number; all steps are to be asked again. Raises: NumberTaken."""
    if channel.is_bound:
        raise NumberTaken(channel.pk)
    _must_be_free(number_id, channel)
    if account_id != channel.account_id:
        channel.status = ""  # it was said of the account before
    channel.wanted_number_id, channel.account_id, channel.app_id = number_id, account_id, ""
    channel.token, channel.app_secret = token, app_secret
    channel.app_secret_hash = hash_of(app_secret)
    channel.previous_app_secret = channel.previous_app_secret_hash = None
    channel.verify_token = channel.verify_token or secrets.token_urlsafe(24)
    channel.checks = channel.first_delivery_at = None
    channel.save()
    return channel


def link_of(channel: Channel) -> Link:
    """Return what it takes to ask about this number, for use outside the scope."""
    return Link(
        channel_id=channel.pk,
        kind=channel.kind,
        number_id=channel.wanted_number_id or channel.number_id,
        account_id=channel.account_id,
        app_id=channel.app_id,
        token=channel.token or "",
        app_secret=channel.app_secret or "",
        verify_token=channel.verify_token or "",
        callback_url=callback_url(channel),
        our_callbacks=frozenset(callback_url(one) for one in siblings(channel)),
    )


def callback_url(channel: Channel) -> str:
    """Return the address at which Meta is to call us about this number."""
    return f"{settings.BASE_URL}{CALLBACK_PATH}{channel.pk}"


def siblings(channel: Channel) -> list[Channel]:
    """Return the other connected numbers of the same account and app. Meta calls all of them at one address."""
    if channel.app_secret_hash is None:
        return []
    same = Channel.objects.filter(account_id=channel.account_id, app_secret_hash=bytes(channel.app_secret_hash))
    return list(same.filter(removed_at=None).exclude(Q(number_id="") | Q(pk=channel.pk)).order_by("id"))


def next_step(channel: Channel) -> str | None:
    """Return the step to be asked next; None when all were asked, or one that the others stand on has failed."""
    found: dict[str, Any] = channel.checks or {}
    for step in STEPS:
        if step not in found:
            return step
        if step in GROUND and not found[step]["ok"]:
            return None
    return None


def begin_again(channel: Channel) -> None:
    """Forget what the steps found, so that all are asked again."""
    channel.checks = None
    channel.save(update_fields=["checks"])


def record(step: str, check: Check, *, link: Link) -> Channel:
    """Write down what a step found and what follows from it; return the channel as it is now.

    An answer to what is no longer entered is dropped. Raises: Channel.DoesNotExist.
    """
    channel = Channel.objects.select_for_update(no_key=True).get(pk=link.channel_id)
    if link_of(channel) != link:
        return channel
    if step == "token" and check.ok:
        channel.app_id = check.facts["app_id"][:64]
    if step == "number":
        check = _take_over(channel, check)
    channel.checks = {**(channel.checks or {}), step: _line(check)}
    channel.save(update_fields=["checks", "app_id", "display_number", "quality", "status", "name"])
    return channel


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


def hash_of(app_secret: str) -> bytes:
    """Return the keyed hash by which deliveries signed with this secret find their channel."""
    return ring(INSTALLATION).index(app_secret, place=SECRET_PLACE)


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


def _take_over(channel: Channel, check: Check) -> Check:
    """Let the channel follow what Meta says of the number, and bind it."""
    facts = check.facts
    channel.display_number = facts.get("display_number") or channel.display_number
    channel.quality = (facts.get("quality") or channel.quality)[:16]
    channel.status = status_after_check(channel.status, (facts.get("status") or "")[:24], ok=check.ok)
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
            Channel.objects.filter(pk=channel.pk).update(number_id=number_id, removed_at=None, removed_by=None)
    except IntegrityError:
        return False
    channel.number_id, channel.removed_at, channel.removed_by = number_id, None, None
    by = Actor.member(channel.created_by_id) if channel.created_by_id else Actor.system()
    write_entry("channel.connected", by=by, target=("channel", channel.pk))
    changed = [("access", channel.pk, None), ("channel", channel.pk, channel.pk)]
    poke_all(changed, workspace_id=channel.workspace_id)
    return True


def _line(check: Check) -> dict[str, Any]:
    return {"ok": check.ok, "code": check.code, "facts": check.facts, "at": now()}
