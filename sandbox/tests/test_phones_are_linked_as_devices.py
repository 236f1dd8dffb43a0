"""A device shows codes, a phone scans one or types eight characters, and the device is linked."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from sandbox.calls import call
from sandbox.testing import RunningSandbox, SandboxError
from sandbox.tests.conftest import Bench
from sandbox.tests.linked import LinkedDevice
from sandbox.tests.test_customers_live import Clockwork

NewPhone = Callable[..., dict[str, Any]]


@pytest.fixture
def quick_codes(running: RunningSandbox) -> Iterator[None]:
    running.control("POST", "/web/codes", {"first_ms": 60, "next_ms": 20, "count": 6})
    yield
    running.control("POST", "/web/codes", {})


async def test_the_first_code_holds_a_minute_and_five_more_twenty_seconds_each(bench: Bench) -> None:
    clockwork = Clockwork(bench)
    linked = (await bench.call("POST", "/web/link", {"name": "Test"}, token=None)).json
    codes, ends = {linked["code"]}, [linked["until"]]
    assert ends == [int((bench.time + 60) * 1000)]
    began = bench.time
    await clockwork.run(159)
    events = (await bench.call("GET", f"/web/{linked['device']}/events?wait=0", token=None)).json["events"]
    codes |= {event["code"] for event in events}
    ends += [event["until"] for event in events]
    assert len(codes) == 6
    assert [round(end / 1000 - began) for end in ends] == [60, 80, 100, 120, 140, 160]
    await clockwork.run(2)
    answer = await bench.call("GET", f"/web/{linked['device']}/events?after={len(events)}&wait=0", token=None)
    assert [(event["type"], event["why"]) for event in answer.json["events"]] == [("ended", "not_scanned")]


def test_codes_can_be_made_to_pass_quickly(running: RunningSandbox, quick_codes: None) -> None:
    device = LinkedDevice(running)
    device.until_told("ended", why="not_scanned")
    assert len(device.told("code")) == 5
    assert call("GET", device.address(f"events?after={device.heard}"))[0] == 410


def test_a_phone_that_scans_the_code_has_a_device(running: RunningSandbox, new_phone: NewPhone) -> None:
    phone = new_phone(chats=[])
    device = LinkedDevice(running)
    waiting = running.control("GET", "/web/phones")["waiting"]
    assert [one["name"] for one in waiting if one["code"] == device.code] == ["Test"]
    device.link_to(phone)
    listed = running.control("GET", "/web/phones")
    assert [one["devices"][0]["state"] for one in listed["phones"] if one["id"] == phone["id"]] == ["ready"]
    assert device.id not in [one["device"] for one in listed["waiting"]]
    assert device.told("linked")[0]["number"] == phone["number"]


def test_a_wrong_code_links_nothing(running: RunningSandbox, new_phone: NewPhone) -> None:
    phone = new_phone(chats=[])
    LinkedDevice(running)
    for code in ("", "sandbox:linked_devices#nonsense"):
        with pytest.raises(SandboxError, match="Scan the one that is shown now"):
            running.control("POST", "/web/scan", {"phone": phone["id"], "code": code})


def test_a_code_that_was_renewed_is_refused(running: RunningSandbox, new_phone: NewPhone, quick_codes: None) -> None:
    phone = new_phone(chats=[])
    device = LinkedDevice(running)
    device.until_told("code")
    with pytest.raises(SandboxError, match="it has been renewed"):
        running.control("POST", "/web/scan", {"phone": phone["id"], "code": device.code})


def test_eight_characters_can_be_typed_instead(running: RunningSandbox, new_phone: NewPhone) -> None:
    phone, other = new_phone(chats=[]), new_phone(chats=[])
    device = LinkedDevice(running)
    status, answer = device.do("pair_code", phone=f"+{phone['number']}")
    assert (status, len(answer["code"])) == (200, 8)
    wrong = ({"phone": other["id"], "code": answer["code"]}, {"phone": phone["id"], "code": "ABCD-EFGH"})
    for wish in wrong:
        with pytest.raises(SandboxError, match="No device waits"):
            running.control("POST", "/web/type", wish)
    typed = f"{answer['code'][:4]}-{answer['code'][4:].lower()}"
    running.control("POST", "/web/type", {"phone": phone["id"], "code": typed})
    device.until_told("synced")
    assert device.do("pair_code", phone=f"+{phone['number']}")[1]["error"] == "not_waiting"


def test_a_phone_may_be_asked_for_a_passkey(running: RunningSandbox, new_phone: NewPhone) -> None:
    phone = new_phone(chats=[])
    running.control("POST", "/web/passkey", {"phone": phone["id"]})
    device = LinkedDevice(running)
    running.control("POST", "/web/scan", {"phone": phone["id"], "code": device.code})
    device.until_told("passkey_request")
    assert device.do("send", id="1", chat="Ann", text="too early")[1]["error"] == "not_linked"
    running.control("POST", "/web/passkey", {"phone": phone["id"], "on": False})
    LinkedDevice(running).link_to(phone)


def test_a_version_that_is_too_old_gets_no_code(running: RunningSandbox) -> None:
    running.control("POST", "/web/outdated", {"new": True})
    try:
        assert call("POST", f"{running.url}/web/link", body={})[0] == 405
    finally:
        running.control("POST", "/web/outdated", {"new": False})


def test_nobody_else_opens_a_device(running: RunningSandbox) -> None:
    assert call("GET", f"{running.url}/web/nobody/events")[0] == 404
    assert call("POST", f"{running.url}/web/nobody/do", body={"do": "unlink"})[0] == 404
    assert call("GET", f"{running.url}/web/nobody/files/x")[0] == 404


async def test_a_device_that_nobody_heard_of_for_long_is_forgotten(bench: Bench) -> None:
    Clockwork(bench)
    first = (await bench.call("POST", "/web/link", {}, token=None)).json["device"]
    await bench.control("POST", "/web/scan", {"device": first})
    bench.time += 601
    await bench.call("POST", "/web/link", {}, token=None)
    assert (await bench.call("GET", f"/web/{first}/events?wait=0", token=None)).status == 404
    phones = (await bench.control("GET", "/web/phones")).json["phones"]
    assert [phone["devices"] for phone in phones] == [[], []]
