"""Files in a folder of this machine: `<home>/media`."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from troth.base.clock import now
from troth.base.whole_files import FileSource, FileTarget
from troth.media.keeping import Kept

DRAFT_LIVES_S = 24 * 3600


class Folder:
    """Keeps files in a folder. A file is written under another name first, so that one that is there is whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def prepare(self) -> None:
        """A folder asks nobody."""

    def target(self, name: str) -> FileTarget:
        """Return what takes the bytes of a file."""
        return FileTarget(self.folder / name)

    def source(self, name: str) -> FileSource:
        """Return what gives the bytes of a file. Raises: FileNotFoundError."""
        return FileSource(self.folder / name)

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file. Raises: FileNotFoundError."""
        with (self.folder / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def kept(self, below: str = "", *, all_traces: bool = False) -> Iterator[Kept]:
        """Yield the files whose names begin so. Links are not followed: what they lead to is not ours."""
        for path in _files(self.folder / below.rpartition("/")[0]):
            name = path.relative_to(self.folder).as_posix()
            if name.startswith(below) and not path.name.startswith("."):
                with suppress(FileNotFoundError):  # deleted this moment
                    found = path.stat()
                    yield Kept(name, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def remove(self, beginnings: Iterable[str]) -> None:
        """Delete whatever has a name that begins so."""
        for beginning in beginnings:
            if beginning.endswith("/"):
                shutil.rmtree(self.folder / beginning, ignore_errors=True)
                continue
            within, _, begins = beginning.rpartition("/")
            for path in (self.folder / within).glob("*"):
                if path.name.startswith(begins):
                    path.unlink(missing_ok=True)

    def sweep_drafts(self) -> None:
        """Delete what a killed process left half written, a day later."""
        limit = now().timestamp() - DRAFT_LIVES_S
        for draft in self.folder.glob("*/*/.*"):
            with suppress(FileNotFoundError):
                if draft.stat().st_mtime < limit:
                    draft.unlink()


def _files(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)
