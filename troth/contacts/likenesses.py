"""Notes that two contacts may be one person. Nobody is merged by such a note; a member decides."""

from collections.abc import Collection
from uuid import UUID

from django.db import connection
from django.db.models import Q

from troth.base.clock import now
from troth.base.ids import new_id
from troth.contacts.models import Likeness
from troth.workspaces.models import Membership
from troth.workspaces.scope import current_workspace_id


def note_likenesses(pairs: Collection[tuple[UUID, UUID, str]]) -> None:
    """Note that two contacts may be one person; each pair stands once."""
    if not pairs:
        return
    ordered = sorted(pairs)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contacts_likeness (id, workspace_id, first_id, second_id, reason, seen_at)"
            " SELECT id, %s, first, second, reason, %s"
            " FROM unnest(%b::uuid[], %b::uuid[], %b::uuid[], %s::text[]) AS new (id, first, second, reason)"
            " ON CONFLICT DO NOTHING",
            [
                current_workspace_id(),
                now(),
                [new_id() for _ in ordered],
                [first for first, _, _ in ordered],
                [second for _, second, _ in ordered],
                [reason for _, _, reason in ordered],
            ],
        )


def settle_likenesses(some: Collection[UUID], others: Collection[UUID], *, by: Membership | None) -> None:
    """Suggest no more that any of these is one person with any of those: somebody has decided."""
    between = Q(first__in=some, second__in=others) | Q(first__in=others, second__in=some)
    Likeness.objects.filter(between, settled_at=None).update(settled_at=now(), settled_by=by)
