"""What Meta told us about a number or its account, in words for people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.channels.contract import NO_REASON
from troth.channels.limits import limit_words, throughput_words
from troth.channels.models import Channel, ChannelNotice
from troth.channels.registry import explain
from troth.channels.words import readable

SHOWN_FIRST = 10
SHOWN_MAX = 200
ABOUT: dict[str, Any] = {
    "account": gettext_lazy("News about the account"),
    "alert": gettext_lazy("A warning about the account"),
    "business": gettext_lazy("The business's standing with Meta has changed"),
    "capability": gettext_lazy("How many people can be written to in a day, counted by Meta"),
    "display_name": gettext_lazy("The display name's review"),
    "health": gettext_lazy("Whether messages can be sent, says Meta"),
    "limit": gettext_lazy("How many people may be written to first in a day"),
    "number_quality": gettext_lazy("The number's quality"),
    "standing": gettext_lazy("The number's state"),
    "throughput": gettext_lazy("How fast messages may leave"),
    "token": gettext_lazy("The access token"),
    "context": gettext_lazy("Another responder left a summary of a conversation"),
    "conversion": gettext_lazy("Meta saw what a customer did after an advertisement"),
    "flow": gettext_lazy("News about a form"),
    "group": gettext_lazy("News about a group"),
    "handover": gettext_lazy("Another responder was put in charge, or taken off"),
    "history": gettext_lazy("Old messages of the phone app were not handed over"),
    "name": gettext_lazy("The name that customers see was reviewed"),
    "order_payment": gettext_lazy("A payment in a chat has a new state"),
    "other_account": gettext_lazy("News about another account that the app serves"),
    "partner": gettext_lazy("News about a partner"),
    "payment": gettext_lazy("The settings of payments have changed"),
    "problem": gettext_lazy("Meta reported a problem"),
    "quality": gettext_lazy("The number's quality or limit has changed"),
    "review": gettext_lazy("The account was reviewed"),
    "security": gettext_lazy("A security setting was changed"),
    "settings": gettext_lazy("A setting of the number has changed"),
    "tracking": gettext_lazy("Meta measured what came of a message"),
    "user_action": gettext_lazy("A customer used something in a message"),
    "username": gettext_lazy("The number's user name has changed"),
}
# Those whose word is the number of an error.
ERRORS = frozenset({"problem", "history"})
# Source: Cloud API reference, webhooks about accounts and numbers (read 2026-11-22).
WORDS: dict[str, Any] = {
    "ACCOUNT_DELETED": gettext_lazy("It was deleted."),
    "ACCOUNT_OFFBOARDED": gettext_lazy("It was taken off Meta's platform."),
    "ACCOUNT_RECONNECTED": gettext_lazy("It is connected again."),
    "ACCOUNT_RESTRICTION": gettext_lazy("Meta has restricted it."),
    "ACCOUNT_VIOLATION": gettext_lazy("Meta says that it broke the rules."),
    "AD_ACCOUNT_LINKED": gettext_lazy("An advertising account was linked to it."),
    "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE": gettext_lazy("Codes for signing in cost other prices abroad."),
    "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE": gettext_lazy("The business's country was set."),
    "DISABLE": gettext_lazy("Meta has disabled it."),
    "DISABLED_UPDATE": gettext_lazy("Whether it is disabled has changed."),
    "MM_LITE_TERMS_SIGNED": gettext_lazy("The terms of marketing messages were accepted."),
    "PARTNER_ADDED": gettext_lazy("A partner got access to it."),
    "PARTNER_APP_INSTALLED": gettext_lazy("An app got access to it."),
    "PARTNER_APP_UNINSTALLED": gettext_lazy("An app was taken away from it."),
    "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE": gettext_lazy("The review of the business has a new state."),
    "PARTNER_REMOVED": gettext_lazy("An app's access to it was ended."),
    "REINSTATE": gettext_lazy("Meta has given it back."),
    "SCHEDULE_FOR_DISABLE": gettext_lazy("Meta is going to disable it."),
    "VOLUME_BASED_PRICING_TIER_UPDATE": gettext_lazy("A new level of prices was reached."),
    "APPROVED": gettext_lazy("Approved"),
    "DEFERRED": gettext_lazy("Put off"),
    "PENDING": gettext_lazy("Being reviewed"),
    "REJECTED": gettext_lazy("Rejected"),
    "DOWNGRADE": gettext_lazy("The limit went down."),
    "FLAGGED": gettext_lazy("The quality is low."),
    "ONBOARDING": gettext_lazy("The number was set up."),
    "THROUGHPUT_UPGRADE": gettext_lazy("More messages a second are possible."),
    "UNFLAGGED": gettext_lazy("The quality is in order again."),
    "UPGRADE": gettext_lazy("The limit went up."),
    "PIN_CHANGED": gettext_lazy("The two-step verification PIN was changed."),
    "PIN_REQUEST_SUCCESS": gettext_lazy("The two-step verification PIN was reset."),
    "PIN_RESET_REQUEST": gettext_lazy("Somebody asked to reset the two-step verification PIN."),
    "marketing_messages_link_click": gettext_lazy("A link was opened."),
    "AVAILABLE": gettext_lazy("Yes"),
    "LIMITED": gettext_lazy("With limits"),
    "BLOCKED": gettext_lazy("No"),
    "GREEN": gettext_lazy("High"),
    "YELLOW": gettext_lazy("Medium"),
    "RED": gettext_lazy("Low"),
    "CONNECTED": gettext_lazy("Connected"),
    "LIFTED": gettext_lazy("No longer restricted: Meta says that messages can be sent"),
    "ENDS_SOON": gettext_lazy("It ends soon. Replace it before it does."),
    "ENDED": gettext_lazy("It is no longer valid. Replace it."),
    "RENEWED": gettext_lazy("It was replaced."),
}


@dataclass(frozen=True)
class Line:
    """One notice. `before` is what it was until then, where that is known. `word` says what it was: in our words where we have some, else in Meta's own, made readable."""

    at: datetime
    about: str
    word: str
    before: str = ""


@dataclass(frozen=True)
class News:
    """The notices that are shown, and whether there are older ones."""

    lines: list[Line]
    has_more: bool
    all_of_it: bool


def news_of(channel: Channel, *, all_of_it: bool = False) -> News:
    """Return the newest notices about a channel, the newest first."""
    shown = SHOWN_MAX if all_of_it else SHOWN_FIRST
    newest = ChannelNotice.objects.filter(channel=channel).order_by("-at", "-id")
    found = list(newest[: shown + 1])
    return News([_line(channel, one) for one in found[:shown]], has_more=len(found) > shown, all_of_it=all_of_it)


def _line(channel: Channel, notice: ChannelNotice) -> Line:
    about = ABOUT.get(notice.aspect)
    if about is None:
        about = _("Meta told of something that Troth does not know (%(what)s)") % {"what": readable(notice.aspect)}
    before = notice.detail.get("before") if isinstance(notice.detail, dict) else None
    return Line(
        at=notice.at,
        about=str(about),
        word=_word(channel, notice.aspect, notice.value),
        before=_word(channel, notice.aspect, before) if isinstance(before, str) else "",
    )


def _word(channel: Channel, aspect: str, value: str) -> str:
    if aspect in ERRORS:
        return _explained(channel.kind, value)
    if aspect in ("capability", "limit"):
        return limit_words(value)
    if aspect == "throughput":
        return throughput_words(value)
    return str(WORDS.get(value) or readable(value))


def _explained(kind: str, code: str) -> str:
    """Return what an error means; its bare number where we do not know it, since the general text is about messages."""
    try:
        text = explain(kind, int(code))
    except ValueError:
        return code
    unknown = text == explain(kind, NO_REASON)
    return _("Meta gave no more than the code %(code)s.") % {"code": code} if unknown else text
