"""Telling a sentence of the program from a sentence made of data."""

import sys

CALLERS_MAX = 40


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
