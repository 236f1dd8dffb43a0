"""Deleting a workspace: closed at once, its numbers let go, undone for seven days, then purged with its keys."""

import logging
import secrets
from uuid import UUID

from django.db import transaction

from troth.audit.record import Actor, record
from troth.base.clock import now
from troth.base.ids import new_id
from troth.base.logs import ID, declare, event
from troth.base.sealing import INSTALLATION, ring
from troth.channels import changing, connecting, registry
from troth.channels.contract import NOT_WANTED
from troth.channels.link import Link
from troth.channels.models import Channel
from troth.inbox.models import Message, MessageStatus
from troth.privacy.forgetting.contacts import TooLate
from troth.privacy.forgetting.deadlines import UNDO
from troth.privacy.forgetting.purge import locked
from troth.privacy.models import Erasure, ErasureState, SubjectKind
from troth.realtime.pokes import poke_all
from troth.workspaces.members import lock_members
from troth.workspaces.models import Membership, Role, Workspace
from troth.workspaces.scope import scope

TOKEN_PLACE = "privacy_erasure.token_hash"  # noqa: S105  # a column

log = logging.getLogger(__name__)
declare("closing.number_not_told", level=logging.WARNING, channel_id=ID)


def request_erasure(workspace_id: UUID, *, by: Actor, case_id: UUID | None = None, has_keys: bool = True) -> Erasure:
    """Close a workspace at once and let it be purged after the undo time. Outside of any scope. The caller has made sure
    that it is an owner who asks.

    Numbers are let go here and now, with their secrets; Meta is told after the commit. Asking again returns the same.
    Without `has_keys`, nothing sealed is read and numbers stay as they are: only after a restore, when Meta was told and
    the keys were destroyed already.
    """
    with transaction.atomic():
        if (running := running_of(workspace_id)) is not None:
            return running
        at, token = now(), secrets.token_urlsafe(32)
        erasure = Erasure(
            id=new_id(),
            subject_kind=SubjectKind.WORKSPACE,
            subject_id=workspace_id,
            case_id=case_id,
            requested_at=at,
            actor_kind=by.kind,
            actor_id=by.id,
            undo_until=at + UNDO,
            token=token,
            token_hash=token_hash(token),
        )
        with scope(workspace_id):
            lock_members()
            links = _close(at, has_keys=has_keys)
            owners = Membership.objects.filter(role=Role.OWNER, removed_at=None).values_list("user_id", flat=True)
            erasure.facts = {"owners": sorted(str(id) for id in owners)}
            record("workspace.erasure_requested", by=by, target=("workspace", workspace_id))
        erasure.save(force_insert=True)
        transaction.on_commit(lambda: _tell_meta(links))
    return erasure


def undo(workspace_id: UUID, *, by: Actor) -> None:
    """Open a closed workspace again. Its numbers have to be connected again. Raises: TooLate, Erasure.DoesNotExist."""
    with transaction.atomic():
        found = running_of(workspace_id)
        if found is None:
            raise TooLate
        erasure = locked(found.id, None)
        if not erasure.can_be_undone():
            raise TooLate
        erasure.state, erasure.undone_at = ErasureState.UNDONE, now()
        erasure.token, erasure.token_hash, erasure.facts = None, None, {}
        erasure.save(update_fields=["state", "undone_at", "token", "token_hash", "facts"])
        with scope(workspace_id):
            Workspace.objects.update(closing_at=None)
            record("workspace.erasure_undone", by=by, target=("workspace", workspace_id))
            poke_all([("access", workspace_id, None)], workspace_id=workspace_id)


def running_of(workspace_id: UUID) -> Erasure | None:
    """Return the erasure of a workspace that is going on. Outside of any scope."""
    return Erasure.objects.filter(
        workspace_id=None,
        subject_kind=SubjectKind.WORKSPACE,
        subject_id=workspace_id,
        state__in=[ErasureState.RESTRICTED, ErasureState.PURGING],
    ).first()


def by_token(token: str) -> Erasure | None:
    """Return the erasure whose certificate this secret opens. Outside of any scope."""
    return Erasure.objects.filter(workspace_id=None, token_hash=token_hash(token)).first()


def token_hash(token: str) -> bytes:
    """Return the keyed hash by which a certificate is found from outside."""
    return ring(INSTALLATION).index(token, place=TOKEN_PLACE)


def _close(at: object, *, has_keys: bool) -> list[Link]:
    """Stop everything in the workspace in scope, and return what it takes to tell Meta."""
    Workspace.objects.update(closing_at=at)
    Message.objects.filter(status=MessageStatus.QUEUED).update(
        status=MessageStatus.FAILED, failed_at=at, error_code=NOT_WANTED, next_attempt_at=None
    )
    if not has_keys:
        return []
    bound = list(Channel.objects.filter(removed_at=None))
    links = [connecting.link_of(channel) for channel in bound if channel.is_bound]
    for channel in bound:
        changing.remove(channel, by=None)
    return links


def _tell_meta(links: list[Link]) -> None:
    """Take our address away at Meta. Best effort: whatever still comes is dropped unread."""
    for link in links:
        try:
            registry.leave(link, heir=None)
        except Exception as failure:  # noqa: BLE001  # the workspace is closed whatever Meta or the network does
            event(log, "closing.number_not_told", channel_id=link.channel_id, exc_info=failure)
