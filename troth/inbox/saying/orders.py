"""How an order stands that a customer was asked to pay in WhatsApp."""

from django.utils.translation import gettext as _

from troth.channels.contract import Content
from troth.inbox.outbox import CannotSend
from troth.inbox.saying.said import Framed, interactive

ORDER_STATUSES = ("processing", "partially_shipped", "shipped", "completed", "canceled")


class OrderStatus(Framed, tag="order_status"):
    """News of an order, named as in the message that asked for its payment."""

    reference: str = ""
    status: str = ""
    description: str = ""

    def content(self) -> Content:
        if not self.reference.strip():
            raise CannotSend(_("Say which order: the reference that it had when the payment was asked for."))
        if self.status not in ORDER_STATUSES:
            raise CannotSend(_("Choose how the order stands."))
        said = self.description.strip()
        order = {"status": self.status, **({"description": said} if said else {})}
        parameters = {"reference_id": self.reference.strip(), "order": order}
        return interactive(self, {"action": {"name": "review_order", "parameters": parameters}})
