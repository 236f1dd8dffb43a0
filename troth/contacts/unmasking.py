"""Seeing one contact's numbers for a while, by saying why."""

from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from troth.audit.record import Actor, record
from troth.contacts.masking import OPEN_FOR, UNMASKED
from troth.workspaces.models import Membership

WORDS_MAX = 200


class Reason(models.TextChoices):
    """Why somebody wants to see a number."""

    CALL = "call", _("To call them")
    CHECK = "check", _("To check who this is")
    FIND = "find", _("To find them in another system")
    ASKED = "asked", _("They asked about their data")
    OTHER = "other", _("Something else")


class NoReason(Exception):
    """Nothing was said that could be written down."""


def unmask(contact_id: UUID, *, by: Membership, reason: str, words: str = "") -> None:
    """Open a contact's numbers to a member for a quarter of an hour, and write it to the access log.

    Raises: NoReason where no known reason is given, or "something else" without saying what.
    """
    said = words.strip()[:WORDS_MAX]
    if reason not in Reason.values or (reason == Reason.OTHER and not said):
        raise NoReason
    detail = {"reason": reason, "words": said, "minutes": int(OPEN_FOR.total_seconds() // 60)}
    record(UNMASKED, by=Actor.member(by.id), target=("contact", contact_id), detail=detail)
