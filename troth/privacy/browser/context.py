"""Whether a page has to ask about cookies. Where nothing is optional no page ever does."""

from typing import Any

from django.http import HttpRequest

from troth.base.consent import must_ask

QUESTION = "privacy/browser/_question.html"


def cookie_question(request: HttpRequest) -> dict[str, Any]:
    """Return the template with the question, where it is to be asked."""
    return {"cookie_question": QUESTION} if must_ask(request) else {}
