"""What this package registers with the floors below when the app is ready."""

from troth.privacy.rights import look, telling, whatsapp
from troth.ui.slots import register_details, register_pages


def begin() -> None:
    """Listen for requests in WhatsApp, and take our places on the screens."""
    whatsapp.listen()
    telling.declare()
    look.register()
    register_details("privacy/rights/_panel.html")
    register_pages("rights", under="settings")
