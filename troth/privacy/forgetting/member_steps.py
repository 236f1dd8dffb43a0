"""The steps by which an account's data go. The ids of what the person did stay, without a name."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from django.db import connection

from troth.accounts.models import QueuedMail, Session, User
from troth.audit.record import erase_details
from troth.base import tombstones
from troth.base.registry import Subject
from troth.base.sealing import INSTALLATION, store
from troth.channels.models import ChannelMember
from troth.inbox.models import Attachment, Draft, ScheduledMessage
from troth.privacy.forgetting import plan
from troth.privacy.forgetting.purge import Batch, Step
from troth.privacy.models import Erasure
from troth.workspaces.models import Invitation, Membership, TeamMember
from troth.workspaces.scope import scope

WORKSPACES = 50  # looked through in one transaction
MAILS = 200
AWAY = "@forgotten.invalid"


def steps() -> Sequence[Step]:
    """Return the steps in their order."""
    own = [model for model in plan.models_about(Subject.MEMBER) if plan.workspace_column(model) is None]
    return [
        Step("tombstone", _bury),
        Step("workspaces", _workspaces),
        Step("mails", _mails),
        *(Step(f"rows of {model._meta.label}", partial(_rows, model)) for model in own if model is not User),
        Step("person", _blank),
    ]


def _bury(erasure: Erasure) -> Batch:
    tombstones.append(
        tombstones.Tombstone(
            kind=tombstones.Kind.MEMBER,
            subject_id=erasure.subject_id,
            workspace_id=None,
            erased_at=erasure.requested_at,
        )
    )
    return Batch()


def _workspaces(erasure: Erasure) -> Batch:
    """Delete in some workspaces what the person began to write, where they had places, and invitations to them."""
    address = User.objects.values_list("email", flat=True).get(id=erasure.subject_id)
    rings = [name for name in sorted(store().rings()) if name != INSTALLATION and name > erasure.cursor]
    counts: dict[str, int] = {}
    for name in rings[:WORKSPACES]:
        with scope(UUID(name)):
            for label, count in forget_in_workspace(erasure.subject_id, address).items():
                counts[label] = counts.get(label, 0) + count
    done = len(rings) <= WORKSPACES
    return Batch(counts, cursor="" if done else rings[WORKSPACES - 1], done=done)


def forget_in_workspace(user_id: UUID, address: str) -> dict[str, int]:
    """Delete in the workspace in scope what somebody began to write, their places, invitations to them, and what the
    audit chain says of them; return how much of each."""
    ids = list(Membership.objects.filter(user_id=user_id).values_list("id", flat=True))
    sent = [one.id for one in Invitation.objects.only("id", "email") if one.email.lower() == address]
    gone = {
        "inbox.Draft": Draft.objects.filter(member__in=ids),
        "inbox.Attachment": Attachment.objects.filter(uploader__in=ids),  # chosen and not sent
        "inbox.ScheduledMessage": ScheduledMessage.objects.filter(author__in=ids),
        "workspaces.TeamMember": TeamMember.objects.filter(membership__in=ids),
        "channels.ChannelMember": ChannelMember.objects.filter(membership__in=ids),
        "workspaces.Invitation": Invitation.objects.filter(id__in=sent),
    }
    counts = {label: rows.delete()[0] for label, rows in gone.items()}
    counts["audit.Entry"] = sum(erase_details(target=("member", id)) for id in ids)
    return {label: count for label, count in counts.items() if count}


def _mails(erasure: Erasure) -> Batch:
    """Delete mails to the person that still wait, and forget those that were delivered with the rest."""
    address = User.objects.values_list("email", flat=True).get(id=erasure.subject_id)
    waiting = QueuedMail.objects.filter(message__isnull=False).order_by("id")
    some = list((waiting.filter(id__gt=UUID(erasure.cursor)) if erasure.cursor else waiting)[:MAILS])
    theirs = [mail.id for mail in some if address.encode() in bytes(mail.message).lower()]
    QueuedMail.objects.filter(id__in=theirs).delete()
    done = len(some) < MAILS
    counts = {"accounts.QueuedMail": len(theirs)} if theirs else {}
    return Batch(counts, cursor="" if done else str(some[-1].id), done=done)


def _rows(model: plan.Model, erasure: Erasure) -> Batch:
    rows = model._default_manager.filter(plan.rows_of(model, [erasure.subject_id]))
    ids = list(rows.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        column = model._meta.pk.column
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE "{column}" = ANY(%s)', [ids])  # noqa: S608
    return Batch({model._meta.label: len(ids)} if ids else {})


def _blank(erasure: Erasure) -> Batch:
    """Leave of the person an id that can do nothing: what they did keeps an author."""
    Session.objects.filter(user_id=erasure.subject_id).delete()
    user = User.objects.get(id=erasure.subject_id)
    user.email, user.name, user.phone = f"{user.id}{AWAY}", "", None
    user.language, user.theme, user.last_login, user.is_active = "", "system", None, False
    user.terms_version, user.terms_accepted_at = "", None
    user.set_unusable_password()
    user.save()
    return Batch({"accounts.User": 1})
