"""The process of a port whose WhatsApp is the edge: the engine as it is installed, behind the gateway's walls.

It differs from `port/process.py` in three things: the engine is led through the edge's proxy, which is the only port that the
walls leave open; it trusts the edge; and what it tells goes to a test instead of a session.
"""

import asyncio
import base64
import os
import socket
import sys
from typing import Any

import msgspec

from port.contract import Event, Outgoing, Refused
from port.drivers.neonize.engine import Engine
from port.walls import die_with_parent, raise_walls
from tests.edge import trust

PORT_ID = "6f1f0c1e-0000-4000-8000-000000000001"


def main(file: int, through: str, key: str) -> None:
    """Be the process. `file` is the socket to the test, `key` the public key of the edge's authority within."""
    die_with_parent()
    parent = socket.socket(fileno=file)
    engine = Engine(PORT_ID, through=through)
    trust.exchange(bytes.fromhex(key))
    standing = raise_walls(connects_to=[int(through.rpartition(":")[2])])
    asyncio.run(_live(parent, engine, {"landlock": standing.landlock, "net": standing.net}))
    os._exit(0)


async def _live(parent: socket.socket, engine: Engine, walls: dict[str, Any]) -> None:
    reader, writer = await asyncio.open_connection(sock=parent)

    def tell(event: Event) -> None:
        writer.write(b'{"event":' + msgspec.json.encode(event) + b"}\n")

    writer.write(msgspec.json.encode({"walls": walls}) + b"\n")
    tasks = set()
    while line := await reader.readline():
        task = asyncio.create_task(_do(engine, tell, msgspec.json.decode(line), writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _do(engine: Engine, tell: Any, asked: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    answer: dict[str, Any] = {"n": asked["n"]}
    try:
        answer["answer"] = await _does(engine, tell, asked["do"], asked["given"])
    except Refused as refused:
        answer["refused"] = refused.why
    except Exception as error:  # noqa: BLE001  # the test is told, whatever it is
        answer["broke"] = repr(error)
    writer.write(msgspec.json.encode(answer) + b"\n")


async def _does(engine: Engine, tell: Any, name: str, given: dict[str, Any]) -> Any:
    if name == "start":
        return await engine.start(tell)
    if name == "capabilities":
        return engine.capabilities
    if name == "send":
        data = given.get("data")
        out = msgspec.convert(given["out"], Outgoing)
        return await engine.send(out, base64.b64decode(data) if data is not None else None)
    if name == "file":
        pieces = [piece async for piece in engine.file(given["ref"])]
        return {"pieces": len(pieces), "data": base64.b64encode(b"".join(pieces)).decode()}
    return await getattr(engine, name)(**given)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
