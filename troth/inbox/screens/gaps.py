"""The page of gaps: the books of each number, and what could not be shown, with its reason and what to do."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.channels.models import Channel
from troth.channels.phone_told import history_gaps
from troth.inbox.models import Attachment, AttachmentState, Gap, Message, PendingChange, Tally
from troth.inbox.screens.files import trouble_text
from troth.inbox.screens.happened import gap_text
from troth.inbox.screens.unshown import unshown

DAYS = 30
SHOWN = 100
PAGES_MAX = 50
BECAME = ("applied", "ignored", "gap", "waits")


def books(channels: Mapping[UUID, Channel]) -> list[dict[str, Any]]:
    """Return for each number how much came in the last 30 days, what became of it, and whether that adds up."""
    since = (now() - timedelta(days=DAYS)).date()
    rows = Tally.objects.filter(channel_id__in=list(channels), day__gte=since)
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("came", *BECAME), 0))
    rules: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for channel, outcome, rule, count in rows.values_list("channel_id", "outcome", "rule").annotate(n=Sum("count")):
        counts[channel][outcome] += count
        if outcome == "ignored":
            rules[channel].append((rule_text(rule), count))
    for channel, count in _waiting(list(channels), since=since):
        counts[channel]["waits"] += count
    return [
        {
            "name": channels[id].name,
            **found,
            "missing": found["came"] - sum(found[one] for one in BECAME),
            "rules": sorted(rules[id], key=lambda one: -one[1]),
        }
        for id, found in sorted(counts.items(), key=lambda one: channels[one[0]].name)
    ]


def _waiting(channels: list[UUID], *, since: date) -> list[tuple[UUID, int]]:
    """Return how much waits for its message at each number: it came, and nothing became of it yet."""
    from_then = datetime.combine(since, time.min, UTC)
    rows = PendingChange.objects.filter(channel_id__in=channels, created_at__gte=from_then).order_by()
    return list(rows.values_list("channel_id").annotate(n=Count("id")))


@dataclass(frozen=True)
class Page:
    """A page of gaps, the newest first, and whether there are older ones."""

    lines: list[dict[str, Any]]
    number: int
    has_older: bool


def page_of(channels: Mapping[UUID, Channel], *, handle: str, number: int = 1) -> Page:
    """Return a page of what could not be shown: news that we could not read, kinds that WhatsApp keeps to the phone,
    files and old messages that did not come."""
    ids, until = list(channels), number * SHOWN
    # Of each kind as many as there would be if all were of that kind, and one more, which says that there are older ones.
    found = [line for kind in _KINDS for line in kind(ids, until + 1)]
    found.sort(key=lambda one: one["at"], reverse=True)
    shown = found[until - SHOWN : until]
    for one in shown:
        one["channel"] = channels[one["channel"]].name
        thread = one["conversation"]
        one["url"] = reverse("conversation", args=[handle, thread]) if thread else ""
    return Page(shown, number, has_older=len(found) > until and number < PAGES_MAX)


def _unread(channels: list[UUID], most: int) -> list[dict[str, Any]]:
    shown = Gap.objects.filter(Q(conversation=None) | Q(conversation__contact__erasing_at=None))
    rows = shown.filter(channel_id__in=channels).order_by("-at", "-id").defer("raw")[:most]
    return [
        _line(row.at, row.channel_id, row.conversation_id, gap_text(row.reason), remedy_text(row.reason), row.field)
        for row in rows
    ]


def _unsupported(channels: list[UUID], most: int) -> list[dict[str, Any]]:
    rows = Message.objects.filter(
        channel_id__in=channels, kind="unsupported", revoked_at=None, conversation__contact__erasing_at=None
    )
    return [
        _line(row.at, row.channel_id, row.conversation_id, *unshown(row.content))
        for row in rows.order_by("-at", "-id").only("at", "channel_id", "conversation_id", "content")[:most]
    ]


def _files(channels: list[UUID], most: int) -> list[dict[str, Any]]:
    rows = Attachment.objects.filter(
        state=AttachmentState.FAILED,
        message__channel_id__in=channels,
        message__conversation__contact__erasing_at=None,
    ).order_by("-message__at", "-id")
    facts = rows.values_list("message__at", "message__channel_id", "message__conversation_id", "reason")[:most]
    return [
        _line(at, channel, thread, _("A file did not come."), trouble_text(why)) for at, channel, thread, why in facts
    ]


def _histories(channels: list[UUID], _most: int) -> list[dict[str, Any]]:
    return [_line(one.at, one.channel_id, None, one.text, one.remedy) for one in history_gaps(channels)]


_KINDS = (_unread, _unsupported, _files, _histories)


def _line(at: Any, channel: UUID, thread: UUID | None, text: str, remedy: str, field: str = "") -> dict[str, Any]:
    return {"at": at, "channel": channel, "conversation": thread, "text": text, "remedy": remedy, "field": field}


def remedy_text(reason: str) -> str:
    """Return what to do about a gap."""
    if reason == "delivery-parked":
        return _("Whoever runs this installation can offer it again, after an update that can read it.")
    if reason in ("unknown-status", "unknown_field"):
        return _("Nothing to do: an update that knows it will show it.")
    if reason in ("its-message-never-came", "no-message-named"):
        return _("Nothing to do here. If a customer says that they wrote, ask them to send it again.")
    return _("If a customer is waiting, ask them to write again.")


def rule_text(rule: str) -> str:
    """Return why an event was left alone, in words."""
    texts = {
        "repeated": _("it had come before"),
        "nothing-new": _("it told nothing new"),
        "person-was-forgotten": _("it was about somebody who was deleted"),
        "another-number": _("it was about another number"),
        "another-offer": _("it was about an earlier attempt to send"),
        "nobody-named": _("it named nobody"),
        "message-is-gone": _("its message was deleted meanwhile"),
    }
    return texts.get(rule, rule)
