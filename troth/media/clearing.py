"""Deleting the files whose rows are gone."""

from uuid import UUID

from troth.media import store
from troth.media.models import Condemned
from troth.workspaces.scope import scope

AT_ONCE = 500


def clear(workspace_id: UUID) -> int:
    """Delete what is condemned in a workspace; return how many files. To be called outside of scopes, safe to repeat and
    to be cut short: the note of a file goes after the file. Raises: StoreAway; then what is left is noted still."""
    gone = 0
    while True:
        with scope(workspace_id):
            ids = list(Condemned.objects.order_by("id").values_list("id", flat=True)[:AT_ONCE])
            files = store.files() if ids else None
        if files is None:
            return gone
        files.remove(ids)
        with scope(workspace_id):
            Condemned.objects.filter(id__in=ids).delete()
        gone += len(ids)
