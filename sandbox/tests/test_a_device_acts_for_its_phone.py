"""What a device sends, edits, reads and brings reaches the phone; ticks and answers come back."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.testing import RunningSandbox
from sandbox.tests.linked import LinkedDevice

NewPhone = Callable[..., dict[str, Any]]
LONG_AGO = 1_600_000_000_000
ANN = {
    "name": "Ann",
    "number": "+44 7700 900001",
    "lines": [{"mine": True, "text": "Old", "at": LONG_AGO}, {"text": "Hello"}],
    "answers": ["Thank you!"],
}
LIAM = {"name": "Liam", "number": "+44 7700 900002", "lines": [{"mine": True, "text": "Hello?"}]}


@pytest.fixture
def phone(new_phone: NewPhone) -> dict[str, Any]:
    return new_phone(chats=[ANN, LIAM])


@pytest.fixture
def device(running: RunningSandbox, phone: dict[str, Any]) -> LinkedDevice:
    return LinkedDevice(running).link_to(phone)


def acts(device: LinkedDevice, phone: dict[str, Any], what: str) -> list[dict[str, Any]]:
    answer = device.sandbox.control("GET", f"/web/saw?phone={phone['id']}")
    return [act for act in answer["acts"] if act["do"] == what]


def said(device: LinkedDevice, **facts: Any) -> dict[str, Any]:
    status, answer = device.do("send", **{"id": "r1", "chat": "Ann", "text": "Hi", **facts})
    assert status == 200, answer
    return dict(answer["message"])


def hello(device: LinkedDevice) -> dict[str, Any]:
    """Return what Ann has written."""
    return next(message for message in device.messages() if message.get("body") == "Hello")


def test_a_message_gets_its_ticks_one_after_the_other(device: LinkedDevice, phone: dict[str, Any]) -> None:
    message = said(device, text="Yes, until seven")
    assert message["ack"] == 1
    device.until_told("change", id=message["id"], ack=3)
    assert [event["ack"] for event in device.told("change")] == [2, 3]
    assert [act["message"]["body"] for act in acts(device, phone, "send")] == ["Yes, until seven"]
    assert device.told("message") == []  # whoever said it is not told again


def test_the_same_request_twice_says_it_once(device: LinkedDevice, phone: dict[str, Any]) -> None:
    assert said(device, id="same")["id"] == said(device, id="same")["id"]
    assert len(acts(device, phone, "send")) == 1


def test_another_device_of_the_phone_hears_of_it(device: LinkedDevice, phone: dict[str, Any]) -> None:
    other = LinkedDevice(device.sandbox).link_to(phone)
    message = said(device)
    device.do("react", chat="Ann", id=message["id"], emoji="👍")
    device.do("edit", chat="Ann", id=message["id"], text="Hello")
    device.do("delete", chat="Ann", id=message["id"])
    other.until_told("change", revoked=True)
    assert other.told("message")[0]["message"]["id"] == message["id"]
    assert not any("revoked" in event for event in device.told("change"))


def test_people_write_back_after_a_moment(running: RunningSandbox, new_phone: NewPhone) -> None:
    phone = new_phone(chats=[ANN], behaviour={"answers": True, "answer_ms": 10})
    device = LinkedDevice(running).link_to(phone)
    said(device)
    device.until_told("message")
    assert [event["on"] for event in device.told("typing")] == [True, False]
    assert device.told("message")[0]["message"]["body"] == "Thank you!"


def test_an_act_reaches_the_phone(device: LinkedDevice, phone: dict[str, Any]) -> None:
    message = said(device)
    theirs = hello(device)["id"]
    device.do("typing", chat="Ann", on=True)
    device.do("read", chat="Ann", ids=[theirs])
    device.do("react", chat="Ann", id=theirs, emoji="👍")
    device.do("edit", chat="Ann", id=message["id"], text="Hello")
    device.do("delete", chat="Ann", id=message["id"])
    for what in ("typing", "read", "react", "edit", "delete"):
        assert len(acts(device, phone, what)) == 1, what
    assert acts(device, phone, "read")[0]["ids"] == [theirs]
    lines = device.sandbox.control("GET", f"/web/saw?phone={phone['id']}&chat=Ann")["lines"]
    assert [line["kind"] for line in lines] == ["text", "text", "revoked"]
    assert lines[1]["reactions"] == ["👍"]


def test_only_what_is_ours_and_young_can_be_changed(device: LinkedDevice) -> None:
    old = next(message["id"] for message in device.messages() if message.get("body") == "Old")
    theirs = hello(device)["id"]
    for what in ("edit", "delete"):
        assert device.do(what, chat="Ann", id=theirs, text="x")[1]["error"] == "not_ours"
        assert device.do(what, chat="Ann", id=old, text="x")[1]["error"] == "too_late"
        assert device.do(what, chat="Ann", id="none", text="x")[1]["error"] == "no_such_message"


def test_a_file_is_brought_and_then_said(device: LinkedDevice) -> None:
    ref = device.bring(b"%PDF-1.4 hello", "application/pdf")
    message = said(device, text="The bill", file={"ref": ref, "kind": "document", "name": "bill.pdf"})
    assert message["media"]["name"] == "bill.pdf"
    assert message["media"]["mime"] == "application/pdf"
    assert device.fetch(ref) == (200, b"%PDF-1.4 hello")
    for missing in ({"ref": "none", "kind": "image"}, {"kind": "image"}):
        assert device.do("send", id="r2", chat="Ann", file=missing)[1]["error"] == "no_such_file"


def test_places_and_cards_can_be_said(device: LinkedDevice) -> None:
    place = {"latitude": 3.1, "longitude": 101.6, "name": "Here"}
    assert said(device, text="", location=place)["location"] == place
    assert said(device, id="r2", text="", cards=[["Bo", "+44 7700 900009"]])["contacts"][0]["name"] == "Bo"
    assert device.do("send", id="r3", chat="Ann", text="", quotes="x")[1]["error"] == "empty"


def test_first_messages_are_refused_for_a_while(device: LinkedDevice, phone: dict[str, Any]) -> None:
    until = int(time.time() * 1000) + 60_000
    device.sandbox.control("POST", "/web/limit", {"phone": phone["id"], "until": until, "announced": True})
    device.until_told("time_lock", until=until)
    status, answer = device.do("send", id="r1", chat="Liam", text="Hello again")
    assert (status, answer["error"], answer["until"]) == (403, "463", until)
    said(device, id="r2", chat="Ann")


def test_as_many_sends_are_refused_as_wished(device: LinkedDevice, phone: dict[str, Any]) -> None:
    device.sandbox.control("POST", "/web/limit", {"phone": phone["id"], "sends": 1})
    assert device.do("send", id="r1", chat="Ann", text="Hi")[1]["error"] == "463"
    said(device, id="r1")


@pytest.mark.parametrize("what", [{"do": "dance"}, {"do": "send"}, {"do": "older", "chat": "Ann"}, {}])
def test_what_is_not_understood_is_said_so(device: LinkedDevice, what: dict[str, Any]) -> None:
    status, answer = device.do(what.pop("do", ""), **what)
    assert (status, answer["error"]) == (400, "not_understood")
