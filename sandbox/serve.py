"""Runs the sandbox: one process, one event loop, loopback only."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from sandbox import accounts
from sandbox.app import Application
from sandbox.customers.director import Director
from sandbox.settings import Settings
from sandbox.state import Keeper
from sandbox.world import World, demo_account

CONNECTIONS_MAX = 4096
PARENT_CHECK_S = 1.0
STOP_TIMEOUT_S = 2.0
BUSY_PORT_EXIT = 3
TURN_S = 0.0005  # the server's own thread brings each request, and waits for the loop's turn to end
COLLECT_AFTER = (50_000, 20, 100)  # a meter that stands still for a tenth of a second measures itself


async def serve(settings: Settings, *, parent: int | None = None) -> bool:
    """Serve until told to stop, or, where the process that started this one is named, until that one is gone.

    Return False when the server ended by itself instead.
    """
    keeper = Keeper(settings.state_file)
    world = World(settings, epoch=keeper.epoch)
    world.add_account(demo_account(), token=accounts.DEMO_TOKEN)
    director = Director(world)
    keeper.restore(world)
    world.on_change.append(lambda: keeper.save_soon(world))
    director.attend()
    server = Server(
        Application(world),
        port=settings.port,
        interface=Interfaces.ASGI,
        log_level=LogLevels.error,
        backlog=CONNECTIONS_MAX,
        backpressure=CONNECTIONS_MAX,
        websockets=False,
    )
    serving = asyncio.ensure_future(server.serve())
    waits: set[asyncio.Future[None]] = {serving, asyncio.ensure_future(_told_to_stop())}
    if parent is not None:
        waits.add(asyncio.ensure_future(_gone(parent)))
    sys.setswitchinterval(TURN_S)
    # What is loaded stays: the collector need not look through it again and again, holding everybody up.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    print(f"Sandbox: {settings.own_url}", flush=True)
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    as_told = not serving.done()
    world.close()
    server.stop()  # type: ignore[no-untyped-call]  # the library does not annotate it
    await asyncio.wait({serving}, timeout=STOP_TIMEOUT_S)
    keeper.save(world)
    return as_told


def run(settings: Settings, *, parent: int | None = None) -> int:
    """Serve until told to stop, then end the process; return only when it cannot begin."""
    if not _is_free(settings.port):
        print(f"Port {settings.port} is in use. Set TROTH_SANDBOX_PORT to another one, or stop what uses it.")
        return BUSY_PORT_EXIT
    as_told = True
    with contextlib.suppress(KeyboardInterrupt):
        as_told = asyncio.run(serve(settings, parent=parent))
    # The server's own threads panic when the interpreter is taken down around them: everything is saved, so leave.
    sys.stdout.flush()
    os._exit(0 if as_told else 1)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()


async def _gone(parent: int) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110 - nothing tells us, so we look
        await asyncio.sleep(PARENT_CHECK_S)
