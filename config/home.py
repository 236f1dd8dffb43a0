"""Where this installation keeps its data, and the secrets that it made for itself.

Standard library only: the commands read this before the virtual environment exists.
"""

import os
import secrets as randomness
from pathlib import Path

from config.trouble import Trouble

CHECKOUT = Path(__file__).resolve().parent.parent


def home() -> Path:
    """Return the one folder that holds all data: TROTH_HOME, or `var` in the checkout. Creates nothing."""
    chosen = os.environ.get("TROTH_HOME", "").strip()
    return Path(chosen).expanduser().resolve() if chosen else CHECKOUT / "var"


def tombstone_journal(place: Path) -> Path:
    """Return the journal of those who were forgotten, there or not (its form: troth/base/tombstones.py)."""
    chosen = os.environ.get("TROTH_TOMBSTONE_FOLDER", "").strip()
    return (Path(chosen).expanduser().resolve() if chosen else place / "tombstones") / "journal"


def private_folder(path: Path) -> Path:
    """Create the folder for its owner only, parents included, and return it. One that exists stays as it is.

    Raises: Trouble, when the disk or its owner refuses.
    """
    try:
        for folder in [*reversed(path.parents), path]:
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as refusal:
        raise Trouble(
            f"The folder {path} cannot be made ({refusal.strerror}): set TROTH_HOME to a folder that you may write to."
        ) from refusal
    return path


def secret(name: str, *, within: Path | None = None) -> str:
    """Return the installation's secret of that name, making it on first use. Safe when several processes ask at once.

    Raises: Trouble, when the file cannot be read or written.
    """
    folder = private_folder((within or home()) / "secrets")
    path = folder / name
    try:
        if not path.exists():
            _create(path, randomness.token_urlsafe(32))
        return path.read_text(encoding="ascii")
    except OSError as refusal:
        raise Trouble(
            f"The secret {path} cannot be read or made ({refusal.strerror}): "
            "start Troth as the account that owns this folder, on a disk with room."
        ) from refusal


def _create(path: Path, value: str) -> None:
    # A link, not a rename: whoever comes second keeps the first one's secret.
    draft = path.with_name(f".{path.name}.{os.getpid()}.{randomness.token_hex(4)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        flush_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def flush_folder(path: Path) -> None:
    """Make names that were just created or renamed in this folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
