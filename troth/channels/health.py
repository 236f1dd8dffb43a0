"""Asking Meta how a number stands, writing it down, and telling what has changed.

The question is asked outside of any transaction, daily by a job and by whoever presses the button; what differs from the
answer before becomes a notice, in the same history as what Meta tells by itself.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from troth.base.clock import now
from troth.base.jobs import defer
from troth.base.sealing import ring
from troth.channels import alerts, registry
from troth.channels.connecting import link_of
from troth.channels.limits import per_second
from troth.channels.link import Link
from troth.channels.mails import tell_of_trouble
from troth.channels.models import BusinessAccount, Channel, ChannelHealth, ChannelNotice, Portfolio
from troth.channels.registry import Health
from troth.channels.trouble import RESTRICTED, is_over, status_after_check
from troth.realtime.pokes import poke
from troth.workspaces.scope import scope

TOKEN_ENDS_SOON = timedelta(days=14)
WARN_AGAIN_AFTER = timedelta(days=7)
BAD_TOKENS = frozenset({"token_invalid", "token_expired", "scopes_missing"})
# What a notice says when it is news that somebody has to hear of at once.
ALARMING = {
    "health": {"BLOCKED", "LIMITED"},
    "number_quality": {"RED"},
    "token": {"ENDS_SOON", "ENDED"},
    "standing": {"FLAGGED", "RESTRICTED", "DISCONNECTED", "BANNED", "RATE_LIMITED"},
}


def ask_all(timestamp: int = 0) -> int:
    """Let a worker ask about every connected number, each in a job of its own; return how many there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, channel_id FROM channels_bound()")
        bound = cursor.fetchall()
    for workspace, channel in bound:
        with scope(workspace):
            defer("channels.ask_health", workspace_id=str(workspace), channel_id=str(channel))
    return len(bound)


def ask(workspace_id: str, channel_id: str) -> None:
    """Ask about one number and write the answer down. Safe to run twice, and after the number was removed."""
    with scope(UUID(workspace_id)):
        link = link_to_ask(UUID(channel_id))
    if link is None:
        return
    found = registry.ask_health(link)
    with scope(UUID(workspace_id)):
        keep(found, link=link)


def link_to_ask(channel_id: UUID) -> Link | None:
    """Return what it takes to ask about a number, None where it is not connected."""
    channel = Channel.objects.filter(pk=channel_id).first()
    return link_of(channel) if channel is not None and channel.is_bound and channel.token else None


def keep(found: Health, *, link: Link) -> None:
    """Write down what Meta said of a number, and tell what is new. An answer to what is no longer entered is dropped."""
    channel = Channel.objects.select_for_update(no_key=True).filter(pk=link.channel_id).first()
    if channel is None or link_of(channel) != link:
        return
    at = now()
    health = ChannelHealth.objects.filter(channel=channel).first() or ChannelHealth(channel=channel)
    changes = _token(health, found, at=at)
    health.asked_at, health.answer = at, found.code[:32]
    if found.code == "ok":
        changes += _number(channel, health, found)
        changes += _account(channel, found, at=at)
        health.answered_at = at
    health.save()
    _tell(channel, changes, at=at)


Change = tuple[str, str, str]  # what changed, from what, to what


def _token(health: ChannelHealth, found: Health, *, at: datetime) -> list[Change]:
    """Note when the token ends. Of one that ends soon is told once a week, of one that is over at once."""
    if not found.token_code or found.token_code in ("unreachable", "no_answer", "meta_down", "throttled"):
        return []
    before, health.token_expires_at = health.token_expires_at, found.token_expires_at
    if found.token_code in BAD_TOKENS:
        return _token_warning(health, "ENDED", at=at)
    ends = found.token_expires_at
    if ends is not None and ends - at < TOKEN_ENDS_SOON:
        return _token_warning(health, "ENDS_SOON", at=at)
    health.token_warned_at = None
    changed = before is not None and before != ends
    return [("token", "", "RENEWED")] if changed else []


def _token_warning(health: ChannelHealth, word: str, *, at: datetime) -> list[Change]:
    if health.token_warned_at is not None and at - health.token_warned_at < WARN_AGAIN_AFTER:
        return []
    health.token_warned_at = at
    return [("token", "", word)]


def _number(channel: Channel, health: ChannelHealth, found: Health) -> list[Change]:
    """Let the number's own fields follow, and return what has changed. What Meta did not say stays as it was."""
    if is_over(channel, overall=found.overall):
        # What was stopped because of it goes on: Meta itself says that it may.
        channel.status, channel.paused_until, channel.problem_code = "", None, None
        channel.save(update_fields=["status", "paused_until", "problem_code"])
        lifted: list[Change | None] = [("standing", RESTRICTED, "LIFTED")]
    else:
        lifted = []
    changes = [
        *lifted,
        _changed("health", health, "overall", found.overall[:16]),
        _changed("throughput", health, "throughput", found.throughput[:24]),
        _changed("display_name", health, "name_status", found.name_status[:32]),
        _changed("number_quality", channel, "quality", found.quality[:16]),
        _changed("standing", channel, "status", status_after_check(channel, found.status[:24], ok=_fine(found))),
    ]
    health.parts = msgspec.to_builtins(found.parts)
    speed = per_second(found.throughput, on_phone_app=found.on_phone_app)
    if speed is not None:
        channel.messages_per_second = speed
    channel.save(update_fields=["quality", "status", "messages_per_second"])
    return [change for change in changes if change is not None]


def _fine(found: Health) -> bool:
    return found.status == "CONNECTED" and found.overall in ("", "AVAILABLE")


def _account(channel: Channel, found: Health, *, at: datetime) -> list[Change]:
    """Write down what is said of the account and of its portfolio, whose limit all its numbers share."""
    account, _made = BusinessAccount.objects.get_or_create(account_id=channel.account_id)
    account.currency = found.currency or account.currency
    account.review = found.review[:24] or account.review
    account.verification = found.verification[:40] or account.verification
    account.asked_at = at
    if found.business_id:
        account.portfolio, _made = Portfolio.objects.get_or_create(business_id=found.business_id[:64])
    account.save()
    return limit_told(channel.account_id, found.limit, at=at)


def limit_told(account_id: str, limit: str, *, at: datetime) -> list[Change]:
    """Keep the messaging limit of an account's portfolio, unless a newer one is known; return what has changed."""
    account = BusinessAccount.objects.filter(account_id=account_id).select_related("portfolio").first()
    portfolio = account.portfolio if account is not None else None
    if portfolio is None or not limit or (portfolio.limit_at is not None and portfolio.limit_at > at):
        return []
    before, portfolio.limit, portfolio.limit_at = portfolio.limit, limit[:32], at
    portfolio.save(update_fields=["limit", "limit_at"])
    return [("limit", before, limit[:32])] if before and before != limit[:32] else []


def _changed(what: str, row: Any, column: str, new: str) -> Change | None:
    """Set a column unless Meta said nothing; return the change, but for the first time that anything was said."""
    before = getattr(row, column)
    if not new or new == before:
        return None
    setattr(row, column, new)
    return (what, before, new) if before else None


def _tell(channel: Channel, changes: Sequence[Change], *, at: datetime) -> None:
    for what, before, new in changes:
        once = ring().index(f"{channel.pk}|{what}|{new}|{at.isoformat()}", place="channels_channelnotice")
        ChannelNotice.objects.create(
            channel=channel,
            aspect=what,
            value=new,
            detail={"before": before} if before else None,
            at=at,
            once_hash=once,
        )
    alarming = [(what, new) for what, _before, new in changes if new in ALARMING.get(what, ())]
    tell_of_trouble(channel.pk, *(f"{what}:{new}" for what, new in alarming))
    alerts.tell_of_answers((what, new) for what, _before, new in changes if (what, new) not in alarming)
    if changes:
        poke("channel", channel.pk, workspace_id=channel.workspace_id, about=channel.pk)
