"""Which hosts of others we call at all, why, and what we send there: the one list that the outbound client obeys and
that the page of sub-processors shows. A host that is not declared here is refused, whoever asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from troth.base.clock import now

PREFIX = "*."  # `*.example.com` stands for every host below example.com, and not for example.com itself


@dataclass(frozen=True, kw_only=True)
class Host:
    """One host of somebody else's.

    `name` is the host, or a pattern that begins with `*.`; `of` is whose it is; `purpose` why we call it; `sends` what
    leaves us, one thing each; `where` in which countries it lies. `subprocessor` is whether it works on data for us (a
    workspace's own destination does not). `since` is the day from which it may be called: a new one is announced at
    least 30 days ahead (policy/subprocessors.yaml), and until then the client refuses it. `part` names
    the part of the product that needs it.
    """

    name: str
    of: str
    purpose: str
    sends: tuple[str, ...]
    where: str
    subprocessor: bool = True
    since: date | None = None
    part: str = ""

    def covers(self, host: str) -> bool:
        """Return whether a host, in lower case, is this one."""
        if self.name.startswith(PREFIX):
            return host.endswith(self.name.removeprefix("*")) and host != self.name.removeprefix(PREFIX)
        return host == self.name


_hosts: dict[str, Host] = {}


def declare_host(host: Host) -> None:
    """Allow a host. Called when the app that needs it is ready.

    Raises: ValueError for a pattern that is no host name, a host that says nothing of itself, or one declared otherwise.
    """
    bare = host.name.removeprefix(PREFIX)
    if not bare or "*" in bare or bare != bare.lower().strip(".") or "." not in bare:
        raise ValueError(f"{host.name!r} is no host")
    if not all((host.of, host.purpose, host.sends, host.where)):
        raise ValueError(f"{host.name} does not say whose it is, why, what is sent there, or where")
    if _hosts.get(host.name, host) != host:
        raise ValueError(f"{host.name} is declared twice")
    _hosts[host.name] = host
    is_declared.cache_clear()


def hosts() -> list[Host]:
    """Return what has been declared, by owner and name."""
    return sorted(_hosts.values(), key=lambda host: (host.of, host.name))


def may_call(host: str) -> bool:
    """Return whether the product may call this host today."""
    return is_declared(host.lower().rstrip("."), now().date())


@lru_cache(maxsize=512)
def is_declared(host: str, on: date) -> bool:
    """Return whether a host is declared, and announced long enough ago, on a day."""
    return any(one.covers(host) and (one.since is None or one.since <= on) for one in _hosts.values())


def owners(found: Iterable[Host]) -> dict[str, list[Host]]:
    """Return hosts by whose they are."""
    by_owner: dict[str, list[Host]] = {}
    for host in found:
        by_owner.setdefault(host.of, []).append(host)
    return by_owner
