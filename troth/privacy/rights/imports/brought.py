"""What an import brings, what it leaves out and why, and what differs afterwards from what was exported.

Exporting again gives the same rows, but for the fields listed here and for ids, which are all moved by one number: the
workspace that was exported may still be here. The order of ids stays.
"""

from collections.abc import Sequence

from django.db import models

from troth.inbox.models import Message, Reaction
from troth.privacy.rights.exports import walk
from troth.privacy.rights.exports.walk import Part

LEFT_OUT = {
    "workspaces.Workspace": "the workspace that is there keeps its id, its handle and its name",
    "workspaces.Invitation": "an invitation opens a door, and a file may open none",
    "audit.Entry": "a chain is evidence of the workspace in which it grew",
    "privacy.Export": "the copies themselves are not in a copy",
    "inbox.Tally": "it counts what came where it was counted",
    "privacy.DataImport": "the imports themselves are not in a copy",
    "support.Grant": "a grant lets staff look, and a file may let nobody look",
    "support.HelpRequest": "a request for help stands with those who answer it, and a file asks nobody",
    "support.HelpMessage": "what was said about it stands there too",
    "channels.SendingStop": "whoever runs an installation stops sending in it, and a file neither stops nor lifts that",
    "inbox.ScheduledMessage": "what waited for its time is said by people, and a file may say nothing",
    "channels.DueAlert": "it is a mail that is about to be sent, and was sent there",
    "channels.PhoneSync": "it says what a phone handed over there, and is asked anew once the number is connected",
    "channels.TemplateSync": "it says what was read where, and the account is read anew once it is connected",
    "privacy.RetentionRule": "a rule deletes, and a file may delete nothing",
    "privacy.Hold": "a hold counts by the yes of a second person, and a file cannot say yes for anybody",
    "privacy.HeldRecord": "what a hold is on goes with the hold",
    "privacy.UsageCount": "counts say how the product was used where it was counted",
}
DIFFERS = {
    "workspaces.Membership.removed_at": "nobody becomes a member by a file: all stand as former members",
    "channels.Channel.removed_at": "a number comes without its secrets, so it stands as removed until it is connected again",
    "contacts.Contact.erasing_at": "who is being forgotten is not in a copy; nobody is forgotten by a file either",
    "contacts.Identity.hash_form": "a hash is made anew from its value, in the form of today",
    "inbox.Conversation.unread": "nothing that is brought is news",
    "inbox.Attachment.state": "what waited to be fetched, or to leave, does so no more: it is here or it is not",
    "inbox.Attachment.reason": "as its state says",
    "inbox.Attachment.copy_of": "nothing is still to be made: its bytes are brought or they are not",
    "inbox.Attachment.next_attempt_at": "nothing is tried again: its number has no token",
    "inbox.Message.status": "what waited to be sent is not sent: it stands as not sure (30)",
    "inbox.Message.next_attempt_at": "nor is it tried again",
    "inbox.Message.lane": "nor does a lane hold it",
}
# Ids that are not rows of ours, and so are not moved.
VERBATIM = {("inbox.Message", "client_id")}
# Rows that need others, although no key says so: a reaction hangs on its message by the message's keyed hash.
AFTER: "dict[type[models.Model], type[models.Model]]" = {Reaction: Message}
# What a workspace has before anything was brought.
FOUNDING = {"workspaces.Membership", "accounts.User", "privacy.Intake"}


def parts() -> list[Part]:
    """Return the parts that an import brings, each after those that its rows point to."""
    wanted = {part.model: part for part in walk.of_workspace() if part.label not in LEFT_OUT}
    ordered: list[Part] = []
    while wanted:
        free = [part for model, part in wanted.items() if not _points_to(model, wanted)]
        ordered += sorted(free, key=lambda part: part.key)
        for part in free:
            del wanted[part.model]
        assert free, "the tables point at each other in a circle"
    return ordered


def own_keys(part: Part) -> Sequence[str]:
    """Return the names of the keys by which rows of a part point to each other."""
    return [
        field.name
        for field in part.model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.model is part.model
    ]


def _points_to(model: type[models.Model], others: "dict[type[models.Model], Part]") -> bool:
    if AFTER.get(model) in others:
        return True
    return any(
        isinstance(field, models.ForeignKey)
        and field.remote_field.model in others
        and field.remote_field.model is not model
        for field in model._meta.local_fields
    )
