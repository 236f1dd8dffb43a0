"""The checks that all others are made of; each names the parameter the way the platform does."""

import re
from collections.abc import Iterable
from typing import Any

from sandbox.errors import GraphError

_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


def unexpected_keys(value: dict[str, Any], param: str, allowed: Iterable[str]) -> None:
    """Refuse keys that the platform does not know."""
    for key in value:
        if key not in allowed:
            raise GraphError(100, message=f'(#100) Unexpected key "{key}" on param "{param}".')


def required(param: str) -> GraphError:
    """The platform's answer to a top-level parameter that is not there."""
    return GraphError(100, message=f"(#100) The parameter {param} is required.")


def missing(details: str) -> GraphError:
    """The platform's answer to a part that the chosen kind of message needs."""
    return GraphError(131008, details)


def wrong(details: str) -> GraphError:
    """The platform's answer to a part whose value it does not take."""
    return GraphError(131009, details)


def an_object(value: Any, param: str, *, keys: Iterable[str]) -> dict[str, Any]:
    """Return the value as an object with no other keys than these."""
    if value is None:
        raise missing(f"Parameter {param} is missing")
    if not isinstance(value, dict):
        raise GraphError(100, message=f"(#100) Param {param} must be a JSON object.")
    unexpected_keys(value, param, keys)
    return value


def a_list(value: Any, param: str, *, least: int, most: int) -> list[Any]:
    """Return the value as a list of an allowed length."""
    if value is None:
        raise missing(f"Parameter {param} is missing")
    if not isinstance(value, list):
        raise GraphError(100, message=f"(#100) Param {param} must be an array.")
    if not least <= len(value) <= most:
        raise wrong(f"{param} must have between {least} and {most} elements, got {len(value)}")
    return value


def some_text(value: Any, param: str, *, most: int, least: int = 1) -> str:
    """Return the value as text of an allowed length; blank text counts as none.

    Raises: GraphError 100, as the platform words a top-level text.
    """
    if value is None or (isinstance(value, str) and least and not value.strip()):
        raise required(param)
    if not isinstance(value, str):
        raise GraphError(100, message=f"(#100) Param {param} must be a string.")
    if len(value) > most:
        raise GraphError(100, message=f"(#100) Param {param} must be at most {most} characters long.")
    return value


def a_label(value: Any, what: str, *, most: int) -> str:
    """Return the value as a short text inside an interactive message.

    Raises: GraphError 131008 when missing, 131009 when empty or too long.
    """
    if value is None:
        raise missing(f"{what} is missing")
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise wrong(f"{what} length invalid. Min length: 1, Max length: {most}")
    return value


def one_of(value: Any, param: str, choices: Iterable[str]) -> str:
    """Return the value if it is one of the choices."""
    options = tuple(choices)
    if value not in options:
        listed = ", ".join(option.upper() for option in options)
        raise GraphError(100, message=f'(#100) Param {param} must be one of {{{listed}}} - got "{value}".')
    return str(value)


def a_flag(value: Any, param: str) -> bool:
    """Return the value as true or false; the platform also takes the words."""
    if value in (True, False, "true", "false"):
        return value in (True, "true")
    raise GraphError(100, message=f"(#100) Param {param} must be a boolean.")


def an_address(value: Any, param: str, *, most: int = 2000) -> str:
    """Return the value as a web address."""
    if not isinstance(value, str) or len(value) > most or not _ADDRESS.fullmatch(value):
        raise GraphError(100, message=f"(#100) Param {param} is not a valid URI.")
    return value


def a_number(value: Any, param: str, *, least: float, most: float) -> float:
    """Return the value, a number or a number in a string, if it lies within the bounds."""
    try:
        number = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else None
    except ValueError:
        number = None
    if number is None or not least <= number <= most:
        raise GraphError(100, message=f"(#100) Param {param} must be a number between {least:g} and {most:g}.")
    return number
