"""The certificate: what was deleted, what is kept, why and until when. It holds ids, dates and counts, and no names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from troth.privacy.datamap.shown import Shown
from troth.privacy.forgetting import plan
from troth.privacy.models import Erasure, ErasureState, SubjectKind

# What a table's rows are called, for people. A table that is not here is called by its model's own words.
WORDS: dict[str, Any] = {
    "contacts.Contact": gettext_lazy("Person: name, profile name, user name"),
    "contacts.Identity": gettext_lazy("Numbers and WhatsApp ids"),
    "contacts.Consent": gettext_lazy("Facts about consent"),
    "contacts.Merge": gettext_lazy("Which contacts were merged"),
    "contacts.Likeness": gettext_lazy("Suggestions to merge"),
    "inbox.Conversation": gettext_lazy("Conversations"),
    "inbox.Message": gettext_lazy("Messages, with their words in search"),
    "inbox.Attachment": gettext_lazy("Files of messages"),
    "inbox.Reaction": gettext_lazy("Reactions"),
    "inbox.Activity": gettext_lazy("Lines in threads: assigned, closed, calls"),
    "inbox.Block": gettext_lazy("Who was blocked in WhatsApp"),
    "inbox.Draft": gettext_lazy("Drafts"),
    "inbox.ScheduledMessage": gettext_lazy("Scheduled messages"),
    "inbox.Gap": gettext_lazy("Deliveries that could not be shown"),
    "inbox.PendingChange": gettext_lazy("Facts that waited for their message"),
    "channels.ChannelNotice": gettext_lazy("Notices about a number that named the person"),
    "ingest.Delivery": gettext_lazy("Deliveries that could not be read"),
    "audit.Entry": gettext_lazy("Details in the audit log, erased; its ids stay"),
}


@dataclass(frozen=True)
class Counted:
    """What was deleted of one kind."""

    what: str
    count: int


@dataclass(frozen=True)
class Kept:
    """Something that is kept: why, and until when in words."""

    what: str
    why: str
    until: str


@dataclass(frozen=True)
class Certificate:
    """All that a certificate says, ready to be shown. Instants are in UTC."""

    number: str
    about: str
    subject: str
    requested_at: datetime
    purged_at: datetime | None
    backups_until: datetime | None
    backups_are_gone: bool
    deleted: list[Counted]
    kept: list[Kept]


def certificate_of(erasure: Erasure) -> Certificate:
    """Return the certificate of an erasure that is done."""
    return Certificate(
        number=str(erasure.id),
        about=str(SubjectKind(erasure.subject_kind).label),
        subject=str(erasure.subject_id),
        requested_at=erasure.requested_at,
        purged_at=erasure.purged_at,
        backups_until=erasure.backups_until,
        backups_are_gone=erasure.state == ErasureState.CERTIFIED,
        deleted=[Counted(word_for(label), count) for label, count in sorted(erasure.counts.items())],
        kept=_kept(erasure),
    )


def word_for(label: str) -> str:
    """Return what the rows of a table are called."""
    words = WORDS.get(label)
    return str(words or apps.get_model(label)._meta.verbose_name_plural.capitalize())


def _kept(erasure: Erasure) -> list[Kept]:
    of_a_person = erasure.subject_kind == SubjectKind.CONTACT
    end = _("the workspace is deleted") if of_a_person else _("this installation is taken down")
    kept = [
        Kept(
            _("Backups of the database, sealed"),
            _("They are replaced day by day. One that is restored before then forgets again, before it opens."),
            _("the day given above"),
        ),
        Kept(
            _("This certificate, and an entry in the journal of deletions"),
            _("To prove that it was done, and to do it again after a restore. Ids, dates and counts, no names."),
            end,
        ),
        Kept(
            _("Who did and saw what, in the audit log"),
            _("Evidence of access. Ids and verbs; details were erased from it."),
            end,
        ),
    ]
    if of_a_person:
        what = _("A keyed fingerprint of each number and id")
        why = _("So that no import, sync or old message brings the person back. No number can be read from it.")
        kept.append(Kept(what, why, end))
        kept += _blocked(erasure)
    if erasure.subject_kind != SubjectKind.MEMBER:
        kept += _registers()
    return kept


def _blocked(erasure: Erasure) -> list[Kept]:
    """Say where WhatsApp did not end a block: its list still holds the person's number."""
    left = erasure.facts.get("blocks_left")
    if not left:
        return []
    what = ngettext(
        "The person's number in WhatsApp's own list of blocked people, for %(count)s of your numbers",
        "The person's number in WhatsApp's own list of blocked people, for %(count)s of your numbers",
        left,
    ) % {"count": left}
    why = _("WhatsApp did not end the block when it was asked. Nothing here knows any more who that is.")
    return [Kept(what, why, _("you unblock them in WhatsApp Manager"))]


def _registers() -> list[Kept]:
    """Name the installation's registers, whether or not they name the subject: the law may forbid to say that yet."""
    shown = [Shown(model._meta.label, plan.said_of(model)) for model in plan.registers()]
    return [Kept(str(one.title), one.forgotten, _("this installation is taken down")) for one in shown]
