"""PostgreSQL's own programs at work on a backup: one empties a database into a stream, two fill one from it."""

import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from config.backup.parcels import PART_BYTES
from config.backup.reach import Reach
from config.supervise.addresses import OWNER
from config.supervise.binaries import installed
from config.supervise.tether import tied_to_parent
from config.trouble import Trouble

# pg_restore begins every script with a setting that servers before version 17 do not know and stop at.
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"
_HEAD_LINES = 60


def dump(reach: Reach, *, snapshot: str) -> Iterator[bytes]:
    """Yield the whole database as the snapshot shows it, in pg_dump's custom format.

    Raises: Trouble, when it does not come to its end.
    """
    with reach.for_programs(reach.database) as (address, environment), tempfile.TemporaryFile() as errors:
        command = [installed().program("pg_dump"), "--dbname", address, "--format=custom", "--compress=gzip:1"]
        command += [
            "--snapshot",
            snapshot,
            "--no-statistics",
            "--encoding=UTF8",
            "--lock-wait-timeout=60s",
            "--no-password",
        ]
        with started(command, environment, errors, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            while part := process.stdout.read(PART_BYTES):
                yield part
            if process.wait() != 0:
                raise Trouble(f"The database could not be copied. {explained(errors)}")


def fill(reach: Reach, database: str, parts: Iterable[bytes], *, major: int) -> None:
    """Fill an empty database from a dump, all of it or nothing, as the role that will own it.

    pg_restore makes a script of the dump, psql runs it in one transaction. Directly, pg_restore would stop at servers
    before version 17.
    Raises: Trouble.
    """
    with (
        reach.for_programs(database) as (address, environment),
        tempfile.TemporaryFile() as unpacking_errors,
        tempfile.TemporaryFile() as errors,
    ):
        unpack = [installed().program("pg_restore"), "--file=-", f"--role={OWNER}"]
        run = [installed().program("psql"), "--dbname", address, "--no-psqlrc", "--quiet", "--no-password"]
        run += ["--single-transaction", "--file=-", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
        with (
            started(run, environment, errors, stdin=subprocess.PIPE) as running,
            started(unpack, environment, unpacking_errors, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as unpacking,
        ):
            passing = threading.Thread(target=_pass_on, args=[unpacking.stdout, running.stdin, major], daemon=True)
            passing.start()
            whole = feed(unpacking.stdin, parts)
            unpacked = unpacking.wait() == 0
            passing.join()
            if running.wait() != 0:
                raise Trouble(f"The new database could not be filled. {explained(errors)}")
            if not unpacked or not whole:
                raise Trouble(
                    f"The copy of the database in this backup cannot be unpacked. {explained(unpacking_errors)}"
                )


def check(parts: Iterable[bytes]) -> None:
    """Unpack a dump into nowhere. Raises: Trouble, when pg_restore cannot read all of it."""
    with tempfile.TemporaryFile() as errors:
        command = [installed().program("pg_restore"), "--file=/dev/null"]
        with started(command, {}, errors, stdin=subprocess.PIPE) as process:
            whole = feed(process.stdin, parts)
            if process.wait() != 0 or not whole:
                raise Trouble(f"The copy of the database in this backup cannot be unpacked. {explained(errors)}")


def explained(errors: IO[bytes]) -> str:
    """Turn the first complaint of a program into a sentence for a person.

    Details and contexts are left out: they quote rows.
    """
    errors.seek(0)
    said = errors.read(PART_BYTES).decode(errors="replace")
    lowered = said.lower()
    if "no space left on device" in lowered or "disk quota exceeded" in lowered:
        return "The disk of the database server is full: free some room there, then try again."
    if "row-level security" in lowered or "row security" in lowered:
        return "The role does not see every row: set BACKUP_DATABASE_URL to one with BYPASSRLS (docs/backup.md)."
    if "server version mismatch" in lowered:
        return "The server is newer than the programs that this Troth brings: bring Troth up to date."
    lines = [line for line in said.splitlines() if "ERROR:" in line or "error:" in line or "FATAL:" in line]
    return f"It said: {lines[0].strip()}" if lines else "It was stopped before its end: try again."


@contextmanager
def started(
    command: list[str],
    environment: dict[str, str],
    errors: IO[bytes],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.DEVNULL,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program for as long as the block lasts; it ends with us, however we end."""
    process = subprocess.Popen(
        command,
        env=environment,
        cwd="/",
        stdin=stdin,
        stdout=stdout,
        stderr=errors,
        preexec_fn=tied_to_parent(signal.SIGKILL),  # noqa: PLW1509 - it only makes system calls
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)


def feed(pipe: IO[bytes] | None, parts: Iterable[bytes]) -> bool:
    """Write all parts; return whether they were taken to the end."""
    assert pipe is not None
    try:
        for part in parts:
            pipe.write(part)
        pipe.close()
    except BrokenPipeError:
        return False
    return True


def _pass_on(source: IO[bytes], target: IO[bytes], major: int) -> None:
    """Pass a script on, without what an old server does not know."""
    try:
        for _ in range(_HEAD_LINES):
            line = source.readline()
            if major >= 17 or line != _UNKNOWN_BEFORE_17:
                target.write(line)
        while part := source.read(PART_BYTES):
            target.write(part)
        target.close()
    except (BrokenPipeError, ValueError):
        source.close()  # the reader has complained, and whoever writes to us shall stop


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return
