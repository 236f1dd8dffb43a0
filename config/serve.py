"""Serves the web part: Granian, with our ASGI application in its worker. Run as `python -m config.serve`."""

import multiprocessing
import os
import signal
import sys
from importlib import import_module
from typing import Any

from granian.constants import Interfaces
from granian.server import Server

from config import media
from config.home import home
from config.operator import require_operator
from config.supervise.restored import exit_if_unfinished
from config.supervise.tether import tie_myself
from config.trouble import Trouble

APPLICATION = "config.asgi"

# Granian's own choice of 1,024 connections a worker would leave event streams beyond that number hanging in silence.
BACKLOG = 8192
BACKPRESSURE = 20_000
STOP_WITHIN_S = 2  # event streams never end by themselves; everything else is done by then


def main() -> None:
    """Serve until told to stop. TROTH_BIND, TROTH_PORT and TROTH_WEB_WORKERS say where and with how many processes.

    Raises: Trouble, where it may not open yet.
    """
    exit_if_unfinished(home())  # before anything else is asked for: that one must be finished first
    require_operator()
    media.chosen()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    server = Server(
        APPLICATION,
        address=os.environ.get("TROTH_BIND", "127.0.0.1"),
        port=int(os.environ.get("TROTH_PORT", "8000")),
        interface=Interfaces.ASGI,
        workers=int(os.environ.get("TROTH_WEB_WORKERS", "1")),
        backlog=BACKLOG,
        backpressure=BACKPRESSURE,
        websockets=False,
        log_access=False,  # an address may name a person's conversation
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_WITHIN_S,
    )
    server.serve(target_loader=_load_in_worker, wrap_loader=False)


def _load_in_worker() -> Any:
    """Load the application. A worker whose server was killed is of no use: its port is wanted by the next one."""
    server = multiprocessing.parent_process()
    tie_myself(signal.SIGKILL, parent=server.pid if server else None)
    return import_module(APPLICATION).application


if __name__ == "__main__":
    try:
        main()
    except Trouble as trouble:
        sys.exit(str(trouble))
