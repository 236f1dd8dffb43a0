"""Finds the ports to listen on."""

import errno
import os
import socket

from config.trouble import Trouble

_TRIES = 50


def choose(variable: str, *, default: int, taken: frozenset[int] = frozenset()) -> int:
    """Return the port that the environment names, or the first free one from the default on.

    Raises: Trouble, when the port that somebody chose is busy or is no port.
    """
    chosen = os.environ.get(variable, "").strip()
    if chosen:
        return _checked(variable, chosen)
    for port in range(default, default + _TRIES):
        if port not in taken and is_free(port):
            return port
    raise Trouble(f"The ports {default} to {default + _TRIES - 1} are all in use: set {variable} to a free one.")


def is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    """Tell whether a server could listen there now. Raises: Trouble, when we may not listen there at all."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
            attempt.listen(1)
        except OSError as refusal:
            if refusal.errno == errno.EACCES:
                raise Trouble(f"This account may not listen on port {port}: set TROTH_PORT above 1023.") from refusal
            return False
    return True


def _checked(variable: str, chosen: str) -> int:
    if not chosen.isdecimal() or not 0 < int(chosen) < 65536:
        raise Trouble(f"{variable} is {chosen!r}, which is not a port: choose a number from 1 to 65535.")
    if not is_free(int(chosen)):
        raise Trouble(f"Port {chosen} is in use by another program: stop it, or set {variable} to a free port.")
    return int(chosen)
