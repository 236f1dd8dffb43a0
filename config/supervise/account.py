"""Under which account PostgreSQL runs, and which folders that account can enter. It refuses to run as root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from config.trouble import Trouble

_UNPRIVILEGED = ("postgres", "nobody")


class RunAs(TypedDict, total=False):
    """The arguments of `subprocess` that change the account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A user and its group, and whether we have to change into it to act as it."""

    uid: int
    gid: int
    name: str
    is_ours: bool

    def popen_options(self) -> RunAs:
        """Return what makes `subprocess` run a program as this account."""
        return {} if self.is_ours else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Hand a file or folder that we just made over to this account."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, path: Path) -> bool:
        """Tell whether this account may enter the folder, or run the program, through every folder above it."""
        return self.is_ours or all(self._may_pass(step) for step in [path, *path.parents])

    def _may_pass(self, step: Path) -> bool:
        status = step.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & 0o100)
        if status.st_gid == self.gid:
            return bool(status.st_mode & 0o010)
        return bool(status.st_mode & 0o001)


def account_for(data: Path) -> Account:
    """Choose who runs the server: ourselves, or as root the data's owner, `postgres` or `nobody`, in this order.

    Raises: Trouble, when the data belong to somebody else, or root has nobody to change into.
    """
    if os.geteuid() != 0:
        return _ourselves(data)
    if data.exists() and data.stat().st_uid != 0:
        return _named(pwd.getpwuid(data.stat().st_uid))
    for name in _UNPRIVILEGED:
        try:
            return _named(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Trouble("PostgreSQL may not run as root and there is no account `nobody`: start Troth as an ordinary user.")


def _ourselves(data: Path) -> Account:
    owner = data.stat().st_uid if data.exists() else os.geteuid()
    if owner != os.geteuid():
        raise Trouble(
            f"The data in {data} belong to another account (number {owner}): "
            "start Troth as that account or as root, or set TROTH_HOME to a folder of your own."
        )
    return Account(uid=os.geteuid(), gid=os.getegid(), name=f"user {os.geteuid()}", is_ours=True)


def _named(entry: pwd.struct_passwd) -> Account:
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name, is_ours=False)
