"""What WhatsApp has in a few countries only: it is offered where the number is of one of them, and refused with words elsewhere.

Source: Meta, "Address messages" and "Payments" (read 2026-11-30).
"""

from django.utils.translation import gettext as _

from troth.base.phones import NotAPhone, Phone
from troth.channels.contract import Content
from troth.channels.models import Channel
from troth.inbox.outbox import CannotSend

ADDRESSES = frozenset({"IN"})
PAYMENTS = frozenset({"BR", "IN"})
_WHERE = {"address_message": ADDRESSES, "order_details": PAYMENTS, "order_status": PAYMENTS}


def offered_to(display_number: str | None) -> dict[str, bool]:
    """Return what may be offered to write from a number, by what it is."""
    country = _country(display_number)
    return {"addresses": country in ADDRESSES, "orders": country in PAYMENTS}


def must_be_local(channel: Channel, content: Content) -> None:
    """Raises: CannotSend, where WhatsApp has this kind of message in other countries only."""
    where = _WHERE.get(str((content.data or {}).get("type"))) if content.kind == "interactive" else None
    if where is None:
        return
    number = Channel.objects.filter(id=channel.id).values_list("display_number", flat=True).first()
    if _country(number) in where:
        return
    if where is ADDRESSES:
        raise CannotSend(_("WhatsApp asks for addresses with numbers of India only."))
    raise CannotSend(_("WhatsApp takes orders and payments with numbers of Brazil and India only."))


def _country(display_number: str | None) -> str | None:
    try:
        return Phone.parse(display_number or "").country
    except NotAPhone:
        return None
