"""What a person chose about one kind of mail."""

from typing import ClassVar

from django.db import models

from troth.base.fields import IdField
from troth.base.registry import declares


@declares(
    subject="member",
    reach="user",
    purpose="notice",
    keep="account",
    export="mail choices",
    account="on",
    ops="id user kind told_until",
    clear={"on": "a preference, not personal by itself"},
)
class MailChoice(models.Model):
    """Whether a kind of mail comes to a person. Without a row the kind's own default holds.

    `told_until` is the instant up to which a digest has told its news, so that none is told twice.
    """

    id = IdField()
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="mail_choices")
    kind = models.CharField(max_length=40)
    on = models.BooleanField()
    told_until = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["MailChoice"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="accounts_mailchoice_once")]
        indexes = [models.Index(fields=["kind", "on"], name="accounts_mailchoice_wanted")]
