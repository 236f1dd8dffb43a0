"""Somebody writes, edits, deletes, reacts, reads, is renamed on the phone: the device hears of it."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.testing import RunningSandbox, SandboxError
from sandbox.tests.linked import LinkedDevice

NewPhone = Callable[..., dict[str, Any]]
ANN = {"name": "Ann", "number": "+44 7700 900001", "lines": [{"text": "Hello"}, {"mine": True, "text": "Hi Ann"}]}
TEAM = {"group": "Team", "members": [{"name": "Ann", "number": "+44 7700 900001"}, {"called": "Bo"}]}
OLU = {"called": "Olu", "number": "+44 7700 900003", "lid": "none", "lines": [{"text": "Hey"}]}


class Linked:
    """A device and its phone."""

    def __init__(self, sandbox: RunningSandbox, phone: dict[str, Any]) -> None:
        self.sandbox, self.phone = sandbox, phone
        self.device = LinkedDevice(sandbox).link_to(phone)

    def happens(self, what: str, **facts: Any) -> dict[str, Any]:
        return self.sandbox.control("POST", f"/web/{what}", {"phone": self.phone["id"], **facts})

    def said(self, **wish: Any) -> dict[str, Any]:
        id = self.happens("say", **{"chat": "Ann", **wish})["id"]
        return next(one["message"] for one in self._messages() if one["message"]["id"] == id)

    def _messages(self) -> list[dict[str, Any]]:
        self.device.until_told("message")
        self.device.listen(wait=0)
        return self.device.told("message")


@pytest.fixture
def linked(running: RunningSandbox, new_phone: NewPhone) -> Linked:
    return Linked(running, new_phone(chats=[ANN, TEAM, OLU]))


def test_somebody_writes(linked: Linked) -> None:
    message = linked.said(text="Are you open?")
    assert (message["type"], message["body"], message["from_me"]) == ("text", "Are you open?", False)
    assert message["sender"] == message["chat"]
    assert "@lid" in message["chat"]


def test_a_member_of_a_group_writes(linked: Linked) -> None:
    message = linked.said(chat="Team", by="Bo", text="All of you!")
    assert message["chat"].endswith("@g.us")
    assert message["sender"].endswith("@lid")
    with pytest.raises(SandboxError, match="There is no Zed in Team"):
        linked.happens("say", chat="Team", by="Zed", text="?")


def test_the_owner_writes_on_the_phone(linked: Linked) -> None:
    message = linked.said(mine=True, text="From the phone")
    assert message["from_me"]
    assert message["ack"] == 1


def test_a_stranger_writes_for_the_first_time(linked: Linked) -> None:
    linked.happens("say", chat=None, number="+44 7700 900004", called="Zoë", text="Who are you?")
    linked.device.until_told("message")
    assert linked.device.told("people")[-1]["people"][0]["push_name"] == "Zoë"
    assert len(linked.device.told("chats")[-1]["chats"]) == 1


@pytest.mark.parametrize("kind", ["image", "video", "audio", "voice", "document", "sticker"])
def test_files_of_every_kind_can_be_said_and_fetched(linked: Linked, kind: str) -> None:
    message = linked.said(text="look", file={"kind": kind, "name": "a.bin"})
    assert message["type"] == ("audio" if kind == "voice" else kind)
    assert message["media"]["ptt"] == (kind == "voice")
    status, data = linked.device.fetch(message["media"]["ref"])
    assert (status, len(data)) == (200, message["media"]["bytes"])


def test_a_file_has_the_wished_bytes_or_size(linked: Linked) -> None:
    data = b"\x00\xffbytes"
    small = linked.said(file={"kind": "document", "data": base64.b64encode(data).decode()})
    assert linked.device.fetch(small["media"]["ref"]) == (200, data)
    large = linked.said(file={"kind": "document", "size": 3_000_001})
    assert len(linked.device.fetch(large["media"]["ref"])[1]) == large["media"]["bytes"] == 3_000_001


def test_other_kinds_of_messages(linked: Linked) -> None:
    place = linked.said(place=[3.1, 101.6, "Here"])
    assert place["location"] == {"latitude": 3.1, "longitude": 101.6, "name": "Here"}
    card = linked.said(cards=[["Bo", "+44 7700 900009"]])
    assert card["contacts"] == [{"name": "Bo", "phone": "+44 7700 900009"}]
    once = linked.said(view_once=True, file={"kind": "image"})
    assert once["type"] == "view_once"
    assert "media" not in once
    assert linked.said(text="soon gone", expires=1_900_000_000_000)["expires"] == 1_900_000_000_000
    assert linked.said(kind="poll")["type"] == "poll"
    quoting = linked.said(text="that one", quotes=place["id"])
    assert quoting["quotes"] == place["id"]


def test_a_message_is_edited_reacted_to_and_deleted(linked: Linked) -> None:
    id = linked.said(text="Helo")["id"]
    linked.happens("edit", chat="Ann", id=id, text="Hello")
    linked.happens("react", chat="Ann", id=id, emoji="👍")
    linked.happens("react", chat="Ann", id=id, emoji="❤️", mine=True)
    linked.happens("delete", chat="Ann", id=id)
    linked.device.until_told("change", revoked=True)
    changes = [event for event in linked.device.told("change") if event["id"] == id]
    assert changes[0]["body"] == "Hello"
    assert [event["reaction"]["from_me"] for event in changes[1:3]] == [False, True]
    assert len(changes) == 4


def test_ticks_can_be_given_by_hand_but_never_taken_back(linked: Linked) -> None:
    ours = linked.said(mine=True, text="Hi")
    for status in ("read", "delivered", "failed", "read"):
        linked.happens("tick", chat="Ann", id=ours["id"], status=status)
    linked.device.until_told("change", ack=-1)
    linked.device.listen(wait=0)
    assert [event["ack"] for event in linked.device.told("change")] == [3, -1]
    theirs = linked.said(text="Hi")
    with pytest.raises(SandboxError, match="Only what the phone's owner said"):
        linked.happens("tick", chat="Ann", id=theirs["id"], status="read")


def test_typing_reading_renaming_clearing(linked: Linked) -> None:
    linked.happens("typing", chat="Ann")
    linked.happens("typing", chat="Ann", on=False)
    linked.happens("read", chat="Ann")
    linked.happens("rename", chat="Ann", name="Ann Lee")
    linked.happens("rename", chat="Team", name="The team")
    linked.happens("clear", chat="Ann Lee")
    linked.device.until_told("chat_deleted")
    assert [event["on"] for event in linked.device.told("typing")] == [True, False]
    assert linked.device.told("read")
    assert linked.device.told("people")[-1]["people"][0]["saved_as"] == "Ann Lee"
    assert linked.device.told("chats")[-1]["chats"][0]["name"] == "The team"
    with pytest.raises(SandboxError, match="has no conversation"):
        linked.happens("read", chat="Ann Lee")


def test_a_lid_appears_for_somebody_known_by_number(linked: Linked) -> None:
    before = linked.said(chat="Olu", text="Before")
    assert before["chat"] == "447700900003@s.whatsapp.net"
    lid = linked.happens("alias", who="Olu")["lid"]
    linked.device.until_told("lid", phone=before["chat"], lid=lid)
    assert linked.said(chat=before["chat"], text="After")["chat"] == lid
    with pytest.raises(SandboxError, match="known by a LID already"):
        linked.happens("alias", who="Olu")


@pytest.mark.parametrize(
    "wish",
    [
        {"chat": "Nobody", "text": "x"},
        {"chat": None, "text": "x"},
        {"chat": "Ann", "file": {"kind": "nonsense"}},
        {"chat": "Ann", "file": {"kind": "image", "data": "%%%"}},
        {"chat": "Ann", "file": {"kind": "image", "size": 10**9}},
        {"chat": "Ann", "phone": "nobody", "text": "x"},
    ],
)
def test_what_cannot_be_is_refused(linked: Linked, wish: dict[str, Any]) -> None:
    with pytest.raises(SandboxError):
        linked.happens("say", **wish)
