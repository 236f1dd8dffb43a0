"""Files of conversations: each sealed under the workspace's key and bound to its own name, before it goes to wherever files
are kept (a folder, or a bucket).

Names are ids, with a word for what was made of the file ("preview"), or for a piece of it that came before the rest
("piece7"). Files are reached through `files()`, which is made within a scope and used outside: where they lie may be far away,
and no transaction waits for that.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings

from troth.base.sealed_files import SealedReader, SealedWriter
from troth.base.sealing import Ring, ring
from troth.media.bucket import Bucket
from troth.media.bucket_calls import Place
from troth.media.folder import Folder
from troth.media.keeping import Store, StoreAway
from troth.workspaces.scope import current_workspace_id

__all__ = ["PARTS", "PREVIEW", "WHOLE", "Files", "StoreAway", "files", "keeper", "piece", "remove_all"]

WHOLE, PREVIEW = "whole", "preview"
PARTS = (WHOLE, PREVIEW)
_PART = re.compile(r"whole|preview|piece\d{1,3}")
_NAME = re.compile(r"(?P<workspace>[0-9a-f-]{36})/[0-9a-f]{2}/(?P<id>[0-9a-f-]{36})\.(?:whole|preview|piece\d{1,3})")


class Files:
    """The files of one workspace, also once its scope is left."""

    def __init__(self, workspace_id: UUID, keys: Ring) -> None:
        self._workspace, self._keys = workspace_id, keys

    def prepare(self) -> None:
        """Ask what has to be known before the first file can be written: `writer` asks nobody then, and may be called where
        no call may be waited for. Raises: StoreAway."""
        keeper().prepare()

    def writer(self, id: UUID, part: str = WHOLE) -> SealedWriter:
        """Return what takes the bytes of a file; a context that keeps them when it ends well. Raises: StoreAway, when it
        ends."""
        name = name_of(self._workspace, id, part)
        return SealedWriter(keeper().target(name), keys=self._keys, name=_bound(self._workspace, id, part))

    def reader(self, id: UUID, part: str = WHOLE) -> SealedReader:
        """Return what reads a file from any place in it. Raises: FileNotFoundError, Unreadable, StoreAway."""
        name = name_of(self._workspace, id, part)
        return SealedReader(keeper().source(name), keys=self._keys, name=_bound(self._workspace, id, part))

    def remove(self, ids: Iterable[UUID]) -> None:
        """Delete files with all that was made of them. One that is gone already is no trouble. Raises: StoreAway."""
        keeper().remove(beginning(self._workspace, id) for id in ids)

    def remove_pieces(self, id: UUID) -> None:
        """Delete the pieces that a file came in. Raises: StoreAway."""
        keeper().remove([f"{beginning(self._workspace, id)}piece"])


def files() -> Files:
    """Return the files of the workspace in scope. They are used once the scope is left."""
    return Files(current_workspace_id(), ring())


def piece(number: int) -> str:
    """Return the word for a piece of a file that comes in pieces."""
    return f"piece{number}"


def remove_all(workspace_id: UUID) -> None:
    """Delete all files of a workspace; for when the workspace itself is forgotten. Outside of scopes. Raises: StoreAway."""
    keeper().remove([f"{workspace_id}/"])


def keeper() -> Store:
    """Return what keeps files on this installation."""
    return in_bucket() if settings.MEDIA_IN == "bucket" else in_folder()


def in_folder() -> Folder:
    """Return the folder, whether or not it is the one that is used."""
    return Folder(Path(settings.HOME) / "media")


def in_bucket() -> Bucket:
    """Return the bucket of the settings, whether or not it is the one that is used."""
    return _bucket(settings.MEDIA_BUCKET, Path(settings.HOME), settings.MEDIA_GENERATION)


@lru_cache(maxsize=2)
def _bucket(place: Place, spool: Path, generation: str) -> Bucket:
    return Bucket(place, spool=spool, generation=generation)


def name_of(workspace_id: UUID, id: UUID, part: str) -> str:
    """Return the name under which a file is kept."""
    assert _PART.fullmatch(part)
    return f"{beginning(workspace_id, id)}{part}"


def owner_of(name: str) -> tuple[UUID, UUID] | None:
    """Return the workspace and the id that a name is of, None for one that we never gave."""
    found = _NAME.fullmatch(name)
    return (UUID(found["workspace"]), UUID(found["id"])) if found else None


def beginning(workspace_id: UUID, id: UUID) -> str:
    """Return what the names of a file and of all that was made of it begin with."""
    # The last digits of an id are random: no folder grows too full.
    return f"{workspace_id}/{id.hex[-2:]}/{id}."


def _bound(workspace_id: UUID, id: UUID, part: str) -> str:
    return f"{workspace_id}/{id}/{part}"
