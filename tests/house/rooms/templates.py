"""What stands in each of the two houses of templates."""

from typing import TYPE_CHECKING

from troth.base.clock import now
from troth.channels.models import MessageTemplate, TemplateSync

if TYPE_CHECKING:
    from tests.house.two_houses import Kept


def furnish(kept: "Kept") -> None:
    """Let the account have an approved template that greets, and a look at all of them that is over.

    The account's other number is open to everybody, and its templates are the same.
    """
    text = f"Hello {{{{1}}}}, your order is here. {kept.plant('text of a template', 'members')}"
    body = {"type": "BODY", "text": text, "example": {"body_text": [["Ana"]]}}
    made = MessageTemplate.objects.create(
        account_id=kept.house.account_id,
        external_id=f"4{kept.house.number_id[1:]}",
        name="order_here",
        language="en",
        status="APPROVED",
        category="UTILITY",
        components=[body],
        advice=kept.plant("advice on a template", "members"),
        parameter_format="POSITIONAL",
    )
    TemplateSync.objects.create(account_id=kept.house.account_id, began_at=now(), ended_at=now(), seen=1)
    kept.ids["template"] = made.pk
