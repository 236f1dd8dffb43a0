"""The gateway opens a port to whoever has a ticket for it, keeps what is said in one process, and lets it go with it."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from port import tickets
from port.tests.running import KEY, LONG_S, WORKSPACE, Browser, Gateway, is_alive, ticket
from sandbox.testing import RunningSandbox

WORD = "quincewort"
_numbers = count(1)


@pytest.fixture(scope="module")
def running(sandbox: RunningSandbox) -> Iterator[Gateway]:
    with Gateway(sandbox=sandbox.port) as made:
        yield made


@pytest.fixture
async def gateway(running: Gateway) -> Gateway:
    return await running.up()


class Linked:
    """A port whose phone is linked."""

    def __init__(self, gateway: Gateway, sandbox: RunningSandbox) -> None:
        self.gateway, self.sandbox, self.port = gateway, sandbox, uuid4()
        self.phone = ""

    async def link(self) -> "Linked":
        lines = [{"text": f"{WORD} of old"}]
        chats = [
            {"name": "Ann", "number": "+44 7700 900001", "lines": lines},
            {"name": "Mum", "number": "+44 7700 900002", "lines": lines},
        ]
        wish = {"owner": "Amy", "number": f"+1 202 557 {next(_numbers):04d}", "chats": chats}
        quick = {"chunk_ms": 0, "delivered_ms": 0, "read_ms": 0, "answers": False}
        self.phone = (await self.control("POST", "/web/phones", {**wish, "behaviour": quick}))["id"]
        await self.gateway.control("begin", port=str(self.port), driver="simulated")
        async with self.browser() as browser:
            went = await self.reaches(browser, "code")
            await self.happens("scan", code=went["code"])
            await self.reaches(browser, "ready")
        return self

    async def reaches(self, browser: Browser, state: str) -> dict[str, Any]:
        hello = await browser.event("hello")
        if hello["went"]["state"] == state:
            went: dict[str, Any] = hello["went"]
            return went
        return await browser.event("state", lambda told: told["state"] == state)

    def browser(self, **rights: Any) -> Any:
        return self.gateway.browser(ticket(self.port, **rights), port=self.port)

    async def happens(self, what: str, **facts: Any) -> dict[str, Any]:
        return await self.control("POST", f"/web/{what}", {"phone": self.phone, **facts})

    async def control(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return await asyncio.to_thread(self.sandbox.control, method, path, body)


@pytest.fixture
async def linked(gateway: Gateway, sandbox: RunningSandbox) -> AsyncIterator[Linked]:
    made = await Linked(gateway, sandbox).link()
    yield made
    await gateway.control("finish", port=str(made.port), why="released", unlink=True)
    await gateway.ends(made.port)


async def chosen(browser: Browser) -> str:
    """Choose Ann's conversation, and return its id."""
    await browser.event("hello")
    offered = await browser.ask("offered")
    ann: str = next(one["id"] for one in offered["chats"] if one["name"] == "Ann")
    await browser.ask("choose", chats=[ann])
    return ann


async def test_nothing_that_was_said_is_shown_before_somebody_chose(linked: Linked) -> None:
    async with linked.browser() as browser:
        hello = await browser.event("hello")
        assert (hello["chosen"], hello["count"]) == (False, 2)
        offered = await browser.ask("offered")
        assert [one["name"] for one in offered["chats"]] == ["Ann", "Mum"] or len(offered["chats"]) == 2
        assert (await browser.ask("chats"))["chats"] == []
        assert await browser.ask("messages", chat=offered["chats"][0]["id"]) == {"n": 3, "error": "not_shown"}
        await linked.happens("say", chat="Ann", text=f"{WORD} unseen")
        await asyncio.sleep(0.3)
        assert WORD not in str(browser.heard)
        ann = await chosen(browser)
        listed = await browser.ask("chats")
        assert [(one["chat"]["name"], one["latest"]["text"]) for one in listed["chats"]] == [("Ann", f"{WORD} unseen")]
        page = await browser.ask("messages", chat=ann)
        assert [one["text"] for one in page["messages"]] == [f"{WORD} of old", f"{WORD} unseen"]
        assert (await linked.gateway.state(linked.port))["messages"] == 2


async def test_it_is_said_both_ways(linked: Linked) -> None:
    async with linked.browser() as browser, linked.browser(writes=False, owns=False) as other:
        ann = await chosen(browser)
        told = await browser.ask("send", chat=ann, id="one", text="Until six")
        assert told["message"]["text"] == "Until six"
        assert (await other.event("said", lambda one: one["messages"][0]["text"] == "Until six"))["messages"]
        await linked.happens("say", chat="Ann", text="Thanks")
        assert await browser.event("said", lambda one: one["messages"][0]["text"] == "Thanks")
        assert (await other.ask("send", chat=ann, id="two", text="No"))["error"] == "not_yours"
        assert (await other.ask("offered"))["error"] == "not_yours"
        saw = await linked.control("GET", f"/web/saw?phone={linked.phone}", {})
        assert ["Until six" in str(act) for act in saw["acts"] if act["do"] == "send"] == [True]


async def test_a_file_is_opened_by_an_address_of_this_browsers_own(linked: Linked) -> None:
    async with linked.browser() as browser:
        ann = await chosen(browser)
        await linked.happens("say", chat="Ann", file={"kind": "image", "bytes": "iVBORw0KGgo="})
        told = await browser.event("said", lambda one: "file" in one["messages"][0])
        address = f"{browser.base}/files/{told['messages'][0]['file']['ref']}"
        async with browser.session.get(address) as answer:
            assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
            assert (await answer.read()).startswith(b"\x89PNG")
        await linked.happens("delete", chat="Ann", id=told["messages"][0]["id"])
        await browser.event("changed")
        async with browser.session.get(address) as answer:
            assert answer.status == 404
        hello = await browser.event("hello")
        brings = f"{browser.base}/files/{hello['brings_to']}"
        async with browser.session.put(brings, data=b"%PDF-1.7", headers={"Content-Type": "application/pdf"}) as answer:
            file = (await answer.json())["file"]
        sent = await browser.ask("send", chat=ann, id="paper", text="The menu", file=file, name="menu.pdf")
        assert sent["message"]["file"]["name"] == "menu.pdf"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        assert answer.status == 404


REFUSED = pytest.mark.parametrize(
    "made",
    [
        lambda port: "",
        lambda port: "forged.ticket",
        lambda port: ticket(port, ago_s=120),
        lambda port: ticket(port, ago_s=-120),
        lambda port: ticket(uuid4()),
        lambda port: tickets.issue(b"x" * 32, port=port, workspace=WORKSPACE, member=uuid4(), at=time.time(), writes=True, owns=True),
        lambda port: tickets.issue_control(KEY, at=time.time()),
    ],
    ids=["none", "forged", "too old", "of the future", "another port's", "another key's", "the product's own"],
)  # fmt: skip


@REFUSED
async def test_no_other_ticket_opens_a_port(linked: Linked, made: Any) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
        async with linked.gateway.browser(made(linked.port), port=linked.port):
            pass


async def test_a_ticket_opens_once(linked: Linked) -> None:
    one = ticket(linked.port)
    async with linked.gateway.browser(one, port=linked.port):
        with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
            async with linked.gateway.browser(one, port=linked.port):
                pass


async def test_pages_of_others_open_nothing(linked: Linked) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
        async with linked.gateway.browser(ticket(linked.port), port=linked.port, origin="http://elsewhere.test"):
            pass


async def test_the_products_own_door_takes_no_other_ticket(gateway: Gateway) -> None:
    for wrong in ("", "forged.ticket", ticket(uuid4())):
        assert await gateway.control("health", ticket=wrong) == {"status": 403}
    once = tickets.issue_control(KEY, at=time.time())
    assert "ports" in await gateway.control("health", ticket=once)
    assert await gateway.control("health", ticket=once) == {"status": 403}


async def test_whoever_may_look_no_more_is_out_within_seconds(linked: Linked) -> None:
    removed, stays = uuid4(), uuid4()
    async with linked.browser(member=removed) as browser, linked.browser(member=stays) as other:
        await browser.event("hello")
        await linked.gateway.control("expel", member=str(removed))
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(browser.event("never"), 5)
        with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):  # with a ticket that they had before
            async with linked.browser(member=removed):
                pass
        assert "chats" in await other.ask("chats")
        assert (await other.ask("renew", ticket=ticket(linked.port, member=removed)))["error"] == "not_yours"
        assert "until" in await other.ask("renew", ticket=ticket(linked.port, member=stays))


@pytest.mark.parametrize(
    ("happens", "why"),
    [("unlink", "unlinked"), ("ban", "banned"), ("replace", "replaced"), ("outdated", "outdated")],
)
async def test_however_it_ends_the_process_goes_and_its_screens_are_told(
    linked: Linked, happens: str, why: str
) -> None:
    (process,) = [one for one in linked.gateway.children() if WORD.encode() in memory_of(one)]
    async with linked.browser() as browser:
        await browser.event("hello")
        await linked.happens(happens)
        went = await browser.event("state", lambda told: told["state"] == "ended")
        assert went["end"] == why
    assert (await linked.gateway.ends(linked.port))["end"] == why
    assert not is_alive(process)
    with pytest.raises(aiohttp.WSServerHandshakeError, match="410"):
        async with linked.browser():
            pass


async def test_a_port_that_is_given_back_leaves_the_phone_and_nothing_here(linked: Linked) -> None:
    await linked.gateway.control("finish", port=str(linked.port), why="released", unlink=True)
    told = await linked.gateway.ends(linked.port)
    assert (told["end"], told["state"]) == ("released", "ended")
    assert not any(WORD.encode() in memory_of(one) for one in [linked.gateway.pid, *linked.gateway.children()])


async def test_ports_that_the_product_names_no_more_are_ended(linked: Linked) -> None:
    await linked.gateway.control("keep", ports=[])
    assert (await linked.gateway.ends(linked.port))["end"] == "withdrawn"


async def test_what_was_said_passes_one_process_and_no_file(linked: Linked, tmp_path: Path) -> None:
    began_at = time.time()
    async with linked.browser() as browser:
        ann = await chosen(browser)
        await browser.ask("send", chat=ann, id="one", text=f"{WORD} there")
        await linked.happens("say", chat="Ann", text=f"{WORD} back")
        await browser.event("said", lambda one: one["messages"][0]["text"] == f"{WORD} back")
        knows = [one for one in linked.gateway.children() if WORD.encode() in memory_of(one)]
        assert len(knows) == 1, "it is not the gateway's memory that is searched, or several ports know it"
        assert WORD.encode() not in memory_of(linked.gateway.pid)
        (process,) = knows
        assert {one.split(":")[0] for one in written_to(process)} <= {"socket", "anon_inode", "pipe", os.devnull}
    assert not [path for path in newer_than(began_at) if WORD.encode() in _read(path)]


@pytest.mark.parametrize("name", ["DATABASE_URL", "APP_DATABASE_URL", "TROTH_HOME", "AWS_SECRET_ACCESS_KEY"])
def test_a_gateway_that_is_told_too_much_does_not_start(sandbox: RunningSandbox, name: str) -> None:
    with Gateway(sandbox=sandbox.port, more={name: "postgresql://somewhere"}) as gateway:
        assert gateway.process is not None
        _, said = gateway.process.communicate(timeout=LONG_S)
        assert gateway.process.returncode != 0
        assert f"must not know: {name}" in said.decode()
        assert "somewhere" not in said.decode()


async def test_a_killed_gateway_takes_its_ports_along(sandbox: RunningSandbox) -> None:
    with Gateway(sandbox=sandbox.port) as gateway:
        await gateway.up()
        await gateway.control("begin", port=str(uuid4()), driver="simulated")
        (process,) = gateway.children()
        assert gateway.process is not None
        gateway.process.kill()
        await gateway.goes(process, within_s=5)


def memory_of(process: int) -> bytes:
    """Return all of a process's memory that can be written, nothing of one that is gone meanwhile."""
    try:
        return _memory_of(process)
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _memory_of(process: int) -> bytes:
    found = []
    with Path(f"/proc/{process}/maps").open() as maps, Path(f"/proc/{process}/mem").open("rb") as memory:
        for line in maps:
            span, modes = line.split()[:2]
            if "w" not in modes:
                continue
            start, end = (int(edge, 16) for edge in span.split("-"))
            try:
                memory.seek(start)
                found.append(memory.read(end - start))
            except OSError:
                continue
    return b"".join(found)


def written_to(process: int) -> list[str]:
    """Return what a process has open for writing."""
    return [os.readlink(one) for one in Path(f"/proc/{process}/fd").iterdir() if _is_writable(one)]


def newer_than(at: float) -> list[Path]:
    """Return the files that were written since, where programs write theirs."""
    # What other programs delete meanwhile is passed over.
    places = (place for folder in ("/tmp", "/dev/shm", "/var/tmp", "/run") for place in os.walk(folder))
    paths = [Path(folder, name) for folder, _folders, names in places for name in names]
    return [path for path in paths if path.is_file() and not path.is_symlink() and _is_newer(path, at)]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _is_writable(file: Path) -> bool:
    mode = Path(f"{file.parent.parent}/fdinfo/{file.name}").read_text().split("flags:\t")[1].split()[0]
    return bool(int(mode, 8) & (os.O_WRONLY | os.O_RDWR))


def _is_newer(path: Path, at: float) -> bool:
    try:
        return path.stat().st_mtime >= at and path.stat().st_size < 64 * 1024 * 1024
    except OSError:
        return False
