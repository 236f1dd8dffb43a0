"""What stops a command and a person can mend. Standard library only."""


class Trouble(Exception):
    """Say, in one sentence, what is in the way and what to do about it. Commands print it without a traceback."""
