"""The line breaks and comes back; a session ends in every way that it can, and the device hears why, once."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.calls import call
from sandbox.testing import RunningSandbox, SandboxError
from sandbox.tests.conftest import Bench
from sandbox.tests.linked import LinkedDevice

NewPhone = Callable[..., dict[str, Any]]
ANN = {"name": "Ann", "number": "+44 7700 900001", "lines": [{"text": "Hello"}]}
ENDS = {
    "unlink": "unlinked",
    "replace": "replaced",
    "ban": "banned",
    "restrict": "restricted",
    "outdated": "outdated",
    "gone": "phone_gone",
}


@pytest.fixture
def phone(new_phone: NewPhone) -> dict[str, Any]:
    return new_phone(chats=[ANN])


@pytest.fixture
def device(running: RunningSandbox, phone: dict[str, Any]) -> LinkedDevice:
    return LinkedDevice(running).link_to(phone)


@pytest.mark.parametrize("how", ENDS)
def test_it_ends_and_says_why(device: LinkedDevice, phone: dict[str, Any], how: str) -> None:
    wish = {"phone": phone["id"], **({"until": 1_900_000_000_000} if how == "restrict" else {})}
    device.sandbox.control("POST", f"/web/{how}", wish)
    ended = device.until_told("ended")
    assert ended["why"] == ENDS[how]
    assert ended.get("until", 0) == wish.get("until", 0)
    assert device.do("typing", chat="Ann", on=True)[0] == 410
    status, answer = call("GET", device.address(f"events?after={device.heard}"))
    assert (status, answer["detail"]) == (410, ENDS[how])
    with pytest.raises(SandboxError, match="No device is linked"):
        device.sandbox.control("POST", f"/web/{how}", wish)


def test_a_device_takes_itself_off_the_phone(device: LinkedDevice, phone: dict[str, Any]) -> None:
    assert device.do("unlink")[0] == 200
    acts = device.sandbox.control("GET", f"/web/saw?phone={phone['id']}")["acts"]
    assert [(act["do"], act["why"]) for act in acts] == [("ended", "logged_out")]


def test_files_are_closed_with_the_session(device: LinkedDevice, phone: dict[str, Any]) -> None:
    ref = device.bring(b"data", "text/plain")
    assert device.fetch(ref)[0] == 200
    device.do("unlink")
    assert device.fetch(ref)[0] == 404


def test_the_line_breaks_while_somebody_listens_and_nothing_is_lost(
    device: LinkedDevice, phone: dict[str, Any]
) -> None:
    device.listen(wait=0)
    answers: list[int] = []
    listening = threading.Thread(
        target=lambda: answers.append(call("GET", device.address(f"events?after={device.heard}"))[0])
    )
    listening.start()
    device.sandbox.control("POST", "/web/offline", {"phone": phone["id"]})
    listening.join(timeout=5)
    assert answers == [503]
    assert device.do("send", id="r", chat="Ann", text="x")[0] == 503
    device.sandbox.control("POST", "/web/say", {"phone": phone["id"], "chat": "Ann", "text": "Meanwhile"})
    device.sandbox.control("POST", "/web/online", {"phone": phone["id"]})
    device.until_told("message")
    assert device.told("message")[0]["message"]["body"] == "Meanwhile"


async def test_whoever_waits_is_answered_when_the_sandbox_stops(bench: Bench) -> None:
    linked = (await bench.call("POST", "/web/link", {}, token=None)).json
    waiting = asyncio.ensure_future(bench.call("GET", f"/web/{linked['device']}/events", token=None))
    await bench.settle()
    bench.world.close()
    async with asyncio.timeout(1):
        assert (await waiting).status == 503
