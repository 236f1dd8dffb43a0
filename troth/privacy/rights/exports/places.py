"""Where copies lie: a private folder beside the other data, one folder an export, nothing in it in clear."""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from troth.base.sealing import INSTALLATION, Ring, ring
from troth.privacy.models import DataImport, Export, ExportProgress


def root() -> Path:
    """Return the folder of all copies."""
    return Path(settings.HOME) / "exports"


def ring_of(export: ExportProgress) -> Ring:
    """Return the keys under which an export is sealed: its workspace's, or the installation's for a person's."""
    return ring(str(export.workspace_id)) if isinstance(export, Export) else ring(INSTALLATION)


def folder_of(export: ExportProgress) -> Path:
    """Return the folder of one export. Names are ids."""
    owner = str(export.workspace_id) if isinstance(export, Export) else "people"
    return root() / owner / str(export.pk)


def file_of(export: ExportProgress) -> Path:
    """Return where the finished copy lies."""
    return folder_of(export) / "copy.sealed"


def forget(export: ExportProgress) -> None:
    """Delete all that lies on the disk of an export."""
    shutil.rmtree(folder_of(export), ignore_errors=True)


def forget_workspace(workspace_id: UUID) -> None:
    """Delete all copies of a workspace from the disk; for when the workspace itself is forgotten."""
    shutil.rmtree(root() / str(workspace_id), ignore_errors=True)


def import_file(taken: DataImport) -> Path:
    """Return where the file of an import lies, sealed under the workspace's keys."""
    return root() / str(taken.workspace_id) / "in" / f"{taken.pk}.sealed"
