"""Changing a channel that stands: its name, its secrets, who may see it, and taking it away."""

from collections.abc import Collection
from uuid import UUID

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.channels.app_secrets import hash_of
from troth.channels.connecting import siblings
from troth.channels.mails import tell_of_loss
from troth.channels.models import Channel, ChannelMember, ChannelTeam
from troth.realtime.pokes import poke_all
from troth.workspaces.models import Membership, Team

_SECRETS = ("token", "app_secret", "app_secret_hash", "previous_app_secret", "previous_app_secret_hash", "verify_token")


class SameSecret(Exception):
    """The secret that was entered is the one in use."""


class Nobody(Exception):
    """A member or team that was named is not of this workspace."""


def rename(channel: Channel, *, name: str) -> None:
    """Give the channel another name."""
    channel.name = name
    channel.save(update_fields=["name"])
    _tell(channel)


def tell_reading(channel: Channel, *, when: str) -> None:
    """Decide when customers are told that what they wrote was read."""
    channel.read_receipts = when
    channel.save(update_fields=["read_receipts"])


def link_catalog(channel: Channel, *, catalog_id: str) -> None:
    """Offer products of this catalogue in conversations, or of none."""
    channel.catalog_id = catalog_id
    channel.save(update_fields=["catalog_id"])


def replace_token(channel: Channel, *, token: str) -> None:
    """Use another access token from now on; every step is to be asked again.

    What waits to be sent tries the new one at once: one message shows whether it works.
    """
    channel.token, channel.checks, channel.paused_until = token, None, None
    channel.save(update_fields=["token", "checks", "paused_until"])


def renew(channel: Channel, *, token: str, app_secret: str, account_id: str, way: str) -> None:
    """Use what somebody brought from Meta's own page for a number that is connected here; every step is to be asked again."""
    channel.token, channel.checks, channel.paused_until = token, None, None
    channel.app_secret, channel.app_secret_hash = app_secret, hash_of(app_secret)
    channel.previous_app_secret = channel.previous_app_secret_hash = None
    channel.account_id, channel.way = account_id, way
    changed = ["token", "checks", "paused_until", "account_id", "way", *_SECRETS[1:5]]
    channel.save(update_fields=changed)


def replace_app_secret(channel: Channel, *, app_secret: str) -> list[Channel]:
    """Use another app secret from now on and go on taking deliveries signed with the old one until that is ended.

    The other numbers of the same account and app follow, since one delivery may carry news of all of them. Returns
    those. A secret that never was right is not kept.
    Raises: SameSecret.
    """
    if channel.app_secret == app_secret:
        raise SameSecret
    together = [channel, *siblings(channel)]
    for one in together:
        if _was_right(one):
            one.previous_app_secret, one.previous_app_secret_hash = one.app_secret, one.app_secret_hash
        one.app_secret, one.app_secret_hash, one.checks = app_secret, hash_of(app_secret), None
        one.save(update_fields=[*_SECRETS, "checks"])
    return together[1:]


def end_previous_secret(channel: Channel) -> None:
    """Take no more deliveries that are signed with the old app secret, for the numbers that share the new one too."""
    for one in [channel, *siblings(channel)]:
        one.previous_app_secret = one.previous_app_secret_hash = None
        one.save(update_fields=["previous_app_secret", "previous_app_secret_hash"])


def share(channel: Channel, *, open_to_all: bool, membership_ids: Collection[UUID], team_ids: Collection[UUID]) -> None:
    """Decide who sees the channel: everybody, or these members and teams (owners and admins always do). Raises: Nobody.

    What was chosen is kept while the channel is open to all, so that closing it again restores it.
    """
    members, teams = set(membership_ids), set(team_ids)
    if Membership.objects.filter(pk__in=members, removed_at=None).count() != len(members):
        raise Nobody
    if Team.objects.filter(pk__in=teams).count() != len(teams):
        raise Nobody
    channel.open_to_all = open_to_all
    channel.save(update_fields=["open_to_all"])
    ChannelMember.objects.filter(channel=channel).exclude(membership_id__in=members).delete()
    ChannelTeam.objects.filter(channel=channel).exclude(team_id__in=teams).delete()
    ChannelMember.objects.bulk_create(
        [ChannelMember(channel=channel, membership_id=one) for one in members], ignore_conflicts=True
    )
    ChannelTeam.objects.bulk_create([ChannelTeam(channel=channel, team_id=one) for one in teams], ignore_conflicts=True)
    _tell(channel)


def remove(channel: Channel, *, by: Membership | None) -> None:
    """Take the number away: nothing comes in or goes out, its secrets are erased, and it may be connected elsewhere.

    Its conversations stay readable. One that never was connected leaves nothing behind.
    """
    record("channel.removed", by=Actor.member(by.pk) if by else Actor.system(), target=("channel", channel.pk))
    if not channel.number_id:
        channel.delete()
        return
    if channel.removed_at is None:
        channel.removed_at, channel.removed_by = now(), by
    _erase_keys(channel)


def cut_off(channel: Channel, *, word: str) -> None:
    """Follow Meta's word that nothing of the number can be reached any more: its keys are erased, nothing leaves, and it may
    be connected elsewhere.

    What waits in its outbox stays there, and leaves when the number is connected here again.
    """
    record("channel.cut_off", by=Actor.system(), target=("channel", channel.pk))
    channel.removed_at, channel.removed_by, channel.status = now(), None, word[:24]
    channel.problem_code = channel.paused_until = None
    channel.save(update_fields=["status", "problem_code", "paused_until"])
    _erase_keys(channel)
    tell_of_loss(channel.pk)


def put_away(channel: Channel, *, by: Membership) -> None:
    """Take note that a number was cut off, so that nothing reminds of it any more."""
    record("channel.removed", by=Actor.member(by.pk), target=("channel", channel.pk))
    channel.removed_by = by
    channel.save(update_fields=["removed_by"])
    _tell(channel)


def _erase_keys(channel: Channel) -> None:
    for column in _SECRETS:
        setattr(channel, column, None)
    channel.checks = None
    channel.save(update_fields=[*_SECRETS, "checks", "removed_at", "removed_by"])
    _tell(channel)


def _was_right(channel: Channel) -> bool:
    """Return whether the secret in use is known to be the app's: Meta said so, or a delivery was signed with it."""
    step = (channel.checks or {}).get("secret")
    return channel.first_delivery_at is not None or bool(step and step["ok"])


def _tell(channel: Channel) -> None:
    """Let open screens look again, at what they may see too."""
    changed = [("access", channel.pk, None), ("channel", channel.pk, channel.pk)]
    poke_all(changed, workspace_id=channel.workspace_id)
