"""Where the server's socket lies: in the home, unless that makes a path longer than the system allows."""

import hashlib
import os
import stat
from pathlib import Path
from urllib.parse import quote, urlencode

from config.trouble import Trouble

_NAME_LENGTH = len("/.s.PGSQL.5432")
_PATH_LENGTH_MAX = 103  # Linux allows 107, macOS 103 bytes (sockaddr_un.sun_path)


def folder_for(home: Path) -> Path:
    """Return the folder of the socket of this home's server; the same one in every process."""
    inside = home / "postgresql" / "run"
    if len(os.fsencode(inside)) + _NAME_LENGTH <= _PATH_LENGTH_MAX:
        return inside
    # Not the system's idea of a temporary folder, which may be as long; refused below unless it is ours alone.
    return Path("/tmp") / f"troth-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"  # noqa: S108


def socket_address(home: Path, role: str, *, password: str, database: str) -> str:
    """Return the URL by which a role reaches a database on this home's server."""
    query = urlencode({"host": str(folder_for(home))}, quote_via=quote)
    return f"postgresql://{role}:{quote(password, safe='')}@/{quote(database, safe='')}?{query}"


def refuse_if_not_private(path: Path, *, uid: int) -> None:
    """Make sure that nobody else prepared this folder for us.

    Raises: Trouble, when it is a link, another account's, or open to others.
    """
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != uid or stat.S_IMODE(status.st_mode) & 0o077:
        raise Trouble(f"The folder {path} is not private to the database's account: remove it, then start again.")
