"""A copy on its way in: sealed as it arrives, piece by piece, so that it is never in clear on a disk."""

import os
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload

from troth.audit.record import Actor, record
from troth.base.ids import new_id
from troth.base.sealed_files import SealedWriter
from troth.base.sealing import INSTALLATION, ring
from troth.base.whole_files import private_folder
from troth.privacy.models import DataImport, ImportState
from troth.privacy.rights.exports import places
from troth.privacy.rights.imports.job import UNDER_WAY, defer
from troth.privacy.rights.imports.restoring import is_empty
from troth.workspaces.models import Membership

BYTES_MAX = 4 * 1024**3
ADDRESS_ENDS = "/privacy/import/"


class NotEmpty(Exception):
    """The workspace holds data, or another copy is being restored."""


class SealedFile(UploadedFile):
    """A file that arrived and was sealed. Unless somebody takes it, it is gone when the request ends."""

    def __init__(self, id: UUID, path: Path, *, size: int) -> None:
        super().__init__(file=None, name="copy.zip", content_type="application/zip", size=size)
        self.id, self.path = id, path

    def close(self) -> None:
        self.path.unlink(missing_ok=True)


class SealedUploads(FileUploadHandler):
    """Takes files that are posted to the import page, and leaves all others to the handlers after it."""

    _writer: SealedWriter | None = None
    _takes = False

    def handle_raw_input(
        self, input_data: Any, META: dict[str, Any], content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self._takes = self.request is not None and self.request.path.endswith(ADDRESS_ENDS)
        if self._takes and content_length > BYTES_MAX:
            raise StopUpload(connection_reset=True)

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        if self._takes:
            self._id = new_id()
            self._path = places.root() / "arriving" / str(self._id)
            self._writer = SealedWriter(self._path, keys=ring(INSTALLATION), name=str(self._id))
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self._writer is None:
            return raw_data
        self._writer.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self._writer is None:
            return None
        writer, self._writer = self._writer, None
        writer.finish()
        return SealedFile(self._id, self._path, size=file_size)

    def upload_interrupted(self) -> None:
        if self._writer is not None:
            self._writer.abandon()


def take(file: SealedFile, *, by: Membership) -> DataImport:
    """Let a file that arrived be restored into the workspace in scope, if that is empty. Raises: NotEmpty."""
    if not is_empty() or DataImport.objects.filter(state__in=UNDER_WAY).exists():
        raise NotEmpty
    taken = DataImport.objects.create(id=file.id, made_by=by, state=ImportState.WAITING)
    path = places.import_file(taken)
    private_folder(path.parent)
    os.replace(file.path, path)
    record("import.begun", by=Actor.member(by.pk), target=("import", taken.pk))
    defer(taken)
    return taken
