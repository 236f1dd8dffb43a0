"""The files of messages, where a backup finds them and a restore puts them: in a folder, or in a bucket.

A bucket is reached by the product's own command (`media`), which passes on what lies there, sealed as it is. Its form, both
ways: a kind (1 byte), a length (4, big-endian), that many bytes; N is a name, D a part of it, E its end, with its SHA-256.
"""

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from config import media
from config.backup import programs
from config.backup.parcels import MEDIA, PART_BYTES, Packer, parts_of
from config.home import CHECKOUT, private_folder
from config.supervise.prepare import refusal
from config.trouble import Trouble

ENDS_WITHIN_S = 5.0
GENERATION = "TROTH_MEDIA_GENERATION"
Names = Iterable[str]


class Broken(Trouble):
    """What the product's command gave is not whole."""


def is_in_bucket() -> bool:
    """Tell whether files are kept in a bucket. Raises: Trouble, for a faulty setting."""
    return media.chosen() == media.BUCKET


class MediaList:
    """The files that there were at one moment: those that came later belong to no row of the snapshot.

    Their names are kept in a file, since there may be millions.
    """

    def __init__(self, home: Path, names: IO[bytes]) -> None:
        self.bytes = 0
        self._keeper = _Bucket(home) if is_in_bucket() else _Folder(home)
        self._names = names
        for name, size in self._keeper.listed():
            self._names.write(os.fsencode(name) + b"\0")
            self.bytes += size

    def pack(self, packer: Packer) -> tuple[int, int]:
        """Pack the files that are still there; return how many and how large they are."""
        return self._keeper.pack(self._listed(), packer)

    def _listed(self) -> Iterator[str]:
        self._names.seek(0)
        rest = b""
        while part := self._names.read(PART_BYTES):
            *whole, rest = (rest + part).split(b"\0")
            yield from map(os.fsdecode, whole)


class _Folder:
    def __init__(self, home: Path) -> None:
        self._folder = folder(home)

    def listed(self) -> Iterator[tuple[str, int]]:
        for path, size in _files_below(self._folder):
            yield str(path.relative_to(self._folder)), size

    def pack(self, names: Names, packer: Packer) -> tuple[int, int]:
        count = size = 0
        for name in names:
            try:
                with (self._folder / name).open("rb") as file:
                    size += packer.put(MEDIA + name, parts_of(file))
                    count += 1
            except FileNotFoundError:
                continue  # erased since; its row goes at the next replay
        return count, size


class _Bucket:
    def __init__(self, home: Path) -> None:
        self._told = told(home)

    def listed(self) -> Iterator[tuple[str, int]]:
        with _asked(self._told, "names") as (_, answer):
            for line in answer:
                name, size = json.loads(line)
                yield name, size

    def pack(self, names: Names, packer: Packer) -> tuple[int, int]:
        count = size = 0
        with _asked(self._told, "give") as (asking, answer):
            lines = (json.dumps(name).encode() + b"\n" for name in names)
            threading.Thread(target=programs.feed, args=[asking, lines], daemon=True).start()
            while frame := _frame(answer):
                if frame[0] != b"N":
                    raise _broken()
                size += packer.put(MEDIA + frame[1].decode(), _parts(answer))
                count += 1
        return count, size


class Filling:
    """Puts files into a bucket, in another generation than the one that is used."""

    def __init__(self, given: IO[bytes]) -> None:
        self._given = given

    def put(self, name: str, parts: Iterable[bytes]) -> None:
        """Put one file. Raises: Trouble."""
        digest = hashlib.sha256()
        try:
            self._write(b"N", name.encode())
            for part in parts:
                digest.update(part)
                self._write(b"D", part)
            self._write(b"E", digest.hexdigest().encode())
        except BrokenPipeError:
            return  # it has stopped, and says why when its block ends

    def _write(self, kind: bytes, content: bytes) -> None:
        self._given.write(kind + len(content).to_bytes(4, "big"))
        self._given.write(content)


@contextmanager
def filling(home_told: Mapping[str, str]) -> Iterator[Filling]:
    """Give what puts files into the bucket; all are there when the block has ended well. Raises: Trouble."""
    with _asked(home_told, "take") as (given, answer):
        yield Filling(given)
        with contextlib.suppress(BrokenPipeError):
            given.close()
        answer.read()


def turn(home: Path, generation: str) -> None:
    """Let a generation of the bucket be the one that is used. Safe to repeat. Raises: Trouble."""
    _alone(home, "turn", f"--generation={generation}")


def drop(home: Path, generation: str) -> None:
    """Delete a generation of the bucket that is not used. Raises: Trouble."""
    _alone(home, "drop", f"--generation={generation}")


def tidy(home: Path, *, at_once: bool = False) -> None:
    """Delete the generations of the bucket that are not used and that nobody can still be at work on; with `at_once`, where
    we are alone, every one of them. Raises: Trouble."""
    _alone(home, "tidy", *(["--at-once"] if at_once else []))


def told(home: Path, **more: str) -> dict[str, str]:
    """Return the environment of the product's command for a home."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH", "")])),
        "TROTH_HOME": str(home),
        **more,
    }


def folder(home: Path) -> Path:
    """Return the folder of media, through a link if it is one."""
    return (home / "media").resolve()


def _alone(home: Path, *words: str) -> None:
    # The home itself may not be opened now. What concerns the bucket alone needs nothing of it.
    with (
        tempfile.TemporaryDirectory(dir=private_folder(home), prefix=".media-") as nowhere,
        _asked(told(Path(nowhere)), *words) as (given, answer),
    ):
        given.close()
        answer.read()


@contextmanager
def _asked(environment: Mapping[str, str], *words: str) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Run the product's command and give what it reads and what it says. Raises: Trouble, when it does not end well."""
    command = [sys.executable, "-P", "-m", "django", "media", *words]
    with (
        tempfile.TemporaryFile() as errors,
        programs.started(command, dict(environment), errors, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdin, process.stdout
        except Broken:
            if not _ended(process):
                raise  # it goes on as if nothing were wrong; otherwise it says itself why it ended
        if process.wait() != 0:
            errors.seek(0)
            raise Trouble(refusal(errors.read().decode(errors="replace"), step="media"))


def _ended(process: subprocess.Popen[bytes]) -> bool:
    try:
        return process.wait(ENDS_WITHIN_S) != 0
    except subprocess.TimeoutExpired:
        return False


def _frame(answer: IO[bytes]) -> tuple[bytes, bytes] | None:
    head = answer.read(5)
    if not head:
        return None
    content = answer.read(int.from_bytes(head[1:], "big"))
    if len(head) != 5 or len(content) != int.from_bytes(head[1:], "big"):
        raise _broken()
    return head[:1], content


def _parts(answer: IO[bytes]) -> Iterator[bytes]:
    digest = hashlib.sha256()
    while frame := _frame(answer):
        kind, content = frame
        if kind == b"E" and content.decode() == digest.hexdigest():
            return
        if kind != b"D":
            raise _broken()
        digest.update(content)
        yield content
    raise _broken()


def _broken() -> Broken:
    return Broken(
        "The media store gave a file only in part: see to it with `python -m django media check`, then try again."
    )


def _files_below(place: Path) -> Iterator[tuple[Path, int]]:
    """Yield every regular file with its size. Links are not followed: what they lead to is not ours."""
    try:
        entries = sorted(os.scandir(place), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            with contextlib.suppress(FileNotFoundError):  # erased this moment
                yield Path(entry.path), entry.stat(follow_symlinks=False).st_size
