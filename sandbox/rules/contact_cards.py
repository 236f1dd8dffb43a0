"""Contact cards."""

import re
from typing import Any

from sandbox.rules.basics import a_list, an_object, missing, required, some_text, wrong

CARDS_MAX = 257
_BIRTHDAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CARD_KEYS = ("addresses", "birthday", "emails", "name", "org", "phones", "urls")
NAME_KEYS = ("formatted_name", "first_name", "last_name", "middle_name", "suffix", "prefix")
PART_KEYS = {
    "addresses": ("street", "city", "state", "zip", "country", "country_code", "type"),
    "emails": ("email", "type"),
    "phones": ("phone", "type", "wa_id", "user_id"),
    "urls": ("url", "type"),
}


def contacts(value: Any) -> None:
    """Check the list of a contacts message."""
    if value is None:
        raise required("contacts")
    for index, card in enumerate(a_list(value, "contacts", least=1, most=CARDS_MAX)):
        _card(card, f"contacts[{index}]")


def _card(value: Any, param: str) -> None:
    card = an_object(value, param, keys=CARD_KEYS)
    name = an_object(card.get("name"), f"{param}['name']", keys=NAME_KEYS)
    some_text(name.get("formatted_name"), f"{param}['name']['formatted_name']", most=1000)
    if not any(isinstance(name.get(key), str) and name[key].strip() for key in NAME_KEYS[1:]):
        raise missing(f"{param}['name'] needs at least one part besides formatted_name")
    for part, keys in PART_KEYS.items():
        for index, item in enumerate(a_list(card.get(part, []), f"{param}['{part}']", least=0, most=100)):
            fields = an_object(item, f"{param}['{part}'][{index}]", keys=keys)
            for key, text in fields.items():
                some_text(text, f"{param}['{part}'][{index}]['{key}']", most=1000, least=0)
    if "org" in card:
        an_object(card["org"], f"{param}['org']", keys=("company", "department", "title"))
    if "birthday" in card and not _BIRTHDAY.fullmatch(str(card["birthday"])):
        raise wrong(f"{param}['birthday'] must be YYYY-MM-DD")
