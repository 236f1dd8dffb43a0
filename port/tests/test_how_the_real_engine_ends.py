"""The engine as it is installed tells every end as what it is, and leaves nothing behind."""

import contextlib
import os
from pathlib import Path

import pytest

from port.contract import (
    End,
    State,
    Went,
)
from port.tests.at_the_edge import World, needs_the_engine, states, words
from tests.edge.binary import Id, Node, Value
from tests.edge.edge import Edge
from tests.edge.engine import EngineAtWork

pytestmark = needs_the_engine


async def test_it_comes_again_when_the_connection_is_lost(world: World) -> None:
    connection = await world.link()
    connection.drop()
    await world.engine.told(Went, lambda went: went.state is State.RECONNECTING)
    again = await world.edge.until(
        lambda: next((one for one in world.edge.connections if one is not connection and one.is_in), None)
    )
    again.deliver(world.anna, words("there again"))
    await world.engine.said("there again")
    await world.engine.until(lambda: states(world.engine)[-2:] == [State.RECONNECTING, State.READY])


async def test_the_phone_takes_it_off_its_list(world: World) -> None:
    connection = await world.link()
    connection.tell("stream:error", {"code": "401"}, Node("conflict", {"type": "device_removed"}))
    assert (await world.ended()).end is End.UNLINKED


async def test_the_same_device_speaks_from_elsewhere(world: World) -> None:
    connection = await world.link()
    connection.tell("stream:error", {}, Node("conflict", {"type": "replaced"}))
    assert (await world.ended()).end is End.REPLACED


@pytest.mark.parametrize(
    ("refusal", "end"),
    [
        ({"reason": "401"}, End.UNLINKED),
        ({"reason": "402", "code": "101", "expire": "3600"}, End.RESTRICTED),
        ({"reason": "402", "code": "999", "expire": "3600"}, End.RESTRICTED),
        ({"reason": "403"}, End.PHONE_GONE),
        ({"reason": "405"}, End.OUTDATED),
        ({"reason": "406"}, End.BANNED),
        ({"reason": "409"}, End.OUTDATED),
    ],
    ids=lambda value: str(value.get("reason", "") + value.get("code", "")) if isinstance(value, dict) else str(value),
)
async def test_it_is_not_let_in_again(world: World, refusal: dict[str, Value], end: End) -> None:
    connection = await world.link()
    world.edge.refuses = refusal
    connection.drop()
    went = await world.ended()
    assert went.end is end
    assert bool(went.restricted_until) == (refusal.get("code") == "101")


async def test_an_outdated_engine_is_told_so_before_it_shows_a_code(tmp_path: Path) -> None:
    edge = Edge(tmp_path)
    edge.refuses_all = {"reason": "405"}
    engine = EngineAtWork(edge, await edge.start())
    try:
        await engine.start()
        went = await engine.told(Went, lambda went: went.state is State.ENDED)
        assert went.end is End.OUTDATED
    finally:
        await engine.stop()
        await edge.stop()


async def test_a_passkey_is_more_than_it_can(world: World) -> None:
    await world.engine.code()
    [connection] = world.edge.connections
    options = Node("passkey_request_options", {}, b'{"challenge":"AAAA","rpId":"whatsapp.com"}')
    about: dict[str, Value] = {"type": "passkey_prologue_request", "from": Id(""), "id": "1", "t": "1"}
    connection.tell("notification", about, options)
    assert (await world.ended()).end is End.PASSKEY_UNSUPPORTED


async def test_whatsapp_that_cannot_be_reached_is_an_end(tmp_path: Path) -> None:
    edge = Edge(tmp_path)
    through = await edge.start()
    await edge.stop()
    engine = EngineAtWork(edge, through)
    try:
        await engine.start()
        went = await engine.told(Went, lambda went: went.state is State.ENDED)
        assert went.end is End.UNREACHABLE
    finally:
        await engine.stop()


async def test_giving_it_back_takes_it_off_the_phones_list(world: World) -> None:
    await world.link()
    await world.engine.ask("stop", unlink=True)
    await world.edge.until(lambda: world.edge.unlinked)
    assert not world.phone.linked


async def test_ending_it_without_that_leaves_it_on_the_list_and_is_quiet(world: World) -> None:
    connection = await world.link()
    await world.engine.ask("stop", unlink=False)
    await world.edge.until(lambda: connection not in world.edge.connections)
    assert world.phone.linked
    assert State.RECONNECTING not in states(world.engine)


async def test_it_holds_no_file_that_it_could_write(world: World) -> None:
    connection = await world.link()
    connection.deliver(world.anna, words("secret"))
    await world.engine.said("secret")
    assert writable(world.engine.process.pid) == []


def writable(process: int) -> list[str]:
    """Return the files that a process could write to."""
    held = []
    for file in Path(f"/proc/{process}/fd").iterdir():
        with contextlib.suppress(OSError):
            target = os.readlink(file)
            flags = int(Path(f"/proc/{process}/fdinfo/{file.name}").read_text().split("flags:")[1].split()[0], 8)
            if target.startswith("/") and target != "/dev/null" and flags & (os.O_WRONLY | os.O_RDWR):
                held.append(target)
    return held
