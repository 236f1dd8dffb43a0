"""What an event of Resend's says, in anymail's words."""

from typing import Any

from anymail.webhooks.resend import ResendTrackingWebhookView
from django.http import HttpRequest
from django.views.generic import View


class Events(ResendTrackingWebhookView):  # type: ignore[misc]  # anymail has no types
    """anymail's reader of Resend's events; who sent them is checked before, by our own keys."""

    def __init__(self) -> None:
        View.__init__(self)


def event_of(told: dict[str, Any], request: HttpRequest) -> tuple[str, str | None]:
    """Return what happened and to whom. Raises: ValueError, KeyError, TypeError, AttributeError, for what is no event."""
    event = Events().esp_to_anymail_event(told, request)
    return event.event_type, event.recipient
