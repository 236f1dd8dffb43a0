"""What stops a command and a person can mend. Standard library only."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):
    """Say, in one sentence, what is in the way and what to do about it. Commands print it without a traceback."""


@contextmanager
def exit_in_trouble() -> Iterator[None]:
    """End this program with the sentence of a trouble. For programs that print none themselves."""
    try:
        yield
    except Trouble as trouble:
        sys.exit(str(trouble))
