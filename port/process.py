"""The process of one port. Its end is the purge.

It is started with one socket, on which it is told which port it is and handed the browsers' connections. It dies with its
parent, by the kernel's hand and by the end of that socket.
"""

import asyncio
import os
import socket
import sys

from port import drivers, wire
from port.session import Session
from port.talk import server_of
from port.walls import die_with_parent, raise_walls

HTTPS = 443


def main(file: int) -> None:
    """Be the process of one port. `file` is the socket to the gateway."""
    die_with_parent()
    parent = socket.socket(fileno=file)
    received = wire.receive(parent)
    if received is None or not isinstance(received[0], wire.Begin):
        return
    begin = received[0]
    driver = drivers.make(begin)
    sandbox = [int(begin.sandbox.rpartition(":")[2])] if begin.sandbox else []
    raise_walls(connects_to=sandbox if begin.driver == "simulated" else [HTTPS])
    asyncio.run(Session(begin, parent, driver, serve=server_of).run())
    # No goodbye of the interpreter's: the memory goes at once.
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
