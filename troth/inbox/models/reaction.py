"""An emoji on a message."""

from django.db import models

from troth.base.fields import HashField, SealedText
from troth.base.registry import declares
from troth.workspaces.models import SameWorkspaceKey, WorkspaceModel


@declares(
    subject="contact",
    reach="reactor",
    purpose="talk",
    keep="talk",
    export="reactions",
    customer="emoji",
    ops="id workspace channel target_hash reactor at order_hash",
)
class Reaction(WorkspaceModel):
    """The newest reaction of one person (or of us: `reactor` None) on one message; `emoji` None means taken away.

    It hangs on the message's keyed id, not its row, since it may arrive first.
    """

    channel = SameWorkspaceKey("channels.Channel", related_name="+")
    target_hash = HashField()
    reactor = SameWorkspaceKey("contacts.Contact", null=True, on_delete=models.CASCADE, related_name="+")
    emoji = SealedText(null=True)
    at = models.DateTimeField()
    order_hash = HashField()

    class Meta(WorkspaceModel.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "channel", "target_hash", "reactor"],
                name="inbox_reaction_once",
                nulls_distinct=False,
            )
        ]
