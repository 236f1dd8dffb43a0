"""How every number of a workspace stands with Meta, in words for people."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.base.clock import now
from troth.channels.health import TOKEN_ENDS_SOON
from troth.channels.limits import limit_words, throughput_words
from troth.channels.models import BusinessAccount, Channel, ChannelHealth, Portfolio
from troth.channels.news import News, news_of
from troth.channels.registry import explain_check
from troth.channels.state import State, quality_of
from troth.channels.trouble import Held, Restriction, Trouble, held_of, restrictions_of, trouble_of
from troth.channels.words import readable

_OVERALL: dict[str, tuple[Any, str]] = {
    "AVAILABLE": (gettext_lazy("Messages can be sent"), "ok"),
    "LIMITED": (gettext_lazy("Messages can be sent, with limits"), "warn"),
    "BLOCKED": (gettext_lazy("Messages cannot be sent"), "danger"),
}
# Source: Cloud API reference, phone number, name_status (read 2026-11-30).
_NAMES: dict[str, tuple[Any, str]] = {
    "APPROVED": (gettext_lazy("Approved"), "ok"),
    "AVAILABLE_WITHOUT_REVIEW": (gettext_lazy("In use, not reviewed"), "ok"),
    "PENDING_REVIEW": (gettext_lazy("Being reviewed"), ""),
    "DECLINED": (gettext_lazy("Rejected"), "danger"),
    "EXPIRED": (gettext_lazy("Expired"), "danger"),
    "NONE": (gettext_lazy("None yet"), "danger"),
}
_PARTS: dict[str, Any] = {
    "PHONE_NUMBER": gettext_lazy("The number"),
    "WABA": gettext_lazy("The WhatsApp account"),
    "BUSINESS": gettext_lazy("The business portfolio"),
    "APP": gettext_lazy("The app"),
    "MESSAGE_TEMPLATE": gettext_lazy("A template"),
}
# Source: Cloud API reference, webhook account_update, restriction types (read 2026-11-22).
_RESTRICTIONS: dict[str, Any] = {
    "RESTRICTED_ADD_PHONE_NUMBER_ACTION": gettext_lazy("No further number can be added."),
    "RESTRICTED_BIZ_INITIATED_MESSAGING": gettext_lazy("Nobody can be written to first: templates wait until it ends."),
    "RESTRICTED_CUSTOMER_INITIATED_MESSAGING": gettext_lazy(
        "Customers cannot be answered: answers wait until it ends."
    ),
    "RESTRICTED_UTILITY_TEMPLATES": gettext_lazy("Utility templates are refused: they wait until it ends."),
    "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES": gettext_lazy("Utility messages without a template are refused."),
    "RESTRICTED_BUSINESS_INITIATED_CALLING": gettext_lazy("The business cannot call."),
    "RESTRICTED_USER_INITIATED_CALLING": gettext_lazy("Customers cannot call."),
    "RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING": gettext_lazy("Nobody can call."),
}
# Meta's own reasons come in its own words and in English; of these we say it in ours. Source: Meta, "Messaging health
# status" (read 2026-11-22).
_REASONS: dict[int, Any] = {
    141000: gettext_lazy("The number's display name or its verification is not settled."),
    141001: gettext_lazy("The number does not meet a condition of Meta's."),
    141002: gettext_lazy("The number is not registered with the platform."),
    141006: gettext_lazy("There is a problem with the payment method."),
    141010: gettext_lazy("The business is not verified, so only few people can be written to first."),
}


@dataclass(frozen=True)
class PartLine:
    """One part that stands between the business and its customers, where it is not in order."""

    name: str
    state: State
    reasons: list[tuple[str, str]]


@dataclass(frozen=True)
class NumberLine:
    """One number. `asked_at` is when Meta was asked last, `failed` why it did not answer then."""

    channel: Channel
    overall: State
    quality: State | None
    throughput: str
    display_name: State | None
    parts: list[PartLine]
    trouble: Trouble | None
    restrictions: list[tuple[str, datetime | None]]
    held: Held
    token_state: State
    token_expires_at: datetime | None
    asked_at: datetime | None
    answered_at: datetime | None
    failed: str
    news: News


@dataclass
class Group:
    """A portfolio with its numbers: they share its limit. `portfolio` is None for numbers of which Meta was not asked."""

    portfolio: Portfolio | None
    limit: str
    lines: list[NumberLine] = field(default_factory=list)


def groups_of(channels: Sequence[Channel]) -> list[Group]:
    """Return these numbers by portfolio."""
    healths = {one.channel_id: one for one in ChannelHealth.objects.filter(channel__in=channels)}
    accounts = BusinessAccount.objects.select_related("portfolio")
    portfolios = {one.account_id: one.portfolio for one in accounts}
    groups: dict[UUID | None, Group] = {}
    members: dict[UUID | None, list[NumberLine]] = defaultdict(list)
    for channel in channels:
        portfolio = portfolios.get(channel.account_id)
        key = portfolio.pk if portfolio is not None else None
        groups.setdefault(key, Group(portfolio, limit_words(portfolio.limit if portfolio is not None else "")))
        members[key].append(_line(channel, healths.get(channel.pk)))
    for key, group in groups.items():
        group.lines = members[key]
    return sorted(groups.values(), key=lambda one: one.portfolio is None)


def _line(channel: Channel, health: ChannelHealth | None) -> NumberLine:
    label, look = _OVERALL.get(health.overall if health else "", (gettext_lazy("Meta has not said"), ""))
    failed = health is not None and health.answer not in ("", "ok")
    return NumberLine(
        channel=channel,
        overall=State(label, look),
        quality=quality_of(channel),
        throughput=throughput_words(health.throughput if health else ""),
        display_name=_display_name(health.name_status if health else ""),
        parts=_parts(health.parts if health else None),
        trouble=trouble_of(channel),
        restrictions=[(restriction_words(one), one.until) for one in _in_force(channel)],
        held=held_of(channel),
        token_state=_token(health),
        token_expires_at=health.token_expires_at if health else None,
        asked_at=health.asked_at if health else None,
        answered_at=health.answered_at if health else None,
        failed=explain_check(channel.kind, health.answer) if health is not None and failed else "",
        news=news_of(channel),
    )


def _display_name(status: str) -> State | None:
    """Return how Meta's review of the name that customers see stands, None where Meta has not said."""
    if not status:
        return None
    label, look = _NAMES.get(status, (readable(status), "warn"))
    return State(label, look)


def _in_force(channel: Channel) -> list[Restriction]:
    if trouble_of(channel) is None:
        return []
    return restrictions_of(channel)


def restriction_words(restriction: Restriction) -> str:
    """Return what a restriction means."""
    return str(_RESTRICTIONS.get(restriction.word) or readable(restriction.word))


def _parts(told: Any) -> list[PartLine]:
    """Return those parts that are not in order."""
    lines = []
    for part in told if isinstance(told, list) else []:
        if part.get("state") in ("", "AVAILABLE"):
            continue
        label, look = _OVERALL.get(part["state"], (readable(part["state"]), "warn"))
        reasons = [(_reason(one), str(one.get("advice") or "")) for one in part.get("reasons") or []]
        name = str(_PARTS.get(part.get("entity")) or readable(str(part.get("entity") or "")))
        lines.append(PartLine(name, State(label, look), [one for one in reasons if any(one)]))
    return lines


def _reason(told: dict[str, Any]) -> str:
    ours = _REASONS.get(told.get("code") or 0)
    return str(ours) if ours else str(told.get("says") or "")


def _token(health: ChannelHealth | None) -> State:
    """Return how the access token is, as of the last answer."""
    if health is None or health.asked_at is None:
        return State(_("Not asked yet"))
    if health.answer in ("token_invalid", "token_expired") or (
        health.token_expires_at is not None and health.token_expires_at <= now()
    ):
        return State(_("No longer valid"), "danger")
    if health.token_expires_at is None:
        return State(_("Valid without an end"), "ok")
    soon = health.token_expires_at - now() < TOKEN_ENDS_SOON
    return State(_("Ends soon") if soon else _("Has an end"), "warn" if soon else "")


def is_stale(line: NumberLine) -> bool:
    """Return whether Meta's answer is older than it should be."""
    return line.answered_at is None or now() - line.answered_at > timedelta(days=2)
