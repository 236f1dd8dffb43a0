"""The templates of a channel's account as far as Meta has told of them, in words for people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Func, TextField
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from troth.channels.models import Channel, MessageTemplate
from troth.channels.state import State
from troth.channels.words import readable

SHOWN_FIRST = 20
SHOWN_MAX = 500

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
CATEGORIES: dict[str, Any] = {
    "AUTHENTICATION": gettext_lazy("Codes for signing in"),
    "MARKETING": gettext_lazy("Marketing"),
    "UTILITY": gettext_lazy("Service"),
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


@dataclass(frozen=True)
class Told:
    """The templates that are shown, and whether there are more."""

    lines: list[Line]
    has_more: bool
    all_of_them: bool


class _NewestFact(Func):
    """The newest of the instants in `changed_at`; they are written so that their order is that of their letters."""

    template = '(SELECT max(fact.value COLLATE "C") FROM jsonb_each_text(%(expressions)s) AS fact)'
    output_field = TextField()


def templates_of(channel: Channel, *, all_of_them: bool = False) -> Told:
    """Return the templates of a channel's account, those with the newest facts first; none of a removed channel."""
    if not channel.account_id or channel.is_removed:
        return Told([], has_more=False, all_of_them=all_of_them)
    shown = SHOWN_MAX if all_of_them else SHOWN_FIRST
    ours = MessageTemplate.objects.filter(account_id=channel.account_id).defer("components")
    newest = ours.annotate(newest=_NewestFact(F("changed_at"))).order_by(F("newest").desc(nulls_last=True), "-id")
    found = list(newest[: shown + 1])
    return Told([_line(one) for one in found[:shown]], has_more=len(found) > shown, all_of_them=all_of_them)


def _line(template: MessageTemplate) -> Line:
    status = STATUSES.get(template.status)
    quality = QUALITIES.get(template.quality)
    return Line(
        name=template.name,
        language=_language(template.language),
        status=State(*status) if status else State(readable(template.status)),
        reason=str(REASONS.get(template.reason) or readable(template.reason)),
        category=str(CATEGORIES.get(template.category) or readable(template.category)),
        quality=State(*quality) if quality else State(readable(template.quality)) if template.quality else None,
        at=_told_at(template),
    )


def _language(code: str) -> str:
    """Return a language's name beside its code, which alone tells English of one country from another's."""
    try:
        name = get_language_info(code.replace("_", "-").lower())["name_translated"]
    except KeyError:
        return code
    return _("%(language)s (%(code)s)") % {"language": name, "code": code}


def _told_at(template: MessageTemplate) -> datetime:
    stamps = list(template.changed_at.values())
    return datetime.fromisoformat(max(stamps).split(" ")[0]) if stamps else template.created_at
