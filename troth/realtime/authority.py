"""Who may hear what: asked when a stream opens, and again every few seconds for all streams at once."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db import close_old_connections, connection
from django.utils.crypto import constant_time_compare

from troth.accounts.models import Session, User
from troth.accounts.sessions import SessionStore, hashed
from troth.base.clock import now
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

Sight = Callable[[Membership], frozenset[UUID]]

_sights: list[Sight] = []


def register_sight(sight: Sight) -> None:
    """Name the function that tells which channels a member may see. The app that owns channels registers it."""
    _sights.append(sight)


@dataclass(frozen=True, slots=True)
class Pass:
    """What one stream may hear: pokes of one workspace about nothing in particular, or about these channels."""

    session_hash: str
    workspace_id: UUID
    membership_id: UUID
    channels: frozenset[UUID]

    @property
    def key(self) -> tuple[str, UUID]:
        return self.session_hash, self.membership_id

    def may_know(self, about: UUID | None) -> bool:
        """Return whether a poke about this channel may be heard."""
        return about is None or about in self.channels


class Authority:
    """Answers from the database, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="authority")

    async def admit(self, *, session_key: str, handle: str) -> Pass | None:
        """Return a pass for the member behind a session cookie, None where there is none."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _admit, session_key, handle)

    async def renew(self, passes: Sequence[Pass]) -> dict[tuple[str, UUID], Pass]:
        """Return the passes that still hold, with what they may hear now."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _renew, passes)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _admit(session_key: str, handle: str) -> Pass | None:
    close_old_connections()
    session = SessionStore(session_key)
    user_id, proof = session.get(SESSION_KEY), session.get(HASH_SESSION_KEY, "")
    user = User.objects.filter(pk=user_id, is_active=True).first() if user_id else None
    if user is None or not constant_time_compare(proof, user.get_session_auth_hash()):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, membership_id FROM workspace_enter(%s, %s)", [handle, user.pk])
        row = cursor.fetchone()
    if row is None:
        return None
    with scope(row[0]):
        return Pass(hashed(session_key), row[0], row[1], _sees(Membership.objects.get(id=row[1])))


def _renew(passes: Sequence[Pass]) -> dict[tuple[str, UUID], Pass]:
    close_old_connections()
    alive = set(
        Session.objects.alive(at=now())
        .filter(session_key__in={one.session_hash for one in passes}, user__is_active=True)
        .values_list("session_key", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT membership_id FROM memberships_alive(%s::uuid[])", [[p.membership_id for p in passes]])
        members = {row[0] for row in cursor.fetchall()}
    by_workspace: dict[UUID, set[UUID]] = defaultdict(set)
    kept = [one for one in passes if one.session_hash in alive and one.membership_id in members]
    for one in kept:
        by_workspace[one.workspace_id].add(one.membership_id)
    sees: dict[UUID, frozenset[UUID]] = {}
    for workspace, ids in by_workspace.items():
        with scope(workspace):
            sees |= {member.id: _sees(member) for member in Membership.objects.filter(id__in=ids)}
    return {
        one.key: Pass(one.session_hash, one.workspace_id, one.membership_id, sees[one.membership_id])
        for one in kept
        if one.membership_id in sees
    }


def _sees(member: Membership) -> frozenset[UUID]:
    return frozenset().union(*(sight(member) for sight in _sights))
