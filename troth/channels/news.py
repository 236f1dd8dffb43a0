"""What Meta told us about a number or its account, in words for people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from troth.channels.models import Channel, ChannelNotice

SHOWN_MAX = 10
ABOUT: dict[str, Any] = {
    "account": gettext_lazy("News about the account"),
    "alert": gettext_lazy("A warning about the account"),
    "review": gettext_lazy("The account was reviewed"),
    "capability": gettext_lazy("Limits have changed"),
    "quality": gettext_lazy("The number's quality or limit has changed"),
    "name": gettext_lazy("The name that customers see was reviewed"),
    "security": gettext_lazy("A security setting was changed"),
    "username": gettext_lazy("The number's user name has changed"),
    "settings": gettext_lazy("A setting of the account has changed"),
    "payment": gettext_lazy("News about payment"),
    "partner": gettext_lazy("News about a partner"),
    "flow": gettext_lazy("News about a form"),
    "group": gettext_lazy("News about a group"),
    "handover": gettext_lazy("Another responder was put in charge, or taken off"),
    "problem": gettext_lazy("Meta reported a problem"),
}


@dataclass(frozen=True)
class News:
    """One notice. `word` is Meta's own, made readable."""

    at: datetime
    about: str
    word: str


def news_of(channel: Channel) -> list[News]:
    """Return the newest notices about a channel, the newest first."""
    newest = ChannelNotice.objects.filter(channel=channel).order_by("-at")[:SHOWN_MAX]
    return [
        News(at=one.at, about=str(ABOUT.get(one.aspect) or _("News from Meta")), word=_readable(one.value))
        for one in newest
    ]


def _readable(value: str) -> str:
    return value.replace("_", " ").capitalize() if value.isupper() else value
