"""The question that keeps children out, asked so that it does not tell which answer passes.

The answer is judged and forgotten. Only the year is asked, so whoever might still be too young counts as too young.
A refusal stays with the browser, so that trying another year does not help.
"""

from django.conf import settings
from django.http import HttpRequest

from troth.base.clock import now

MARK = "signup_closed"
YEARS_BACK = 120


def is_old_enough(year_of_birth: int) -> bool:
    """Return whether somebody born in this year is surely of the age that the terms ask for."""
    return now().year - year_of_birth > settings.YEARS_OLD_MIN


def is_a_year_of_birth(year: int) -> bool:
    """Return whether anybody alive can have been born in this year."""
    return now().year - YEARS_BACK <= year <= now().year


def refuse(request: HttpRequest) -> None:
    """Close sign-up for this browser."""
    request.session[MARK] = True


def was_refused(request: HttpRequest) -> bool:
    """Return whether sign-up is closed for this browser."""
    return bool(request.session.get(MARK))
