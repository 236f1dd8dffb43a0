"""A device for tests: speaks with the sandbox as the product's gateway would, over real HTTP."""

from typing import Any

from sandbox.calls import call, call_raw
from sandbox.testing import RunningSandbox

QUICK = {"chunk_ms": 0, "delivered_ms": 0, "read_ms": 0, "answers": False}


class LinkedDevice:
    """One device, from its first code on."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        status, answer = call("POST", f"{sandbox.url}/web/link", body={"name": "Test"})
        assert status == 201, answer
        self.id, self.code, self.until = answer["device"], answer["code"], answer["until"]
        self.heard = 0
        self.events: list[dict[str, Any]] = []

    def listen(self, *, wait: float = 5) -> list[dict[str, Any]]:
        """Return what is new."""
        status, answer = call("GET", self.address(f"events?after={self.heard}&wait={wait}"))
        assert status == 200, answer
        self.heard = answer["events"][-1]["n"] if answer["events"] else self.heard
        self.events += answer["events"]
        return list(answer["events"])

    def until_told(self, kind: str, **facts: Any) -> dict[str, Any]:
        """Listen until something of this kind is told, and return it."""
        for _turn in range(200):
            for event in self.events:
                if event["type"] == kind and facts.items() <= event.items():
                    return event
            self.listen()
        raise AssertionError(f"Nothing of {kind} was told, but {[event['type'] for event in self.events]}")

    def link_to(self, phone: dict[str, Any]) -> "LinkedDevice":
        """Let a phone scan the code, and listen to its history."""
        self.sandbox.control("POST", "/web/scan", {"phone": phone["id"], "code": self.code})
        self.until_told("synced")
        return self

    def do(self, what: str, **facts: Any) -> tuple[int, dict[str, Any]]:
        return call("POST", self.address("do"), body={"do": what, **facts})

    def bring(self, data: bytes, mime: str) -> str:
        status, body = call_raw("POST", self.address("files"), headers={"Content-Type": mime}, body=data)
        assert status == 201, body
        return body.decode().split('"')[3]

    def fetch(self, ref: str) -> tuple[int, bytes]:
        return call_raw("GET", self.address(f"files/{ref}"))

    def address(self, what: str) -> str:
        return f"{self.sandbox.url}/web/{self.id}/{what}"

    def told(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    def messages(self) -> list[dict[str, Any]]:
        """Return all messages of the history."""
        return [message for event in self.told("history") for message in event["messages"]]
