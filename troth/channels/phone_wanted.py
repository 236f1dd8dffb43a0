"""Wanting what a phone app has: asked for once the number is connected, and again by hand while Meta still gives it."""

from datetime import datetime, timedelta

from troth.base.clock import now
from troth.base.jobs import defer
from troth.channels.models import Channel, PhoneSync, SyncKind, SyncState

# Source: Meta, "Onboarding WhatsApp Business app users" (read 2026-11-29).
GIVEN_FOR = timedelta(hours=24)


def begin_handing_over(channel: Channel) -> None:
    """Ask for the contacts and the old messages of a number that was connected in the phone app just now.

    Of one that was asked for since it was connected, nothing is asked again.
    """
    since = channel.connected_at or now()
    for kind in SyncKind:
        row, _made = PhoneSync.objects.get_or_create(channel=channel, kind=kind, defaults={"begun_at": since})
        if row.begun_at < since:
            _want(row, since=since)
    ask_by_job(channel)


def want_again(row: PhoneSync) -> None:
    """Ask once more for what Meta refused or never began to hand over."""
    _want(row, since=row.begun_at)
    ask_by_job(row.channel)


def ask_by_job(channel: Channel, *, delay_s: int = 0) -> None:
    """Let a worker ask for whatever is wanted of a number."""
    defer("channels.ask_phone", delay_s=delay_s, workspace_id=str(channel.workspace_id), channel_id=str(channel.pk))


def is_late(row: PhoneSync, *, at: datetime) -> bool:
    """Return whether Meta hands over nothing of this any more."""
    return at > row.begun_at + GIVEN_FOR


def _want(row: PhoneSync, *, since: datetime) -> None:
    row.state, row.code, row.begun_at = SyncState.WANTED, None, since
    row.progress, row.phase, row.count, row.chunks, row.asked_at, row.heard_at = 0, None, 0, {}, None, None
    row.save()
