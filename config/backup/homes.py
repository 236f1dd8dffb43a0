"""One home at work: alone among backups and restores, with its database server at hand."""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.home import private_folder
from config.supervise.postgres import Postgres
from config.trouble import Trouble

_LOCK = "backup.lock"


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Make this the only backup or restore of the home. The kernel lets go when we die.

    Raises: Trouble, when another one is at work.
    """
    with enough_room(home), open(os.open(private_folder(home) / _LOCK, os.O_RDWR | os.O_CREAT, 0o600), "rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise Trouble(
                f"Another backup or restore of {home} is at work: wait until it is done, then try again."
            ) from taken
        yield


@contextmanager
def server_at_hand(home: Path) -> Iterator[Postgres | None]:
    """Give our own server, started for as long as it is needed unless it runs already; None where the operator has one."""
    if os.environ.get("DATABASE_URL"):
        yield None
        return
    server = Postgres(home)
    if server.is_running_elsewhere():
        yield server
        return
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def enough_room(folder: Path) -> Iterator[None]:
    """Turn a full disk, or one that is closed to us, into one sentence. Raises: Trouble."""
    try:
        yield
    except OSError as refusal:
        if refusal.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise Trouble(
                f"The disk that holds {folder} is full: free some room there, then try again. "
                "What was begun has been taken away, and nothing else has changed."
            ) from refusal
        if refusal.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            place = refusal.filename or folder
            raise Trouble(
                f"This account may not use {place} ({refusal.strerror}): run this as the account that owns {place}."
            ) from refusal
        raise
