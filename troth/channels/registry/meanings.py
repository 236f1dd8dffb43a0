"""What a provider's codes mean."""

from django.utils.translation import gettext

from troth.channels.cloud.errors import PERSON_FACTS, TABLE, rule_for
from troth.channels.cloud.meanings import Meaning, meaning_of
from troth.channels.cloud.words import text_for_code
from troth.channels.contract import PersonFact
from troth.channels.models.channel import ChannelKind


def explain(kind: str, code: int) -> str:
    """Return what a sending error means and what to do, in words for a person."""
    assert kind == ChannelKind.CLOUD
    return gettext(text_for_code(code))


def meaning(kind: str, code: int) -> Meaning:
    """Return all that there is to say of an error's code; its sentences are English, for `gettext`."""
    assert kind == ChannelKind.CLOUD
    return meaning_of(code)


def meanings() -> list[Meaning]:
    """Return what there is to say of every code that the provider has, in its order."""
    return [meaning_of(first, last=last) for first, last, _kind, _words in TABLE]


def closes_window(code: int | None) -> bool:
    """Return whether an error says that the service window is closed."""
    rule = rule_for(code) if code is not None else None
    return rule is not None and rule.kind == "WINDOW"


def person_fact(kind: str, code: int | None) -> PersonFact | None:
    """Return what a sending error tells of the person, beside the message."""
    assert kind == ChannelKind.CLOUD
    return PERSON_FACTS.get(code or 0)
