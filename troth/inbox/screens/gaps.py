"""The page of gaps: the books of each number, and what could not be shown, with its reason and what to do."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.channels.models import Channel
from troth.inbox.models import Attachment, AttachmentState, Gap, Message, Tally
from troth.inbox.screens.files import trouble_text
from troth.inbox.screens.happened import gap_text
from troth.inbox.screens.unshown import unshown

DAYS = 30
SHOWN = 100


def books(channels: Mapping[UUID, Channel]) -> list[dict[str, Any]]:
    """Return for each number how much came in the last 30 days, what became of it, and whether that adds up."""
    since = (now() - timedelta(days=DAYS)).date()
    rows = Tally.objects.filter(channel_id__in=list(channels), day__gte=since)
    counts: dict[UUID, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("came", "applied", "ignored", "gap"), 0))
    rules: dict[UUID, list[tuple[str, int]]] = defaultdict(list)
    for channel, outcome, rule, count in rows.values_list("channel_id", "outcome", "rule").annotate(n=Sum("count")):
        counts[channel][outcome] += count
        if outcome == "ignored":
            rules[channel].append((rule_text(rule), count))
    return [
        {
            "name": channels[id].name,
            **found,
            "missing": found["came"] - found["applied"] - found["ignored"] - found["gap"],
            "rules": sorted(rules[id], key=lambda one: -one[1]),
        }
        for id, found in sorted(counts.items(), key=lambda one: channels[one[0]].name)
    ]


def lines(channels: Mapping[UUID, Channel], *, handle: str) -> list[dict[str, Any]]:
    """Return the newest of what could not be shown: news that we could not read, kinds that WhatsApp keeps to the phone,
    files that did not come."""
    ids = list(channels)
    found = [*_unread(ids), *_unsupported(ids), *_files(ids)]
    found.sort(key=lambda one: one["at"], reverse=True)
    for one in found[:SHOWN]:
        one["channel"] = channels[one["channel"]].name
        thread = one["conversation"]
        one["url"] = reverse("conversation", args=[handle, thread]) if thread else ""
    return found[:SHOWN]


def _unread(channels: list[UUID]) -> list[dict[str, Any]]:
    shown = Gap.objects.filter(Q(conversation=None) | Q(conversation__contact__erasing_at=None))
    rows = shown.filter(channel_id__in=channels).order_by("-at").defer("raw")[:SHOWN]
    return [
        _line(row.at, row.channel_id, row.conversation_id, gap_text(row.reason), remedy_text(row.reason), row.field)
        for row in rows
    ]


def _unsupported(channels: list[UUID]) -> list[dict[str, Any]]:
    rows = Message.objects.filter(
        channel_id__in=channels, kind="unsupported", revoked_at=None, conversation__contact__erasing_at=None
    )
    return [
        _line(row.at, row.channel_id, row.conversation_id, *unshown(row.content))
        for row in rows.order_by("-at").only("at", "channel_id", "conversation_id", "content")[:SHOWN]
    ]


def _files(channels: list[UUID]) -> list[dict[str, Any]]:
    rows = Attachment.objects.filter(
        state=AttachmentState.FAILED,
        message__channel_id__in=channels,
        message__conversation__contact__erasing_at=None,
    ).order_by("-created_at")
    facts = rows.values_list("message__at", "message__channel_id", "message__conversation_id", "reason")[:SHOWN]
    return [
        _line(at, channel, thread, _("A file did not come."), trouble_text(why)) for at, channel, thread, why in facts
    ]


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
    }
    return texts.get(rule, rule)
