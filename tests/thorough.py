"""How much is tried: what an everyday run tries in part, `TROTH_TEST_THOROUGH=2 bin/test PATH` tries whole."""

import os

# How many times more examples are drawn than in an everyday run.
THOROUGH = int(os.environ.get("TROTH_TEST_THOROUGH", "1"))


def some(*, everyday: list[str], others: list[str]) -> list[str]:
    """Return what is tried in this run."""
    return everyday + others if THOROUGH > 1 else everyday
