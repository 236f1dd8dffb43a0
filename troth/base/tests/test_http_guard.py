"""No packet reaches a place we must not call, however its address is written."""

import asyncio
import os
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.base.http import Client, HttpError, NotSent, Refused
from troth.base.http.guard import Guard, is_public
from troth.base.tests.test_http_servers import LOOPBACK, Visit, anywhere, has_ipv6, only_looks, run, serving

pytestmark = pytest.mark.clause("A3.2", "X11")

# {port} is the canary's own, and the client is told that this port may be called: the address alone must not pass.
SPELLINGS = [
    "https://127.0.0.1:{port}/",
    "https://127.1:{port}/",
    "https://127.0.1:{port}/",
    "https://0:{port}/",
    "https://0.0.0.0:{port}/",
    "https://2130706433:{port}/",
    "https://0x7f000001:{port}/",
    "https://0x7f.0.0.1:{port}/",
    "https://0x7F.1:{port}/",
    "https://0177.0.0.1:{port}/",
    "https://017700000001:{port}/",
    "https://127.000.000.001:{port}/",
    "https://127.0.0.1.:{port}/",
    "https://①②⑦.0.0.1:{port}/",
    "https://127。0。0。1:{port}/",
    "https://１２７.0.0.1:{port}/",
    "https://%31%32%37.0.0.1:{port}/",
    "https://127.0.0.1%00.example:{port}/",
    "https://[::1]:{port}/",
    "https://[::]:{port}/",
    "https://[0:0:0:0:0:0:0:1]:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://[::ffff:7f00:1]:{port}/",
    "https://[::127.0.0.1]:{port}/",
    "https://[64:ff9b::7f00:1]:{port}/",
    "https://[64:ff9b:1::7f00:1]:{port}/",
    "https://[2002:7f00:1::]:{port}/",
    "https://[::ffff:0:127.0.0.1]:{port}/",
    "https://[fe80::1%25lo]:{port}/",
    "https://[::1%lo]:{port}/",
    "https://localhost:{port}/",
    "https://LocalHost:{port}/",
    "https://localhost.:{port}/",
    "https://a.localhost:{port}/",
    "https://[::1].:{port}/",
    "https://lоcalhost:{port}/",
    "https://good.example@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}@good.example/",
    "https://user:word@localhost:{port}/",
    "https://@localhost:{port}/",
    "https://good.example\\@127.0.0.1:{port}/",
    "https:\\\\127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "HTTP://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/",
    "ws://127.0.0.1:{port}/",
    "wss://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "tcp://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "https:127.0.0.1:{port}/",
    "https:///127.0.0.1:{port}/",
    "https://:{port}/",
    "https://",
    "javascript:alert(1)",
    "data:text/plain,hello",
    "http+unix://%2Fvar%2Frun%2Fx/",
]

SPLIT_LINES = [
    "https://localhost:{port}/\r\nHost: good.example",
    "https://localhost:{port}/ HTTP/1.1\r\nX: y",
    "https://local\thost:{port}/",
    "https://good.example\n@127.0.0.1:{port}/",
    " https://127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/\x00",
    "",
    "https://" + "a" * 5000,
]

PRIVATE_ADDRESSES = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::10.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:a00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "fe80::1%eth0",
    "::1%1",
]

PUBLIC_ADDRESSES = ["93.184.216.34", "157.240.1.1", "2606:2800:220:1::1", "::ffff:93.184.216.34", "2a03:2880::1"]


def test_no_spelling_of_a_private_address_lets_a_packet_out() -> None:
    async def work() -> None:
        hosts = (LOOPBACK, "::1") if has_ipv6() else (LOOPBACK,)
        async with serving(only_looks, hosts=hosts) as canary, Client(ports=[canary.port], may_call=anywhere) as client:
            for template in SPELLINGS + SPLIT_LINES:
                url = template.replace("{port}", str(canary.port))
                with pytest.raises((Refused, NotSent)) as caught:
                    await client.request("GET", url)
                # A name that this machine's resolver does not know at all is simply not found.
                if "a.localhost" not in url:
                    assert isinstance(caught.value, Refused), url
            assert canary.connections == 0

    run(work())


def test_the_canary_would_have_noticed() -> None:
    async def work() -> None:
        async with serving(only_looks) as canary, Client(trusted=canary.trusted) as client:
            with pytest.raises(HttpError):
                await client.request("POST", canary.url())
            assert canary.connections == 1

    run(work())


def test_ports_other_than_https_are_refused() -> None:
    guard = Guard(may_call=anywhere)
    for port in (1, 22, 80, 5432, 6379, 8080, 9200):
        with pytest.raises(Refused):
            guard.target(f"https://good.example:{port}/")
    for port in (443, 8443):
        assert guard.target(f"https://good.example:{port}/").port == port
    assert guard.target("https://good.example/").port == 443


@pytest.mark.parametrize(
    "url",
    [
        "https://user:word@good.example/",
        "https://@good.example/",
        "http://good.example:443/",
        "ftp://good.example:443/",
        "https://good.example/a b",
        "https://good.example/a\\b",
        "https://good.example/é",
        "https://good.example/\r\nX: y",
        "https://good.example/" + "a" * 5000,
        "https://good.example./",
        "https://good..example/",
        "https://-good.example/",
        "https://gööd.example/",
        "https://good.example:0/",
        "https://good.example:65536/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 130 + "example/",
    ],
)
def test_a_public_host_does_not_excuse_an_odd_address(url: str) -> None:
    with pytest.raises(Refused):
        Guard(may_call=anywhere).target(url)


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
def test_a_name_that_leads_to_a_private_address_is_refused(address: str) -> None:
    async def lookup(host: str, port: int) -> Sequence[str]:
        return [address]

    async def work() -> None:
        async with Client(lookup=lookup, may_call=anywhere) as client:
            with pytest.raises(Refused):
                await client.request("GET", "https://hooks.example/")

    run(work())


@pytest.mark.parametrize("address", PRIVATE_ADDRESSES)
def test_one_private_address_among_public_ones_spoils_the_name(address: str) -> None:
    guard = Guard(may_call=anywhere)
    with pytest.raises(Refused):
        guard.admit("hooks.example", 443, [*PUBLIC_ADDRESSES, address])


def test_public_addresses_pass() -> None:
    Guard(may_call=anywhere).admit("hooks.example", 443, PUBLIC_ADDRESSES)


def test_a_name_without_an_address_is_refused() -> None:
    with pytest.raises(Refused):
        Guard(may_call=anywhere).admit("hooks.example", 443, [])


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_in_ipv6_never_makes_it_more_public(address: object) -> None:
    assert isinstance(address, IPv4Address)
    assert is_public(IPv6Address(f"::ffff:{address}")) == is_public(address)
    nat64 = IPv6Address(int(IPv6Address("64:ff9b::")) | int(address))
    six_to_four = IPv6Address((0x2002 << 112) | (int(address) << 80))
    assert not is_public(nat64)
    assert not is_public(six_to_four)


def test_a_name_that_changes_its_address_after_the_check_gains_nothing() -> None:
    """The first answer is checked and connected; a second look-up, which would lead to the canary, never happens."""
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.2"] if len(asked) == 1 else [LOOPBACK]

    async def work() -> None:
        async with serving(only_looks) as canary:
            harmless = 0

            async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                nonlocal harmless
                harmless += 1
                writer.close()

            listener = await asyncio.start_server(count, "127.0.0.2", canary.port)
            ways: dict[str, Any] = {"ports": [canary.port], "allowed_networks": ["127.0.0.2/32"], "may_call": anywhere}
            async with Client(lookup=rebinding, **ways) as client:
                with pytest.raises(NotSent):
                    await client.request("GET", canary.url(host="rebind.example", scheme="https"))
            listener.close()
            assert (asked, harmless, canary.connections) == (["rebind.example"], 1, 0)

    run(work())


def test_an_address_that_slipped_past_the_look_up_is_stopped_at_the_socket() -> None:
    async def lookup(host: str, port: int) -> Sequence[str]:
        return [LOOPBACK]

    async def work() -> None:
        async with (
            serving(only_looks) as canary,
            Client(lookup=lookup, ports=[canary.port], may_call=anywhere) as client,
        ):
            with patch.object(Guard, "admit"), pytest.raises(Refused):
                await client.request("GET", canary.url(host="hooks.example", scheme="https"))
            assert canary.connections == 0

    run(work())


def test_trust_is_for_one_host_and_port_only() -> None:
    guard = Guard(may_call=anywhere, trusted=[("localhost", 8100)])
    assert guard.target("http://localhost:8100/v1").host == "localhost"
    for url in ("http://localhost:8101/", "http://127.0.0.1:8100/", "http://other.example:8100/"):
        with pytest.raises(Refused):
            guard.target(url)
    guard.admit("localhost", 8100, [LOOPBACK])
    with pytest.raises(Refused):
        guard.admit("other.example", 8100, [LOOPBACK])
    assert guard.addressable(LOOPBACK, 8100)
    assert not guard.addressable(LOOPBACK, 443)


def test_an_allowed_network_still_needs_https() -> None:
    guard = Guard(may_call=anywhere, allowed_networks=["10.1.0.0/16"])
    assert guard.target("https://10.1.2.3/").host == "10.1.2.3"
    for url in ("http://10.1.2.3/", "https://10.2.0.1/", "https://10.1.2.3:22/"):
        with pytest.raises(Refused):
            guard.target(url)


def test_a_redirect_is_an_answer_and_not_an_order() -> None:
    async def work() -> None:
        async with serving(only_looks) as canary:

            async def sends_away(visit: Visit) -> None:
                await visit.request()
                await visit.answer(
                    f"HTTP/1.1 302 Found\r\nLocation: {canary.url()}\r\nContent-Length: 0\r\n\r\n".encode()
                )

            async with serving(sends_away) as server, Client(trusted=[*server.trusted, *canary.trusted]) as client:
                answer = await client.request("GET", server.url())
            assert (answer.status, canary.connections) == (302, 0)

    run(work())


def test_a_proxy_in_the_environment_is_not_obeyed() -> None:
    async def work() -> None:
        async with serving(only_looks) as canary, serving() as server, Client(trusted=server.trusted) as client:
            names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
            with patch.dict(os.environ, dict.fromkeys(names, canary.url())):
                answer = await client.request("GET", server.url())
            assert (answer.status, canary.connections) == (200, 0)

    run(work())


def test_a_call_can_be_held_to_named_hosts() -> None:
    async def work() -> None:
        async with serving() as server, Client(trusted=server.trusted) as client:
            with pytest.raises(Refused):
                await client.request("GET", server.url(), allow={"graph.facebook.com"})
            assert server.connections == 0
            assert (await client.request("GET", server.url(), allow={LOOPBACK})).status == 200

    run(work())


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "one\r\nHost: other"},
        {"X-A": "one\ntwo"},
        {"X-A": "\x00"},
        {"X-A": "é"},
        {"X\r\nY": "one"},
        {"": "one"},
        {"Host": "other.example"},
        {"content-length": "5"},
        {"Transfer-Encoding": "chunked"},
        {"Proxy-Authorization": "x"},
    ],
)
def test_headers_cannot_split_or_reframe_a_request(headers: dict[str, str]) -> None:
    async def work() -> None:
        async with serving() as server, Client(trusted=server.trusted) as client:
            with pytest.raises(Refused):
                await client.request("GET", server.url(), headers=headers)
            assert server.connections == 0

    run(work())


@pytest.mark.parametrize("method", ["get", "CONNECT", "TRACE", "GET / HTTP/1.1\r\nX: y\r\n", ""])
def test_odd_methods_are_refused(method: str) -> None:
    async def work() -> None:
        async with serving() as server, Client(trusted=server.trusted) as client:
            with pytest.raises(Refused):
                await client.request(method, server.url())
            assert server.connections == 0

    run(work())


def test_encoded_line_ends_stay_encoded() -> None:
    async def work() -> None:
        async with serving() as server, Client(trusted=server.trusted) as client:
            await client.request("GET", server.url("/a%0d%0aX:%20y?s=%2B%2f"))
            assert server.requests[0].startswith(b"GET /a%0d%0aX:%20y?s=%2B%2f HTTP/1.1\r\n")

    run(work())


def test_every_refusal_reads_the_same() -> None:
    guard = Guard(may_call=anywhere)
    texts = set()
    for url in ("https://127.0.0.1/", "http://good.example/", "https://a:1/", "nonsense"):
        with pytest.raises(Refused) as caught:
            guard.target(url)
        texts.add(repr(caught.value))
    assert len(texts) == 1
