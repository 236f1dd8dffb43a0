"""Ends the product's processes: politely, or as a power cut would."""

from tests.live import Live

STOPS_WITHIN_S = 9.0  # the supervisor waits 8 seconds before it kills


def stop(live: Live, name: str) -> int:
    """Ask web or worker to end, as the supervisor does, and return its exit code."""
    process = live.processes.pop(name)
    process.terminate()
    return process.wait(STOPS_WITHIN_S)
