"""After linking: people, conversations, then messages piece by piece, with LIDs that come in their midst."""

from collections.abc import Callable
from typing import Any

from sandbox.testing import RunningSandbox
from sandbox.tests.linked import LinkedDevice

NewPhone = Callable[..., dict[str, Any]]


def test_the_demo_phone_has_all_that_can_be_on_one(running: RunningSandbox, new_phone: NewPhone) -> None:
    device = LinkedDevice(running).link_to(new_phone())
    chats = device.told("chats")[0]["chats"]
    assert len(chats) == 14
    assert len([chat for chat in chats if chat["is_group"]]) == 2
    assert [chat["name"] for chat in chats if chat["ephemeral_s"]] == ["Hassan Ali"]
    assert [chat["name"] for chat in chats if chat["archived"]] == ["Market stall (old)"]
    people = device.told("people")[0]["people"]
    hidden = [one["push_name"] for one in people if not one["phone"]]
    assert hidden == ["Noor", "noor.s"]
    messages = device.messages()
    kinds = {message["type"] for message in messages}
    assert kinds == {
        "text", "image", "audio", "document", "location", "contact", "view_once", "call", "notice", "poll", "revoked",
    }  # fmt: skip
    for fact in ("quotes", "reactions", "edited", "expires"):
        assert any(fact in message for message in messages), fact
    assert [message["media"]["ptt"] for message in messages if message["type"] == "audio"] == [True]
    assert not any("media" in message for message in messages if message["type"] in ("view_once", "revoked"))
    quoted = {message["quotes"] for message in messages if "quotes" in message}
    assert quoted <= {message["id"] for message in messages}
    groups = {chat["id"]: set(chat["participants"]) for chat in device.told("chats")[-1]["chats"]}
    members = {one["sender"] for one in messages if one["chat"] in groups and "sender" in one}
    assert len(members) > 4


def test_instants_are_in_milliseconds_and_in_order(running: RunningSandbox, new_phone: NewPhone) -> None:
    device = LinkedDevice(running).link_to(new_phone())
    for chat in device.told("chats")[0]["chats"]:
        said = [message["t"] for message in device.messages() if message["chat"] == chat["id"]]
        assert said == sorted(said)
    assert min(message["t"] for message in device.messages()) > 10**12


def test_progress_goes_to_a_hundred_and_lids_come_in_between(running: RunningSandbox, new_phone: NewPhone) -> None:
    device = LinkedDevice(running).link_to(new_phone(behaviour={"chunk": 10}))
    progress = [event["progress"] for event in device.told("history")]
    assert progress == sorted(progress)
    assert progress[0] < 50
    assert progress[-1] == 100
    kinds = [event["type"] for event in device.events]
    assert kinds.index("history") < kinds.index("lid") < len(kinds) - kinds[::-1].index("history")
    for event in device.told("lid"):
        known = [message["sender"] for message in device.messages() if "sender" in message]
        people = [one["id"] for told in device.told("people") for one in told["people"]]
        assert {event["phone"], event["lid"]} & set(known)
        assert {event["phone"], event["lid"]} <= set(people)
    assert len(device.told("lid")) == 3


def test_a_history_can_be_very_long(running: RunningSandbox, new_phone: NewPhone) -> None:
    phone = new_phone(chats=[], behaviour={"history": 50_000, "history_chats": 500, "chunk": 1_000})
    device = LinkedDevice(running).link_to(phone)
    assert len({message["id"] for message in device.messages()}) == 50_000
    assert len(device.told("chats")[0]["chats"]) == 500


def test_what_disappeared_on_the_phone_is_not_in_it(running: RunningSandbox, new_phone: NewPhone) -> None:
    lines = [{"text": "gone", "expires": 1}, {"text": "stays"}]
    device = LinkedDevice(running).link_to(
        new_phone(chats=[{"name": "Ann", "number": "+447700900001", "lines": lines}])
    )
    assert [message["body"] for message in device.messages()] == ["stays"]


def test_older_messages_come_when_they_are_asked_for(running: RunningSandbox, new_phone: NewPhone) -> None:
    chat = {"name": "Mum", "number": "+447700900002", "more": 120}
    device = LinkedDevice(running).link_to(new_phone(chats=[chat]))
    came = device.messages()
    assert len(came) == 50
    before = came[0]["id"]
    for expected in (50, 20, 0):
        status, answer = device.do("older", chat="Mum", before=before, count=50)
        assert (status, len(answer["messages"])) == (200, expected)
        before = answer["messages"][0]["id"] if answer["messages"] else before
    assert device.do("older", chat="Mum", before="nothing", count=50)[1]["error"] == "no_such_message"
