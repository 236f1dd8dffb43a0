"""Makes the data folder, whole or not at all."""

import os
import shutil
import subprocess
from pathlib import Path

from config.home import flush_folder
from config.supervise import server_settings
from config.supervise.account import Account
from config.supervise.binaries import Binaries
from config.trouble import Trouble

SUPERUSER = "postgres"
PATIENCE_S = 300
_ROOM_TO_START = 20_000_000
_ROOM_TO_CREATE = 100_000_000


def create(data: Path, *, binaries: Binaries, account: Account, password: str, durable: bool = True) -> None:
    """Make a new data folder beside its place, flush it, and move it there: a start that was killed leaves none.

    Raises: Trouble, with the reason and what to do.
    """
    if _room(data.parent) < _ROOM_TO_CREATE:
        raise Trouble(_full(data.parent.parent))
    draft = data.with_name(f"{data.name}.init")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(mode=0o700)
        account.own(draft)
        _run_initdb(draft, binaries=binaries, account=account, password=password, durable=durable)
        os.rename(draft, data)
        flush_folder(data.parent)
    except PermissionError:
        raise
    except OSError as refusal:
        raise Trouble(explained(str(refusal), data)) from refusal
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _run_initdb(draft: Path, *, binaries: Binaries, account: Account, password: str, durable: bool) -> None:
    command = [
        binaries.program("initdb"),
        f"--pgdata={place_for(draft, account)}",
        f"--username={SUPERUSER}",
        "--pwfile=/dev/stdin",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",  # the same order of words on every machine and after every upgrade
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        *server_settings.flags(server_settings.TUNABLE),
        *([] if durable else ["--no-sync"]),
    ]
    reader, writer = os.pipe()
    try:
        if not account.is_ours:
            os.fchown(reader, account.uid, account.gid)  # initdb opens it by name, as its own account
        os.write(writer, password.encode())
        os.close(writer)
        done = subprocess.run(
            command,
            cwd=draft,
            env=environment(),
            stdin=reader,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            **account.popen_options(),
        )
    except subprocess.TimeoutExpired as late:
        raise Trouble(
            f"Making the database took over {PATIENCE_S} seconds: look at the disk, then try again."
        ) from late
    finally:
        os.close(reader)
    if done.returncode != 0:
        raise Trouble(explained(done.stdout + done.stderr, draft))


def place_for(folder: Path, account: Account) -> str:
    """Return how a PostgreSQL program that is started *in* this folder should call it.

    An account that cannot walk there from the root (a home below /root) is put there by us, and knows the folder as
    "where I stand". So no folder ever has to be opened for it.
    """
    return str(folder) if account.can_enter(folder) else "/proc/self/cwd"


def environment() -> dict[str, str]:
    """Return the environment for PostgreSQL's programs: nothing of ours, so nothing of ours changes them."""
    return {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}


def explained(output: str, data: Path) -> str:
    """Turn the last words of a PostgreSQL program into one sentence for a person."""
    home = data.parent.parent
    lowered = output.lower()
    if "no space left on device" in lowered or "disk quota exceeded" in lowered or _room(home) < _ROOM_TO_START:
        return _full(home)
    if "cannot allocate memory" in lowered or "could not map anonymous shared memory" in lowered:
        return "The machine has too little free memory for PostgreSQL (256 MB): free some, then start again."
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("FATAL:", "PANIC:", "error:"))] or lines
    return f"PostgreSQL did not start in {home}. It said: {telling[-1] if telling else 'nothing'}"


def _room(folder: Path) -> int:
    """Return the bytes that are free on the folder's disk; PostgreSQL may die of too few without saying so."""
    return shutil.disk_usage(folder).free


def _full(home: Path) -> str:
    return f"The disk that holds {home} is full: free at least 200 MB there, then start again."
