"""Which ports are taken, and what is said when they are busy."""

import socket
from collections.abc import Iterator

import pytest

from config.supervise import ports
from config.trouble import Trouble


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_busy_port_that_somebody_chose_is_named_with_its_setting(busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROTH_PORT", str(busy))
    with pytest.raises(Trouble, match=rf"Port {busy} is in use .* set TROTH_PORT"):
        ports.choose("TROTH_PORT", default=8000)


def test_a_busy_port_that_nobody_chose_is_passed_over(busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TROTH_PORT", raising=False)
    found = ports.choose("TROTH_PORT", default=busy)
    assert busy < found < busy + 50
    assert ports.is_free(found)


def test_two_programs_never_get_the_same_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TROTH_PORT", raising=False)
    first = ports.choose("TROTH_PORT", default=20_000)
    assert ports.choose("TROTH_PORT", default=20_000, taken=frozenset({first})) != first


@pytest.mark.parametrize("nonsense", ["http", "0", "65536", "-1", "80 80"])
def test_what_is_no_port_is_refused(nonsense: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROTH_PORT", nonsense)
    with pytest.raises(Trouble, match="not a port"):
        ports.choose("TROTH_PORT", default=8000)
