"""A host that is not declared is not called, whoever asks and however it is spelled; one that is announced waits."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest

from troth.base.clock import now
from troth.base.http import Client, NotSent, Refused
from troth.base.http import hosts as registry
from troth.base.http.guard import Guard
from troth.base.http.hosts import Host, declare_host, hosts, may_call
from troth.base.tests.test_http_servers import LOOPBACK, only_looks, run, serving

pytestmark = pytest.mark.clause("A3.1", "B6.1", "X11")


def host(name: str, **more: Any) -> Host:
    return Host(**{"name": name, "of": "Somebody", "purpose": "a test", "sends": ("nothing",), "where": "here"} | more)


@pytest.fixture(autouse=True)
def own_hosts() -> Iterator[None]:
    """Give every test the declared hosts as they were."""
    before = dict(registry._hosts)
    yield
    registry._hosts.clear()
    registry._hosts.update(before)
    registry.is_declared.cache_clear()


@pytest.mark.parametrize(
    "url",
    [
        "https://collector.example/",
        "https://graph.facebook.com.evil.example/",
        "https://evil-graph.facebook.com/",
        "https://facebook.com/",
        "https://www.graph.facebook.com/",
        "https://93.184.216.34/",
        "https://[2606:2800:220:1::1]/",
        "https://hooks.zapier.com/",
    ],
)
def test_no_packet_leaves_for_a_host_that_is_not_declared(url: str) -> None:
    """The canary answers for every name; the list alone stops the call."""
    asked: list[str] = []

    async def lookup(name: str, port: int) -> Sequence[str]:
        asked.append(name)
        return [LOOPBACK]

    async def work() -> None:
        async with serving(only_looks) as canary:
            ports, networks = [canary.port, 443], ["127.0.0.0/8", "0.0.0.0/0", "::/0"]
            async with Client(lookup=lookup, ports=ports, allowed_networks=networks) as client:
                for address in (url, url.replace("/", f":{canary.port}/") if url.count("/") == 1 else url):
                    with pytest.raises(Refused):
                        await client.request("POST", address, json={"phone": "+60123456789"})
            assert (asked, canary.connections) == ([], 0)

    run(work())


def test_the_canary_is_reached_once_its_name_is_declared() -> None:
    async def lookup(name: str, port: int) -> Sequence[str]:
        return [LOOPBACK]

    async def work() -> None:
        async with serving(only_looks) as canary:
            declare_host(host("collector.example"))
            async with Client(lookup=lookup, ports=[canary.port], allowed_networks=["127.0.0.0/8"]) as client:
                with pytest.raises(NotSent):  # it speaks no TLS, but it was called
                    await client.request("GET", canary.url(host="collector.example", scheme="https"))
            assert canary.connections == 1

    run(work())


def test_a_pattern_covers_what_lies_below_and_nothing_beside() -> None:
    declare_host(host("*.cdn.example"))
    assert may_call("a.cdn.example")
    assert may_call("A.B.CDN.example.")
    for other in ("cdn.example", "xcdn.example", "a.cdn.example.evil.example", "cdn.example.a"):
        assert not may_call(other), other


def test_a_host_that_is_announced_is_not_called_before_its_day() -> None:
    today = now().date()
    declare_host(host("soon.example", since=today + timedelta(days=1)))
    declare_host(host("today.example", since=today))
    assert not may_call("soon.example")
    assert may_call("today.example")
    assert registry.is_declared("soon.example", today + timedelta(days=1))


def test_what_was_allowed_once_is_asked_again_each_time() -> None:
    guard = Guard()
    declare_host(host("gone.example"))
    assert guard.target("https://gone.example/").host == "gone.example"
    del registry._hosts["gone.example"]
    registry.is_declared.cache_clear()
    with pytest.raises(Refused):
        guard.target("https://gone.example/")


@pytest.mark.parametrize(
    "name", ["", "*", "*.", "*.*", "Host.example", "host.example.", "*.com*", "localhost", "a*b.example"]
)
def test_a_pattern_that_would_let_anything_through_is_no_host(name: str) -> None:
    with pytest.raises(ValueError, match="is no host"):
        declare_host(host(name))


@pytest.mark.parametrize("silent", ["of", "purpose", "sends", "where"])
def test_a_host_says_all_of_itself(silent: str) -> None:
    with pytest.raises(ValueError, match="does not say"):
        declare_host(host("quiet.example", **{silent: () if silent == "sends" else ""}))


def test_a_host_is_declared_in_one_way_only() -> None:
    declare_host(host("twice.example"))
    declare_host(host("twice.example"))
    with pytest.raises(ValueError, match="twice"):
        declare_host(host("twice.example", purpose="something else"))
    assert len([one for one in hosts() if one.name == "twice.example"]) == 1
