"""What somebody of staff may see: one kind of thing, and of it names and texts only where they were ticked."""

from enum import StrEnum
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The kinds of sight, from the narrowest on. One never holds another."""

    SETTINGS = "settings", _("settings and the state of numbers")
    LIST = "list", _("the list of conversations, without names and text")
    CHOSEN = "chosen", _("chosen conversations")


class Look(StrEnum):
    """What is looked at."""

    SETTINGS = "settings"
    LIST = "list"
    CONVERSATION = "conversation"


class Sight(models.Model):
    """Reading, never more. `conversation_ids` counts for the kind `chosen` only, and so do the two ticks."""

    kind = models.CharField(max_length=8, choices=Kind)
    names = models.BooleanField(default=False)
    bodies = models.BooleanField(default=False)
    conversation_ids = ArrayField(models.UUIDField(), default=list)

    class Meta:
        abstract = True

    def covers(self, look: Look, conversation_id: UUID | None = None) -> bool:
        """Return whether this very thing may be looked at."""
        if look is Look.CONVERSATION:
            return self.kind == Kind.CHOSEN and conversation_id in self.conversation_ids
        return conversation_id is None and self.kind == look.value


def ticks_are_for_chosen(name: str) -> models.CheckConstraint:
    """Return the constraint that ticks and ids stand with chosen conversations only."""
    none = models.Q(names=False, bodies=False, conversation_ids=[])
    return models.CheckConstraint(condition=models.Q(kind=Kind.CHOSEN) | none, name=name)
