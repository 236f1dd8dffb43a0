"""A sandbox inside the test: its real application called directly, its webhooks caught instead of posted."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from sandbox.accounts import Account, App, Callback, Number
from sandbox.app import Application
from sandbox.behaviour import QUICK, changed
from sandbox.meters import Meter
from sandbox.people import Person
from sandbox.phones import country_of
from sandbox.settings import Settings
from sandbox.testing import RunningSandbox
from sandbox.tests.linked import QUICK as QUICK_PHONE
from sandbox.world import World

TOKEN = "EAAtesting"
OTHER_TOKEN = "EAAother"
APP_SECRET = "0123456789abcdef0123456789abcdef"
DEV_TOKEN = "dev"
WABA, NUMBER, SECOND_NUMBER = "300", "400", "401"
OTHER_WABA, OTHER_NUMBER = "310", "410"
CALLBACK = "http://127.0.0.1:9/hooks"
CUSTOMER = "447700900123"


class Answer:
    """What came back."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status = status
        self.headers = {name.decode(): value.decode() for name, value in headers}
        self.body = body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> int | None:
        return self.json["error"]["code"] if self.status >= 400 else None


class Bench:
    """A world with two accounts, and the hooks that it sent."""

    def __init__(self, *, now: float = 1_763_800_000.0) -> None:
        self.time = now
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.world = World(Settings(dev_token=DEV_TOKEN, seed="tests"), post=self._post, clock=lambda: self.time)
        self.account = self._account(WABA, [NUMBER, SECOND_NUMBER], TOKEN)
        self.other = self._account(OTHER_WABA, [OTHER_NUMBER], OTHER_TOKEN)
        self.number = self.account.numbers[0]
        self.app = Application(self.world)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = TOKEN,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        path, _, query = path.partition("?")
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        sent = {"content-type": "application/json", **(headers or {})}
        if token:
            sent["authorization"] = f"Bearer {token}"
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        }
        received: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            received.append(message)

        await self.app(scope, receive, send)
        return Answer(received[0]["status"], received[0]["headers"], received[1]["body"])

    async def send(self, body: dict[str, Any], *, number: str = NUMBER, token: str | None = TOKEN) -> Answer:
        """Call `/messages` with the usual head filled in."""
        whole = {"messaging_product": "whatsapp", **body}
        if "to" not in whole and "recipient" not in whole:
            whole["to"] = f"+{CUSTOMER}"
        return await self.call("POST", f"/v26.0/{number}/messages", whole, token=token)

    async def control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        return await self.call(method, f"/_sandbox{path}", body, token=DEV_TOKEN)

    async def settle(self) -> None:
        """Let everything happen that is due now."""
        for _turn in range(60):
            await asyncio.sleep(0)

    def changes(self, field: str = "messages") -> list[dict[str, Any]]:
        """Return the values of all changes that were posted, in order."""
        return [
            change["value"]
            for _url, _headers, body in self.posts
            for entry in json.loads(body)["entry"]
            for change in entry["changes"]
            if change["field"] == field
        ]

    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.changes() for status in value.get("statuses", [])]

    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.changes() for message in value.get("messages", [])]

    def person(self, **facts: Any) -> Person:
        wa_id = facts.pop("wa_id", CUSTOMER)
        known = {"key": wa_id or facts.get("name", "somebody"), "name": "Ann", "wa_id": wa_id}
        known["country"] = country_of(wa_id) if wa_id else "GB"
        return self.world.people.add(Person(**{**known, **facts}))

    def behave(self, **wishes: Any) -> None:
        self.account.behaviour = changed(self.account.behaviour, wishes)

    async def _post(self, url: str, headers: dict[str, str], body: bytes, _timeout_s: float) -> int:
        self.posts.append((url, headers, body))
        return self.answers.pop(0) if self.answers else 200

    def _account(self, waba: str, numbers: list[str], token: str) -> Account:
        app = App(f"2{waba}", APP_SECRET if token == TOKEN else "f" * 32)
        account = Account(waba, f"Business {waba}", f"1{waba}", app, QUICK, subscribed=True)
        for index, number_id in enumerate(numbers):
            display = f"+44 20 7946 0{waba[-2]}{index}0"
            account.numbers.append(Number(number_id, display, f"Shop {number_id}", Meter()))
        self.world.add_account(account, token=token)
        account.callback = None
        app.callback = Callback(f"{CALLBACK}/{waba}", "verify")
        return account


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    made.world.close()


@pytest.fixture(scope="session")
def running() -> Iterator[RunningSandbox]:
    """A sandbox of its own process, for what has to be seen over real HTTP. Who uses it makes phones of their own."""
    with RunningSandbox() as sandbox:
        yield sandbox


@pytest.fixture
def new_phone(running: RunningSandbox, numbers: Iterator[int]) -> Callable[..., dict[str, Any]]:
    """Makes a phone with nobody else's number, where everything happens at once unless its `behaviour` says otherwise."""

    def make(*, behaviour: dict[str, Any] | None = None, **wishes: Any) -> dict[str, Any]:
        wishes |= {
            "owner": "Amy",
            "number": f"+1 202 555 {next(numbers):04d}",
            "behaviour": {**QUICK_PHONE, **(behaviour or {})},
        }
        return running.control("POST", "/web/phones", wishes)

    return make


@pytest.fixture(scope="session")
def numbers() -> Iterator[int]:
    return count(1)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The project's reference data, beside the checkout on machines that have it."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data" / "cloud-api"
    if not folder.is_dir():
        pytest.skip("no ../shared beside this checkout")
    return folder
