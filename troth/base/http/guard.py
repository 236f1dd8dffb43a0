"""Which addresses an outbound call may reach.

Only hosts that are declared (`hosts.py`) are called at all. Such a host is judged twice: as it is written (`target`), and as the addresses that its name leads to (`admit`), which are
then the very addresses that get connected. `addressable` is the last look, at the moment a socket is made.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from yarl import URL

from troth.base.http.errors import Refused
from troth.base.http.hosts import may_call

Network = IPv4Network | IPv6Network

URL_CHARS_MAX = 4096
PUBLIC_PORTS = (443, 8443)
REMEMBERED_TARGETS_MAX = 512

# `is_global` of Python 3.11 calls these public although they lead, or can be made to lead, to private places.
# Source: IANA special-purpose address registries; each was tried against Python 3.11.7 (read 2026-11-22).
_NOT_PUBLIC: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "64:ff9b::/96",  # NAT64: carries any IPv4 address, loopback too
        "64:ff9b:1::/48",  # NAT64, local use
        "2002::/16",  # 6to4: carries any IPv4 address
        "2001::/23",  # protocol assignments, Teredo among them
        "fec0::/10",  # site-local, deprecated
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "100.64.0.0/10",  # shared by carriers
    )
)

_SHAPE = re.compile(r"(https?)://([^/?#]+)([/?#].*)?", re.IGNORECASE)
_VISIBLE_ASCII = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMERIC_END = re.compile(r"(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$")


class Target(NamedTuple):
    """An address that may be called, taken apart once."""

    url: URL
    host: str
    port: int


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address belongs to the public Internet."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address in network for network in _NOT_PUBLIC)


class Guard:
    """The rules of one client: declared hosts in the public Internet over https, and what the operator added."""

    def __init__(
        self,
        *,
        trusted: Collection[tuple[str, int]] = (),
        allowed_networks: Iterable[str] = (),
        ports: Collection[int] = PUBLIC_PORTS,
        may_call: Callable[[str], bool] = may_call,
    ) -> None:
        self._may_call = may_call
        self._trusted = frozenset((host.lower().strip("[]"), port) for host, port in trusted)
        self._trusted_addresses: set[tuple[str, int]] = set()
        self._networks: tuple[Network, ...] = tuple(ip_network(text) for text in allowed_networks)
        self._ports = frozenset(ports)
        self._targets: dict[str, Target] = {}

    def target(self, url: str) -> Target:
        """Return the address taken apart.

        Raises: Refused
        """
        if (known := self._targets.get(url)) is not None:
            self._check_declared(known.host, known.port)
            return known
        target = self._judge(url)
        if len(self._targets) >= REMEMBERED_TARGETS_MAX:
            self._targets.clear()
        self._targets[url] = target
        return target

    def admit(self, host: str, port: int, addresses: Sequence[str]) -> None:
        """Check every address that a name leads to; one bad address spoils the name.

        Raises: Refused
        """
        if (host, port) in self._trusted:
            self._trusted_addresses.update((address, port) for address in addresses)
            return
        if not addresses or not all(self._may_reach(address) for address in addresses):
            raise Refused

    def addressable(self, address: str, port: int) -> bool:
        """Return whether a socket may be opened to this literal address and port."""
        pair = (address, port)
        if pair in self._trusted or pair in self._trusted_addresses:
            return True
        return port in self._ports and self._may_reach(address)

    def _judge(self, text: str) -> Target:
        if len(text) > URL_CHARS_MAX or not _VISIBLE_ASCII.fullmatch(text) or "\\" in text:
            raise Refused
        shape = _SHAPE.fullmatch(text)
        if shape is None or "@" in shape[2]:
            raise Refused
        scheme, authority, rest = shape[1].lower(), shape[2].lower(), shape[3] or "/"
        try:
            # Already encoded: rewriting a signed media address would break its signature.
            url = URL(f"{scheme}://{authority}{rest}", encoded=True)
            host, port = url.raw_host, url.port
        except ValueError:
            raise Refused from None
        if not host or not port or url.raw_user is not None:
            raise Refused
        if (host, port) in self._trusted:
            return Target(url, host, port)
        if scheme != "https" or port not in self._ports:
            raise Refused
        self._check_host(host)
        self._check_declared(host, port)
        return Target(url, host, port)

    def _check_declared(self, host: str, port: int) -> None:
        if (host, port) not in self._trusted and not self._may_call(host):
            raise Refused

    def _check_host(self, host: str) -> None:
        # A browser, a resolver and `ipaddress` read odd numbers differently; only the canonical spelling passes.
        if ":" in host or _NUMERIC_END.search(host):
            if not self._may_reach(host):
                raise Refused
        elif len(host) > 253 or not _NAME.fullmatch(host):
            raise Refused

    def _may_reach(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except (AddressValueError, ValueError):
            return False
        if is_public(address):
            return True
        return any(address in network for network in self._networks)
