"""How often one address of the internet may ask for pages that open by a secret, and the heads that keep such pages quiet."""

from typing import TypeVar

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase

from troth.base.clock import now

EVERY_S, TIMES_MAX = 600, 60
Answer = TypeVar("Answer", bound=HttpResponseBase)


class TooOften(Exception):
    """This visitor asked too often in the last minutes."""


def once_more(request: HttpRequest, what: str) -> None:
    """Count a visit. Guessing 256 bits is hopeless; this keeps the attempt from being a burden. Raises: TooOften."""
    slot = int(now().timestamp()) // EVERY_S
    key = f"privacy:{what}:{get_adapter(request).get_client_ip(request)}:{slot}"
    cache.add(key, 0, timeout=2 * EVERY_S)
    if cache.incr(key) > TIMES_MAX:
        raise TooOften


def quiet(answer: Answer) -> Answer:
    """Return the answer with heads that keep its address from search engines, caches and other sites."""
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
