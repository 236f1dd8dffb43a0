"""Telling a sentence of the program from a sentence made of data."""

import sys

CALLERS_MAX = 40

# What event loops say of errors that nobody waited for, and our word for it. They build the rest of the text from data.
# Source: asyncio of Python 3.11 and aiohttp 3.14, their calls of the loop's exception handler (read 2026-11-22).
LOOP_TEXTS = {
    "Task exception was never retrieved": "task_never_retrieved",
    "Future exception was never retrieved": "future_never_retrieved",
    "Task was destroyed but it is pending!": "task_destroyed",
    "Unhandled exception in client_connected_cb": "server_callback",
    "Unclosed client session": "unclosed_session",
    "Unclosed connector": "unclosed_connector",
    "Unclosed connection": "unclosed_connection",
    "Unclosed response": "unclosed_response",
    "socket.accept() out of system resource": "accept_out_of_resources",
    "unhandled exception during asyncio.run() shutdown": "shutdown",
}


def is_literal(text: object) -> bool:
    """Return whether the text stands, word for word, in the code that is calling right now.

    `log.info("Not found: %s", path)` passes its template and nothing of the path; `log.info(f"Not found: {path}")`
    builds its text from data, so it is nobody's literal. Must be called while the log call is under way.
    """
    if not isinstance(text, str):
        return False
    frame = sys._getframe(1)
    for _ in range(CALLERS_MAX):
        # Only exact strings: a constant may be of any type, and compare in any way.
        if any(type(constant) is str and constant == text for constant in frame.f_code.co_consts):
            return True
        if frame.f_back is None:
            return False
        frame = frame.f_back
    return False
