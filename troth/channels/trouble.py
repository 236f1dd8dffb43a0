"""Trouble of a whole account that Meta tells of, in words for people: what happened, and what to do."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.channels.models import Channel, ChannelNotice

RESTRICTED = "ACCOUNT_RESTRICTION"
# Meta's words for trouble, and those that end it. Of a DISABLED_UPDATE it is the ban's state that counts.
# Source: Cloud API reference, webhook account_update (read 2026-11-22).
TROUBLES: dict[str, tuple[Any, Any]] = {
    "ACCOUNT_DELETED": (
        _("Meta says that this WhatsApp Business account was deleted. Nothing can come in or go out."),
        _("If nobody of yours deleted it, ask Meta's support. Otherwise connect a number of another account."),
    ),
    RESTRICTED: (
        _("Meta has restricted this WhatsApp Business account: some messages or changes are refused."),
        _("WhatsApp Manager says which, why and until when, and lets you ask for a review."),
    ),
    "ACCOUNT_VIOLATION": (
        _("Meta says that this WhatsApp Business account broke its rules."),
        _("Read in WhatsApp Manager what it was and put it right, then check this channel again to end this notice."),
    ),
    "DISABLE": (
        _("Meta has disabled this WhatsApp Business account. Nothing can be sent from it."),
        _("Ask for a review in Meta's Business Support. This goes away when Meta gives the account back."),
    ),
    "SCHEDULE_FOR_DISABLE": (
        _("Meta is going to disable this WhatsApp Business account."),
        _("Ask for a review in Meta's Business Support now. This goes away when Meta takes it back."),
    ),
    "ACCOUNT_OFFBOARDED": (
        _("This account was taken off Meta's platform, as happens when a phone app's number is moved or left unused."),
        _("Connect it again from the WhatsApp Business app, then check this channel again."),
    ),
    "PARTNER_REMOVED": (
        _("Somebody ended the app's access to this WhatsApp Business account, or Meta did."),
        _("Give the app access again in Meta's business settings, then check this channel again."),
    ),
    "PARTNER_APP_UNINSTALLED": (
        _("The app was taken away from this WhatsApp Business account, so messages may no longer arrive."),
        _("Give the app access again in Meta's business settings, then check this channel again."),
    ),
}
ENDS = frozenset({"ACCOUNT_RECONNECTED", "REINSTATE"})
# Only Meta's own word, or its date, ends these: while they last, a number can look as if nothing were the matter.
LASTING = frozenset({RESTRICTED, "DISABLE", "SCHEDULE_FOR_DISABLE"})


@dataclass(frozen=True)
class Trouble:
    """What is the matter with a channel's account. `until` is the end that Meta gave, if any."""

    happened: str
    advice: str
    until: datetime | None = None


def trouble_of(channel: Channel) -> Trouble | None:
    """Return the trouble that holds for a channel's account. A query only where it is restricted."""
    if channel.status not in TROUBLES:
        return None
    until = _restricted_until(channel) if channel.status == RESTRICTED else None
    if until is not None and until <= now():
        return None
    happened, advice = TROUBLES[channel.status]
    return Trouble(str(happened), str(advice), until)


def status_after_check(before: str, said: str, *, ok: bool) -> str:
    """Return a channel's status after Meta was asked about the number, where it `said` one.

    An answer that all is well ends trouble that would have shown in it, but none that lasts whatever it says.
    """
    if before in LASTING or (before in TROUBLES and not ok):
        return before
    return said or ("" if before in TROUBLES else before)


def _restricted_until(channel: Channel) -> datetime | None:
    """Return when the last of the restrictions ends; None if Meta gave no end for one of them."""
    told = ChannelNotice.objects.filter(channel=channel, aspect="account", value=RESTRICTED)
    newest = told.order_by("-at", "-once_hash").first()
    detail = newest.detail if newest is not None else None
    restrictions = detail.get("restriction_info") if isinstance(detail, dict) else None
    if not isinstance(restrictions, list) or not restrictions:
        return None
    ends = [_instant(one.get("expiration")) if isinstance(one, dict) else None for one in restrictions]
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _instant(seconds: object) -> datetime | None:
    """Return an instant that is given in seconds since 1970; None for anything else."""
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
