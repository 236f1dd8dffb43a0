"""Values as they stand in the cells of a table: text, and never something that a spreadsheet would run.

Source: OWASP, CSV Injection (read 2026-11-22).
"""

import json
from typing import Any

from troth.base.phones import NotAPhone, Phone

# What makes a spreadsheet take a cell for a formula, in the forms that it folds to these too.
_RUNS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u2212")
_UNSEEN = " \u00a0\u3000\ufeff\u200b"


def text_of(value: Any) -> str:
    """Return a value as text. Lists and objects are JSON; nothing is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return whole(json.dumps(value, ensure_ascii=False))
    return whole(str(value))


def safe(value: Any) -> str:
    """Return a value as the text of a cell that no spreadsheet runs. A phone number and a plain number stay as they are."""
    text = text_of(value)
    if not isinstance(value, str) or not text.lstrip(_UNSEEN).startswith(_RUNS) or _is_phone(text):
        return text
    return f"'{text}"


def whole(text: str) -> str:
    """Return a text without halves of characters, which no table can hold."""
    return text.encode("utf-8", "replace").decode() if any("\ud800" <= one <= "\udfff" for one in text) else text


def _is_phone(text: str) -> bool:
    if not (text.startswith("+") and text[1:].isascii() and text[1:].isdigit()):
        return False
    try:
        return str(Phone.parse(text)) == text
    except NotAPhone:
        return False
