"""What Meta's markets, categories and types of price are called."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from troth.channels.markets import country_name

_REGIONS: dict[str, Any] = {
    "north_america": _("North America"),
    "rest_africa": _("Rest of Africa"),
    "rest_asia_pacific": _("Rest of Asia Pacific"),
    "rest_central_eastern_europe": _("Rest of Central and Eastern Europe"),
    "rest_latin_america": _("Rest of Latin America"),
    "rest_middle_east": _("Rest of Middle East"),
    "rest_western_europe": _("Rest of Western Europe"),
    "other": _("All other countries"),
}
_CATEGORIES: dict[str, Any] = {
    "marketing": _("Marketing"),
    "marketing_lite": _("Marketing by Meta's marketing service"),
    "utility": _("Utility"),
    "authentication": _("Authentication"),
    "authentication_international": _("Authentication, international"),
    "service": _("Service"),
    "referral_conversion": _("After an advertisement"),
    "group_marketing": _("Marketing in a group"),
    "group_utility": _("Utility in a group"),
    "group_service": _("Service in a group"),
    "general_purpose_ai": _("General assistants"),
}
_FREE: dict[str, Any] = {
    "free_customer_service": _("Free: within Meta's monthly free answers"),
    "free_entry_point": _("Free: the customer came from an advertisement"),
    "free_group_customer_service": _("Free: within Meta's monthly free answers"),
}


def market_label(market: str, language: str) -> str:
    """Return what a market is called in a language."""
    return str(_REGIONS.get(market) or country_name(market, language))


def category_label(category: str) -> str:
    """Return what a category is called; Meta's own word where it is a new one."""
    return str(_CATEGORIES.get(category) or category.replace("_", " ").capitalize() or _("Not said"))


def free_label(kind: str) -> str:
    """Return why a message was free."""
    return str(_FREE.get(kind) or _("Free"))
