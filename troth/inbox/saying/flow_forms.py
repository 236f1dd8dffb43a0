"""A form (Flow) of the business, and the values with which it is opened."""

import math
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from troth.channels.contract import Content
from troth.inbox.outbox import CannotSend
from troth.inbox.saying.said import Headed, interactive


class Given(Struct, forbid_unknown_fields=True):
    """A value with which a form is opened: `kind` is string, number or boolean."""

    name: str = ""
    kind: str = "string"
    value: str = ""

    def typed(self) -> str | float | bool:
        """Return the value as what it is. Raises: CannotSend."""
        said = self.value.strip()
        if self.kind == "boolean":
            return said == "true"
        if self.kind != "number":
            return said
        try:
            number = float(said)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise CannotSend(_("%(name)s has to be a number.") % {"name": self.name})
        return int(number) if number.is_integer() else number


class FlowForm(Headed, tag="flow"):
    """A button that opens a form (Flow) of the business: at a `screen` with `values`, or, where it asks the business for its
    data (`asks_us`), wherever that says."""

    label: str = ""
    flow_id: str = ""
    asks_us: str = ""
    screen: str = ""
    values: list[Given] = []

    def content(self) -> Content:
        if not self.flow_id.strip():
            raise CannotSend(_("Choose the form that the button opens."))
        data: dict[str, Any] = {"label": self.label.strip(), "flow_id": self.flow_id.strip(), "token": "unused"}
        values = {one.name: one.typed() for one in self.values if one.name and one.value.strip()}
        if self.asks_us:
            data |= {"action": "data_exchange"}
        elif self.screen.strip() and values:
            data |= {"action": "navigate", "screen": self.screen.strip(), "values": values}
        return interactive(self, data)
