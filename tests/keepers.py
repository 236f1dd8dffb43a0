"""Where files are kept in a test: in the folder, or in a bucket of a stand-in store. What holds for one has to hold for both."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from config import media
from sandbox.bucket.testing import RunningBucket
from troth.base.http.blocking import close_sync

__all__ = [
    "BUCKET",
    "FOLDER",
    "KINDS",
    "VERSIONED",
    "Keeping",
    "RunningBucket",
    "bucket_of",
    "keeping",
    "kept_in",
    "use",
]

FOLDER, BUCKET, VERSIONED = "folder", "bucket", "versioned bucket"
KINDS = (FOLDER, BUCKET, VERSIONED)


@dataclass
class Keeping:
    """One keeper of files. `environment` leads the product's processes to it; `running` is the bucket's server."""

    kind: str
    running: RunningBucket | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def place(self, home: Path) -> Path:
        """Return the folder in which the bytes themselves lie, whatever they are called there."""
        return self.running.folder if self.running else home / "media"

    def names(self, home: Path) -> list[str]:
        """Return the names of all that is left there, earlier versions included."""
        if self.running:
            return self.running.traces("")
        return [path.relative_to(home / "media").as_posix() for path in (home / "media").rglob("*") if path.is_file()]


def bucket_of(environment: Mapping[str, str]) -> media.Bucket:
    """Return the bucket that the variables of an environment name."""
    found = media.bucket(environment)
    assert found is not None
    return found


def use(made: Keeping, settings: Any, home: Path) -> None:
    """Keep files there in this process, whose home is another meanwhile."""
    settings.HOME = home
    settings.MEDIA_BUCKET = bucket_of(made.environment) if made.running else None
    settings.MEDIA_IN = media.BUCKET if made.running else media.FOLDER


@contextmanager
def kept_in(kind: str, **facts: Any) -> Iterator[Keeping]:
    """Give a keeper of this kind to processes that are started with its environment."""
    if kind == FOLDER:
        yield Keeping(kind)
        return
    with RunningBucket(**facts) as running:
        running.bucket.shelf.versioning = "Enabled" if kind == VERSIONED else ""
        yield Keeping(kind, running, running.environment())


@pytest.fixture(params=KINDS)
def keeping(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Keeping]:
    """Keep files in each of them in turn, in this process. The clock of a test may be anywhere."""
    with kept_in(request.param, keeps_time=False, page_max=5) as made:
        use(made, settings, tmp_path)
        yield made
        close_sync()
