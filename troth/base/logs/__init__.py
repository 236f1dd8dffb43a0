"""Logs that help an operator and tell nothing about a customer: one JSON object a line, ids only.

Owns: what may pass into a log line, by allow-list; the last net behind it; the hooks for what nobody caught.
Never: the message of an exception, a local variable, a request's body, query or path, an argument of a log call.
Start here: `declare` an event beside the code that reports it, then call `event`.
"""

from troth.base.logs.config import LOGGING
from troth.base.logs.events import UndeclaredEvent, declare, event
from troth.base.logs.hooks import install_hooks, watch_loop
from troth.base.logs.kinds import (
    BYTES,
    CODE,
    COUNT,
    FLAG,
    ID,
    METHOD,
    ROUTE,
    SECONDS,
    STATUS,
    Kind,
    Unloggable,
    one_of,
)

__all__ = [
    "BYTES",
    "CODE",
    "COUNT",
    "FLAG",
    "ID",
    "LOGGING",
    "METHOD",
    "ROUTE",
    "SECONDS",
    "STATUS",
    "Kind",
    "UndeclaredEvent",
    "Unloggable",
    "declare",
    "event",
    "install_hooks",
    "one_of",
    "watch_loop",
]
