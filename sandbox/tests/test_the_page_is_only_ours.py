"""The page's files, its cookie, and who may use the control addresses with it."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from sandbox.page import FILES, FOLDER
from sandbox.tests.conftest import Bench

HOST = {"host": "127.0.0.1:8100"}
OWN = {**HOST, "origin": "http://127.0.0.1:8100"}


async def cookie_of(bench: Bench) -> str:
    answer = await bench.call("GET", "/", token=None, headers=HOST)
    return answer.headers["set-cookie"].split(";")[0]


@pytest.mark.parametrize("path", FILES)
async def test_its_files_are_served_under_a_strict_policy(bench: Bench, path: str) -> None:
    answer = await bench.call("GET", path, token=None, headers=HOST)
    assert answer.status == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_it_asks_no_foreign_host_and_has_nothing_inline() -> None:
    html = (FOLDER / "index.html").read_text()
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*src=)", html)
    for file in Path(FOLDER).iterdir():
        found = re.findall(r"(?:https?:)?//[a-z0-9.-]+", file.read_text())
        assert [address for address in found if "w3.org" not in address] == []
    for script in Path(FOLDER).glob("*.js"):
        assert "innerHTML" not in script.read_text()


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(bench: Bench) -> None:
    answer = await bench.call("GET", "/", token=None, headers=HOST)
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=Strict" in answer.headers["set-cookie"]


async def test_the_page_may_read_and_change(bench: Bench) -> None:
    cookie = {"cookie": await cookie_of(bench)}
    assert (await bench.call("GET", "/_sandbox/state", token=None, headers={**HOST, **cookie})).status == 200
    said = {"person": "somebody", "text": "hi", "to": "400"}
    answer = await bench.call("POST", "/_sandbox/say", said, token=None, headers={**OWN, **cookie})
    assert answer.status == 201


@pytest.mark.parametrize(
    "headers",
    [
        {},
        HOST,
        {**HOST, "origin": "http://evil.example"},
        {"host": "evil.example", "origin": "http://evil.example"},
        {"host": "127.0.0.1:8100", "origin": "null"},
    ],
)
async def test_another_site_may_not(bench: Bench, headers: dict[str, str]) -> None:
    cookie = {"cookie": await cookie_of(bench)}
    answer = await bench.call("POST", "/_sandbox/say", {"person": "x"}, token=None, headers={**cookie, **headers})
    assert answer.status == 401


async def test_without_cookie_or_token_nothing_opens(bench: Bench) -> None:
    for token in (None, "wrong", "EAAtesting"):
        assert (await bench.call("GET", "/_sandbox/state", token=token, headers=HOST)).status == 401
    assert (await bench.call("GET", "/", token=None, headers={"host": "rebound.example"})).status == 403


async def test_people_and_their_threads(bench: Bench) -> None:
    made = await bench.control("POST", "/people", {"name": "Zoë"})
    key = made.json["key"]
    await bench.control("POST", "/say", {"known": key, "text": "hello", "to": "400"})
    people = (await bench.control("GET", "/people?number=400")).json["people"]
    assert [(person["name"], person["last"], person["reads"]) for person in people] == [("Zoë", "hello", False)]
    assert people[0]["wa_id"] is None
    await bench.send({"recipient": people[0]["user_id"], "text": {"body": "Hi Zoë"}})
    await bench.settle()
    thread = (await bench.control("GET", f"/thread?number=400&person={key}")).json
    assert [(line["out"], line["content"]["body"], line["status"]) for line in thread["lines"]] == [
        (False, "hello", ""),
        (True, "Hi Zoë", "delivered"),
    ]


async def test_pictures_are_shown_and_never_run(bench: Bench) -> None:
    medium = bench.world.media.keep(b"<svg>", "image/svg+xml", number_id="400", now=int(bench.time), uploaded=False)
    answer = await bench.control("GET", f"/media?id={medium.id}")
    assert "sandbox" in answer.headers["content-security-policy"]
    other = bench.world.media.keep(b"x", "text/html", number_id="400", now=int(bench.time), uploaded=False)
    assert (await bench.control("GET", f"/media?id={other.id}")).status == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/say", {}),
        ("/say", {"from": "abc"}),
        ("/say", {"from": "+447700900123", "to": "999"}),
        ("/behaviour", {"waba_id": "300", "speed": 1}),
        ("/behaviour", {"waba_id": "300", "read_ms": [5, 1]}),
        ("/behaviour", {"waba_id": "999"}),
        ("/accounts", {"numbers": 0}),
        ("/nothing", {}),
    ],
)
async def test_a_wrong_wish_is_refused_with_a_reason(bench: Bench, path: str, body: dict[str, object]) -> None:
    answer = await bench.control("POST", path, body)
    assert answer.status in {400, 404}
    assert answer.json["error"]


async def test_an_open_page_is_told_to_look_again(bench: Bench) -> None:
    cookie = await cookie_of(bench)
    received: list[bytes] = []
    gone = asyncio.Event()
    told = asyncio.Event()

    async def receive() -> dict[str, object]:
        if received:
            await gone.wait()
            return {"type": "http.disconnect"}
        received.append(b"")
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            received.append(message["body"])
            told.set()

    headers = [(b"host", b"127.0.0.1:8100"), (b"cookie", cookie.encode())]
    scope = {"type": "http", "method": "GET", "path": "/_sandbox/events", "headers": headers}
    streaming = asyncio.ensure_future(bench.app(scope, receive, send))
    await told.wait()
    told.clear()
    bench.world.threads.version += 1
    await told.wait()
    gone.set()
    await streaming
    assert received[1:] == [b"data: 0\n\n", b"data: 1\n\n"]
