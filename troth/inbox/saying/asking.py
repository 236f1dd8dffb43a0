"""What a customer is asked to share or to allow, and the button with which they call us.

Source: Meta, "Address messages" and "Call button messages" (read 2026-11-30): addresses are asked for in India only; a button
to call is good for 1 minute to 30 days.
"""

from django.utils.translation import gettext as _

from troth.channels.contract import Content
from troth.inbox.outbox import CannotSend
from troth.inbox.saying.said import Framed, Said, interactive

CALL_MINUTES = (60, 1440, 10_080, 43_200)


class AskPlace(Said, tag="location_request_message"):
    """Asks where somebody is."""

    def content(self) -> Content:
        return interactive(self, {})


class AskContact(Said, tag="request_contact_info"):
    """Asks for somebody's phone number."""

    def content(self) -> Content:
        return interactive(self, {})


class AskAddress(Framed, tag="address_message"):
    """Asks where something is to be delivered: a form of WhatsApp's own."""

    def content(self) -> Content:
        return interactive(self, {"action": {"name": "address_message", "parameters": {"country": "IN"}}})


class AskToCall(Said, tag="call_permission_request"):
    """Asks whether we may call somebody."""

    def content(self) -> Content:
        return interactive(self, {"action": {"name": "call_permission_request"}})


class CallButton(Said, tag="voice_call"):
    """A button with which somebody calls us within WhatsApp, for as long as it lasts."""

    label: str = ""
    minutes: str = ""

    def content(self) -> Content:
        if self.minutes not in {str(one) for one in CALL_MINUTES}:
            raise CannotSend(_("Choose how long the button works."))
        parameters = {"display_text": self.label.strip(), "ttl_minutes": int(self.minutes)}
        return interactive(self, {"action": {"name": "voice_call", "parameters": parameters}})
