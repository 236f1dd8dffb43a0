"""What a process of the gateway gives up before it hears a word, and the proof that it has: it does not go on without.

Everywhere: no file can grow (a limit of the kernel), no core dump, no debugger, nothing in its environment that leads to a
database, a key store or a media store. Where Linux has Landlock: no file can be made, changed or removed, and connections
lead to the ports that were named and to no others.
Source: landlock(7), prctl(2), setrlimit(2) (read 2026-11-30).
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_GET_DUMPABLE = 3
PR_SET_NO_NEW_PRIVS = 38

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULESET_VERSION = 1
_RULE_NET_PORT = 2
# Every way to change a file system, by the version of Landlock that knows it: reading and running stay.
_WRITES = {1: 0b1111111110010, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
_NET_VERSION = 4
_BIND_TCP, _CONNECT_TCP = 1, 2
_SCOPE_VERSION = 6
_ABSTRACT_SOCKETS, _SIGNALS = 1, 2

# What a gateway may be told. Anything else in its environment is not for it.
ALLOWED_ENVIRONMENT = frozenset(
    {
        "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONPATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "PYTHONHASHSEED",
        "TROTH_GATEWAY_LISTEN", "TROTH_GATEWAY_KEY_FD", "TROTH_GATEWAY_ORIGINS", "TROTH_GATEWAY_SANDBOX", "TROTH_ENV",
        "NEONIZE_BOT_TAG", "GOGC", "GOTRACEBACK", "MALLOC_ARENA_MAX", "SSL_CERT_FILE", "SSL_CERT_DIR",
    }
)  # fmt: skip


class NotWalledIn(Exception):
    """A wall does not stand, so nothing starts. The text says which, and what to do."""


@dataclass(frozen=True)
class Standing:
    """Which walls stand around this process."""

    landlock: int  # the version of Landlock in force, 0 where the system has none
    net: bool  # whether connections are limited by it


class _Ruleset(ctypes.Structure):
    _fields_ = (("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _NetPort(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("port", ctypes.c_uint64))


def raise_walls(*, connects_to: Collection[int], binds: bool = False) -> Standing:
    """Give up what a gateway does not need. `connects_to` are the TCP ports that it may reach; a process that `binds` may
    listen, for its socket is opened before. Raises: NotWalledIn."""
    must_know_nothing(os.environ)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A write that would make a file grow gets an error; its signal would end the process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.dont_write_bytecode = True
    standing = Standing(landlock=0, net=False)
    if sys.platform == "linux":
        _prctl(PR_SET_DUMPABLE, 0)
        _prctl(PR_SET_NO_NEW_PRIVS, 1)
        standing = _landlock(connects_to, binds=binds)
    must_stand(standing)
    return standing


def must_know_nothing(environment: Mapping[str, str]) -> None:
    """Raises: NotWalledIn, where the environment says more than a gateway may know. Names only are told, no values."""
    known = sorted(set(environment) - ALLOWED_ENVIRONMENT)
    if known:
        raise NotWalledIn(f"The gateway is told what it must not know: {', '.join(known)}. Start it without.")


def must_stand(standing: Standing) -> None:
    """Try what must not be possible. Raises: NotWalledIn."""
    if resource.getrlimit(resource.RLIMIT_FSIZE)[0] or resource.getrlimit(resource.RLIMIT_CORE)[0]:
        raise NotWalledIn("This system does not let the gateway give up files and core dumps.")
    if sys.platform == "linux" and _libc().prctl(PR_GET_DUMPABLE, 0, 0, 0, 0):
        raise NotWalledIn("This system lets others read the gateway's memory.")
    for folder in ("/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~")):  # noqa: S108  # these must not take it
        if _can_write(folder, makes_files=not standing.landlock):
            raise NotWalledIn(f"The gateway could write a file in {folder}.")


def die_with_parent() -> None:
    """Let this process be killed when its parent goes. Linux only; others notice by their socket."""
    if sys.platform == "linux":
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _can_write(folder: str, *, makes_files: bool) -> bool:
    """Return whether something can be written there. Without Landlock an empty file can be made, and is removed again."""
    path = os.path.join(folder, f".troth-gateway-{os.getpid()}")
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        return False
    try:
        return not makes_files or os.write(file, b"x") > 0
    except OSError:
        return False
    finally:
        os.close(file)
        with contextlib.suppress(OSError):
            os.unlink(path)


def _landlock(connects_to: Collection[int], *, binds: bool) -> Standing:
    version = _libc().syscall(_CREATE_RULESET, None, 0, _RULESET_VERSION)
    if version < 1:
        return Standing(landlock=0, net=False)
    writes = 0
    for since, bits in _WRITES.items():
        writes |= bits if version >= since else 0
    net = (_CONNECT_TCP | (0 if binds else _BIND_TCP)) if version >= _NET_VERSION else 0
    scoped = (_ABSTRACT_SOCKETS | _SIGNALS) if version >= _SCOPE_VERSION else 0
    rules = _Ruleset(writes, net, scoped)
    size = 24 if version >= _SCOPE_VERSION else 16 if version >= _NET_VERSION else 8
    ruleset = _libc().syscall(_CREATE_RULESET, ctypes.byref(rules), size, 0)
    if ruleset < 0:
        raise NotWalledIn(f"Landlock refused its rules: {os.strerror(ctypes.get_errno())}.")
    try:
        for port in connects_to if net else ():
            rule = _NetPort(_CONNECT_TCP, port)
            if _libc().syscall(_ADD_RULE, ruleset, _RULE_NET_PORT, ctypes.byref(rule), 0):
                raise NotWalledIn(f"Landlock refused a port: {os.strerror(ctypes.get_errno())}.")
        if _libc().syscall(_RESTRICT_SELF, ruleset, 0):
            raise NotWalledIn(f"Landlock could not be put in force: {os.strerror(ctypes.get_errno())}.")
    finally:
        os.close(ruleset)
    return Standing(landlock=version, net=bool(net))


def _prctl(option: int, value: int) -> None:
    if _libc().prctl(option, value, 0, 0, 0):
        raise NotWalledIn(f"prctl({option}) was refused: {os.strerror(ctypes.get_errno())}.")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
