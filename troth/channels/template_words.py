"""Templates in words: what is wrong with one before it is submitted, what its state asks for, which languages there are."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from troth.base.clock import now
from troth.channels.definition import Fault
from troth.channels.models import MessageTemplate

FAULTS: dict[str, Any] = {
    "name_empty": gettext_lazy("Give the template a name."),
    "name_shape": gettext_lazy("A name has small letters a to z, digits and underscores only."),
    "name_long": gettext_lazy("A name has at most 512 characters."),
    "language": gettext_lazy("Choose a language."),
    "category": gettext_lazy("Choose a category."),
    "sample_missing": gettext_lazy("Upload a sample of the header's file. Meta looks at it in the review."),
    "header_empty": gettext_lazy("Write the header, or choose no header."),
    "header_long": gettext_lazy("The header has at most 60 characters."),
    "header_variables": gettext_lazy("The header takes one variable only."),
    "header_marks": gettext_lazy("The header takes plain words only: no line breaks, emoji, asterisks or other marks."),
    "body_empty": gettext_lazy("Write the text."),
    "body_long": gettext_lazy("The text has at most 1,024 characters."),
    "body_long_offer": gettext_lazy("With a limited-time offer, the text has at most 600 characters."),
    "body_long_card": gettext_lazy("The text of a card has at most 160 characters."),
    "body_edges": gettext_lazy("The text must not begin or end with a variable. Put a word or a full stop there."),
    "body_crowded": gettext_lazy("There are too many variables for so few words. Write more words around them."),
    "braces": gettext_lazy("A variable stands in two braces on each side, such as {{1}} or {{first_name}}."),
    "variable_named": gettext_lazy("The name “%(word)s” has to begin with a small letter and may hold a to z, digits and underscores."),
    "variable_numbered": gettext_lazy("With numbered variables, write {{1}}, {{2}} and so on. For names, choose named variables."),
    "variable_order": gettext_lazy("Number the variables without a gap: {{1}}, {{2}}, {{3}}."),
    "example_missing": gettext_lazy("Give an example for “%(word)s”. Meta needs it for the review."),
    "footer_long": gettext_lazy("The footer has at most 60 characters."),
    "footer_variables": gettext_lazy("The footer takes no variables."),
    "offer_category": gettext_lazy("A limited-time offer has to be in the category Marketing."),
    "offer_empty": gettext_lazy("Write a few words about the offer."),
    "offer_long": gettext_lazy("The words about the offer have at most 16 characters."),
    "offer_footer": gettext_lazy("A limited-time offer has no footer."),
    "offer_link": gettext_lazy("A limited-time offer needs a button with a link."),
    "buttons_many": gettext_lazy("A template has at most 10 buttons."),
    "card_buttons_many": gettext_lazy("A card has at most two buttons."),
    "card_buttons_missing": gettext_lazy("Give the card at least one button."),
    "too_many_url": gettext_lazy("A template has at most two link buttons."),
    "too_many_phone_number": gettext_lazy("A template has at most one button that calls a number."),
    "too_many_copy_code": gettext_lazy("A template has at most one button that copies a code."),
    "too_many_flow": gettext_lazy("A template has at most one button that opens a form."),
    "too_many_catalog": gettext_lazy("A template has at most one button that opens the catalogue."),
    "too_many_mpm": gettext_lazy("A template has at most one button that shows products."),
    "too_many_spm": gettext_lazy("A template has at most one button that shows a product."),
    "too_many_voice_call": gettext_lazy("A template has at most one button that calls in WhatsApp."),
    "buttons_mixed": gettext_lazy("Keep the quick replies together: all of them before the other buttons, or all after."),
    "buttons_alike": gettext_lazy("Two buttons have the same words. Give each its own."),
    "button_empty": gettext_lazy("Write the words of the button."),
    "button_long": gettext_lazy("The words of a button have at most 25 characters."),
    "button_text": gettext_lazy("The words of a button take no variables and no line breaks."),
    "button_url": gettext_lazy("Enter the whole address, beginning with https://"),
    "button_url_variable": gettext_lazy("The address takes one variable only, at its very end."),
    "button_url_example": gettext_lazy("Give an example of the whole address, with its end filled in."),
    "button_phone": gettext_lazy("Enter the number with its country code, such as +60312345678."),
    "button_coupon": gettext_lazy("Give an example of the code, with at most 20 characters."),
    "button_flow": gettext_lazy("Choose the form (Flow) that the button opens."),
    "products_category": gettext_lazy("A template that shows products has to be in the category Marketing."),
    "product_header": gettext_lazy("A button that shows a product needs a product as the header."),
    "cards_count": gettext_lazy("A carousel has 2 to 10 cards."),
    "cards_differ": gettext_lazy("All cards need the same parts: a text in all or none, and the same kinds of buttons in the same order."),
    "card_sample_missing": gettext_lazy("Upload the card's picture or video."),
    "minutes": gettext_lazy("A code expires after 1 to 90 minutes. Leave it empty to say nothing of it."),
    "code_button": gettext_lazy("A template for codes has exactly one button."),
    "apps": gettext_lazy("Enter your app's package name (such as com.example.app) and its signature hash of 11 characters."),
    "apps_count": gettext_lazy("Name at least one app that takes the code, and at most five."),
    "apps_alike": gettext_lazy("This app stands there already."),
    "zero_tap_terms": gettext_lazy("Zero-tap needs your agreement to Meta's terms for it."),
}  # fmt: skip
CATEGORIES: dict[str, Any] = {
    "AUTHENTICATION": gettext_lazy("Codes for signing in"),
    "MARKETING": gettext_lazy("Marketing"),
    "UTILITY": gettext_lazy("Utility"),
}
LANGUAGES = (
    "af", "sq", "ar", "ar_EG", "ar_AE", "ar_LB", "ar_MA", "ar_QA", "az", "bn", "bg", "ca", "zh_CN", "zh_HK", "zh_TW", "hr",
    "cs", "da", "nl", "nl_BE", "en", "en_GB", "en_US", "en_AU", "en_CA", "en_IN", "et", "fil", "fi", "fr", "fr_BE", "fr_CA",
    "fr_CH", "ka", "de", "de_AT", "de_CH", "el", "gu", "ha", "he", "hi", "hu", "id", "ga", "it", "ja", "kn", "kk", "rw_RW",
    "ko", "ky_KG", "lo", "lv", "lt", "mk", "ms", "ml", "mr", "nb", "fa", "pl", "pt_BR", "pt_PT", "pa", "ro", "ru", "sr",
    "sk", "sl", "es", "es_AR", "es_CL", "es_CO", "es_MX", "es_ES", "es_PE", "es_US", "sw", "sv", "ta", "te", "th", "tr",
    "uk", "ur", "uz", "vi", "zu",
)  # fmt: skip
# Source: Cloud API, templates, quality and pausing (read 2026-11-29).
PAUSES = {"FIRST_PAUSE": timedelta(hours=3), "SECOND_PAUSE": timedelta(hours=6)}
EDITABLE = ("APPROVED", "REJECTED", "PAUSED", "REINSTATED")
EDITS_A_MONTH = 10


def fault_text(fault: Fault) -> str:
    """Return what is wrong and what to do, in words."""
    text = (
        str(FAULTS[fault.code]) % {"word": fault.word} if "%(" in str(FAULTS[fault.code]) else str(FAULTS[fault.code])
    )
    if not fault.at:
        return text
    places = {"cards": _("Card %(number)s"), "apps": _("App %(number)s")}
    place = places.get(fault.where) or _("Button %(number)s")
    return f"{place % {'number': fault.at}}: {text}"


def language_name(code: str) -> str:
    """Return a language's name beside its code, which alone tells English of one country from another's."""
    for known in (code.replace("_", "-").lower(), code.split("_", maxsplit=1)[0].lower()):
        try:
            name = get_language_info(known)["name_translated"]
        except KeyError:
            continue
        return _("%(language)s (%(code)s)") % {"language": name, "code": code}
    return code


def to_do(template: MessageTemplate) -> str:
    """Return what a template's state asks for, empty where nothing is to be done."""
    status = template.status
    if status == "REJECTED":
        return _("Change what Meta objects to and submit it again.")
    if status == "PAUSED":
        return _until_when(template)
    texts = {
        "PENDING": _("Meta looks at it, mostly within minutes, at times a day. It cannot be changed meanwhile."),
        "IN_APPEAL": _("Meta looks at it once more. It cannot be changed meanwhile."),
        "DISABLED": _("It cannot be sent any more. Make a new one with a text that people are glad to get."),
        "FLAGGED": _("It is still sent. If people go on blocking or reporting it, Meta pauses it: send it to fewer people."),
        "ARCHIVED": _("It lies in WhatsApp's archive, and Meta deletes it 28 days after it was put there. Take it out if you need it."),
        "LIMIT_EXCEEDED": _("The account has too many templates. Delete some that are not used."),
        "LOCKED": _("Meta has locked it. WhatsApp Manager says why."),
    }  # fmt: skip
    if text := texts.get(status, ""):
        return text
    if template.quality == "RED":
        return _("People block or report it. Change it, or send it to people who expect it, before Meta pauses it.")
    return ""


def category_news(template: MessageTemplate) -> str:
    """Return what is told of a change of category, empty where nothing is."""

    def named(word: str) -> str:
        return str(CATEGORIES.get(word) or word)

    if template.correct_category and template.correct_category != template.category:
        words = {"category": named(template.correct_category)}
        return _("Meta is going to move it to %(category)s, which may cost another price.") % words
    if template.previous_category and template.previous_category != template.category:
        words = {"before": named(template.previous_category), "category": named(template.category)}
        return _("Meta moved it from %(before)s to %(category)s, which may cost another price.") % words
    return ""


def edit_rule(template: MessageTemplate) -> str:
    """Return how often a template may still be changed, as Meta counts it, in words; empty before it was approved once."""
    if template.status not in ("APPROVED", "REINSTATED", "PAUSED"):
        return ""
    edits = [datetime.fromisoformat(str(one)) for one in template.edits]
    lately = [at for at in edits if now() - at < timedelta(days=30)]
    if any(now() - at < timedelta(days=1) for at in lately):
        return _("It was changed within the last 24 hours. Meta takes one change a day of an approved template.")
    left = EDITS_A_MONTH - len(lately)
    if left <= 0:
        return _(
            "It was changed 10 times within 30 days, which is as often as Meta allows. Copy it to a new name instead."
        )
    return ngettext(
        "Meta takes one change a day of an approved template, and %(left)s more within 30 days. It is reviewed again.",
        "Meta takes one change a day of an approved template, and %(left)s more within 30 days. It is reviewed again.",
        left,
    ) % {"left": left}


def _until_when(template: MessageTemplate) -> str:
    stamp = str(template.changed_at.get("status", "")).split(" ", maxsplit=1)[0]
    lasts = PAUSES.get(template.reason)
    if lasts and stamp:
        hours = max(0, int((datetime.fromisoformat(stamp) + lasts - now()).total_seconds() // 3600) + 1)
        if hours and hours <= lasts.total_seconds() // 3600:
            return ngettext(
                "The pause ends in about %(hours)s hour. Change the text, or send it to people who expect it.",
                "The pause ends in about %(hours)s hours. Change the text, or send it to people who expect it.",
                hours,
            ) % {"hours": hours}
    return _("It cannot be sent until Meta ends the pause. Change the text, or send it to people who expect it.")
