"""The templates of a channel's account as far as Meta has told of them, in words for people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Func, TextField
from django.utils.translation import gettext_lazy

from troth.channels.models import Channel, MessageTemplate
from troth.channels.state import State
from troth.channels.template_words import CATEGORIES, category_news, language_name, to_do
from troth.channels.words import readable

SHOWN_MAX = 5

# Meta's words. Source: Cloud API reference, webhooks about message templates (read 2026-11-22).
STATUSES: dict[str, tuple[Any, str]] = {
    "": (gettext_lazy("Status not known"), ""),
    "APPROVED": (gettext_lazy("Approved"), "ok"),
    "ARCHIVED": (gettext_lazy("Archived"), ""),
    "DELETED": (gettext_lazy("Deleted"), ""),
    "DISABLED": (gettext_lazy("Switched off by Meta"), "danger"),
    "FLAGGED": (gettext_lazy("At risk: people did not like it"), "warn"),
    "IN_APPEAL": (gettext_lazy("Being reviewed again"), "warn"),
    "LIMIT_EXCEEDED": (gettext_lazy("Over the limit of templates"), "danger"),
    "LOCKED": (gettext_lazy("Locked"), "danger"),
    "PAUSED": (gettext_lazy("Paused by Meta"), "warn"),
    "PENDING": (gettext_lazy("Being reviewed"), "warn"),
    "PENDING_DELETION": (gettext_lazy("About to be deleted"), "warn"),
    "REINSTATED": (gettext_lazy("Allowed again"), "ok"),
    "REJECTED": (gettext_lazy("Rejected"), "danger"),
    "UNARCHIVED": (gettext_lazy("Taken out of the archive"), ""),
}
REASONS: dict[str, Any] = {
    "ABUSIVE_CONTENT": gettext_lazy("Its content breaks WhatsApp's rules."),
    "CATEGORY_NOT_AVAILABLE": gettext_lazy("Its category is not available to this account."),
    "DISABLED": gettext_lazy("It was paused too often, so it was switched off."),
    "FIRST_PAUSE": gettext_lazy("Its first pause: people blocked or reported it."),
    "INCORRECT_CATEGORY": gettext_lazy("Its content does not fit its category."),
    "INVALID_FORMAT": gettext_lazy("It is not formed as WhatsApp asks, for example its placeholders."),
    "PROMOTIONAL": gettext_lazy("It advertises, which its category does not allow."),
    "RATE_LIMITING_PAUSE": gettext_lazy("It was sent too often in a short time."),
    "SCAM": gettext_lazy("Meta takes it for fraud."),
    "SECOND_PAUSE": gettext_lazy("Its second pause: people blocked or reported it. A third switches it off."),
    "TAG_CONTENT_MISMATCH": gettext_lazy("Its content does not fit its category or its language."),
    "UNPAUSE": gettext_lazy("Its pause is over."),
}
QUALITIES: dict[str, tuple[Any, str]] = {
    "GREEN": (gettext_lazy("Quality high"), "ok"),
    "YELLOW": (gettext_lazy("Quality medium"), "warn"),
    "RED": (gettext_lazy("Quality low"), "danger"),
    "UNKNOWN": (gettext_lazy("Quality not known yet"), ""),
}


@dataclass(frozen=True)
class Line:
    """One template in one language. `at` is when Meta last told of it."""

    name: str
    language: str
    status: State
    reason: str
    category: str
    quality: State | None
    at: datetime
    id: UUID
    to_do: str
    news: str
    is_put_away: bool


@dataclass(frozen=True)
class Told:
    """The templates that are shown, and whether there are more."""

    lines: list[Line]
    has_more: bool


class _NewestFact(Func):
    """The newest of the instants in `changed_at`; they are written so that their order is that of their letters."""

    template = '(SELECT max(fact.value COLLATE "C") FROM jsonb_each_text(%(expressions)s) AS fact)'
    output_field = TextField()


def templates_of(channel: Channel) -> Told:
    """Return the templates of a channel's account of which there was news last; none of a removed channel."""
    if not channel.account_id or channel.is_removed:
        return Told([], has_more=False)
    ours = MessageTemplate.objects.filter(account_id=channel.account_id, put_away_at=None).defer("components")
    newest = ours.annotate(newest=_NewestFact(F("changed_at"))).order_by(F("newest").desc(nulls_last=True), "-id")
    found = list(newest[: SHOWN_MAX + 1])
    return Told([line_of(one) for one in found[:SHOWN_MAX]], has_more=len(found) > SHOWN_MAX)


def line_of(template: MessageTemplate) -> Line:
    """Return a template in words."""
    status = STATUSES.get(template.status)
    quality = QUALITIES.get(template.quality)
    return Line(
        name=template.name,
        language=language_name(template.language),
        status=State(*status) if status else State(readable(template.status)),
        reason=str(REASONS.get(template.reason) or readable(template.reason)),
        category=str(CATEGORIES.get(template.category) or readable(template.category)),
        quality=State(*quality) if quality else State(readable(template.quality)) if template.quality else None,
        at=_told_at(template),
        id=template.pk,
        to_do=to_do(template),
        news=category_news(template),
        is_put_away=template.put_away_at is not None,
    )


def _told_at(template: MessageTemplate) -> datetime:
    stamps = list(template.changed_at.values())
    return datetime.fromisoformat(max(stamps).split(" ")[0]) if stamps else template.created_at
