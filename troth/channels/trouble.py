"""Trouble of a whole account that Meta tells of, in words for people: what happened, and what to do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from troth.base.clock import now
from troth.channels.models import Channel, ChannelNotice

RESTRICTED = "ACCOUNT_RESTRICTION"
# The restrictions that hold messages back: what we say first, what we answer, and templates about what somebody bought.
FIRST, ANSWERS, UTILITY = "first", "answers", "utility"
_HELD_BY = {
    "RESTRICTED_BIZ_INITIATED_MESSAGING": FIRST,
    "RESTRICTED_CUSTOMER_INITIATED_MESSAGING": ANSWERS,
    "RESTRICTED_UTILITY_TEMPLATES": UTILITY,
}
# Those that Meta's answer about a number would show.
_SHOWN_BY_A_CHECK = frozenset({FIRST, ANSWERS})
TOLD_MAX = 200  # notices of restrictions that are read
# Meta's words for trouble, and those that end it. Of a DISABLED_UPDATE it is the ban's state that counts.
# Source: Cloud API reference, webhook account_update (read 2026-11-22).
TROUBLES: dict[str, tuple[Any, Any]] = {
    "ACCOUNT_DELETED": (
        _("Meta says that this WhatsApp Business account was deleted. Nothing can come in or go out."),
        _(
            "If nobody of yours deleted it, ask Meta's support. A number that you still have can be connected again by another"
            " account, and goes on with its conversations."
        ),
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
        _(
            "Open the WhatsApp Business app on the phone, then connect the number again here. It goes on with its"
            " conversations."
        ),
    ),
    "PARTNER_REMOVED": (
        _(
            "Somebody ended the app's access to this WhatsApp Business account, or Meta did. With a number that is in the phone"
            " app too, that can be done there."
        ),
        _("Give the app access again, then connect the number again here. It goes on with its conversations."),
    ),
    "PARTNER_APP_UNINSTALLED": (
        _("The app was taken away from this WhatsApp Business account."),
        _(
            "Give the app access again in Meta's business settings, then connect the number again here. It goes on with its"
            " conversations."
        ),
    ),
}
# After these, nothing of the account can be reached any more: the number is cut off, and has to be connected again.
LOST = frozenset({"ACCOUNT_DELETED", "ACCOUNT_OFFBOARDED", "PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED"})
ENDS = frozenset({"ACCOUNT_RECONNECTED", "REINSTATE"})
# Only Meta's own word, or its date, ends these: while they last, a number can look as if nothing were the matter.
LASTING = frozenset({RESTRICTED, "DISABLE", "SCHEDULE_FOR_DISABLE"})
LIFTED = "LIFTED"  # what we note when Meta's answer about a number ends a restriction


@dataclass(frozen=True)
class Trouble:
    """What is the matter with a channel's account. `until` is the end that Meta gave, if any; `endless` is whether it is a
    restriction to which Meta gave none."""

    happened: str
    advice: str
    until: datetime | None = None
    endless: bool = False


def is_lost(channel: Channel) -> bool:
    """Return whether Meta cut the number off and nobody here has put it away since."""
    return channel.is_removed and channel.removed_by_id is None and channel.status in LOST


def trouble_of(channel: Channel) -> Trouble | None:
    """Return the trouble that holds for a channel's account. A query only where it is restricted."""
    if channel.status not in TROUBLES:
        return None
    until = _restricted_until(channel) if channel.status == RESTRICTED else None
    if until is not None and until <= now():
        return None
    happened, advice = TROUBLES[channel.status]
    return Trouble(str(happened), str(advice), until, endless=channel.status == RESTRICTED and until is None)


@dataclass(frozen=True)
class Restriction:
    """One restriction that Meta told of: its word, and its end, where one was given."""

    word: str
    until: datetime | None = None


@dataclass(frozen=True)
class Held:
    """What restrictions hold back: FIRST, ANSWERS or UTILITY, each until when. `endless` are those of which Meta has not said
    until when: they are tried now and then."""

    ends: Mapping[str, datetime] = field(default_factory=dict)
    endless: frozenset[str] = frozenset()

    @property
    def kinds(self) -> frozenset[str]:
        """What waits."""
        return frozenset(self.ends)

    def until(self, kind: str, category: str = "") -> datetime | None:
        """Return until when a message of this kind waits, a template of this category; None for one that does not."""
        return max((self.ends[one] for one in _what(kind, category) if one in self.ends), default=None)

    def is_endless(self, kind: str, category: str = "") -> bool:
        """Return whether Meta refuses a message of this kind and has not said until when."""
        return not self.endless.isdisjoint(_what(kind, category))


def _what(message_kind: str, category: str) -> frozenset[str]:
    if message_kind != "template":
        return frozenset({ANSWERS})
    return frozenset({FIRST, UTILITY} if category == "UTILITY" else {FIRST})


NOTHING_HELD = Held()


def held_of(channel: Channel) -> Held:
    """Return what is not to be offered to Meta now, since it said until when it takes none. A query only where the account is
    in trouble, of whatever kind: another trouble hides no restriction.

    A restriction without an end holds nothing back: what Meta refuses waits all the same, and one message tries now and
    then, so that nothing stands still for ever should the news of the end be lost.
    """
    if channel.status not in TROUBLES:
        return NOTHING_HELD
    told = [one for one in restrictions_of(channel) if one.word in _HELD_BY]
    ends = {_HELD_BY[one.word]: one.until for one in told if one.until is not None}
    return Held(ends, frozenset(_HELD_BY[one.word] for one in told if one.until is None))


def is_over(channel: Channel, *, overall: str) -> bool:
    """Return whether Meta's answer that messages can be sent ends the restriction of a channel: one to which it gave no end,
    and which such an answer would show. `overall` is Meta's word for whether messages can be sent."""
    if channel.status != RESTRICTED or overall != "AVAILABLE":
        return False
    told = restrictions_of(channel)
    return bool(told) and all(_HELD_BY.get(one.word) in _SHOWN_BY_A_CHECK and one.until is None for one in told)


def restrictions_of(channel: Channel) -> list[Restriction]:
    """Return the restrictions that hold now, of each kind as Meta told of it last."""
    at = now()
    return [one for one in _told(channel) if one.until is None or one.until > at]


def _told(channel: Channel) -> list[Restriction]:
    """Return every kind of restriction as Meta told of it last, since it last said that the account is free, over or not.

    News that name no kind count only while they are the newest: the next say what is the matter.
    """
    about = Q(aspect="account", value__in=[RESTRICTED, *ENDS]) | Q(aspect="standing", value=LIFTED)
    notices = ChannelNotice.objects.filter(about, channel=channel).order_by("-at", "-once_hash")[:TOLD_MAX]
    found: dict[str, Restriction] = {}
    for position, notice in enumerate(notices):
        if notice.value != RESTRICTED:
            break
        for one in _named_in(notice):
            if one.word or position == 0:
                found.setdefault(one.word, one)
    return list(found.values())


def _named_in(notice: ChannelNotice) -> Iterator[Restriction]:
    """Yield what a notice names, a restriction without a word where it names none."""
    listed = notice.detail.get("restriction_info") if isinstance(notice.detail, dict) else None
    named = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)]
    for one in named or [{}]:
        yield Restriction(str(one.get("restriction_type") or ""), _instant(one.get("expiration")))


def status_after_check(channel: Channel, said: str, *, ok: bool) -> str:
    """Return a channel's status after Meta was asked about the number, where it `said` one.

    An answer that all is well ends trouble that would have shown in it, but none that lasts whatever it says: a restriction
    that other trouble hid stands there again.
    """
    before: str = channel.status
    if before in LASTING or (before in TROUBLES and not ok):
        return before
    if before in TROUBLES and restrictions_of(channel):
        return RESTRICTED
    return said or ("" if before in TROUBLES else before)


def _restricted_until(channel: Channel) -> datetime | None:
    """Return when the last of the restrictions ends; None if Meta gave no end for one of them."""
    ends = [one.until for one in _told(channel)]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _instant(seconds: object) -> datetime | None:
    """Return an instant that is given in seconds since 1970; None for anything else."""
    try:
        return datetime.fromtimestamp(int(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
