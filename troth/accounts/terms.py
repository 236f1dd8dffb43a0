"""Which version of the policy somebody agrees to. The app that keeps the policy says which one is in force."""

from collections.abc import Callable

_in_force: Callable[[], str] | None = None


def register_version(in_force: Callable[[], str]) -> None:
    """Name the function that tells which version is in force now. Called once, from an app's `ready`."""
    global _in_force
    _in_force = in_force


def current_version() -> str:
    """Return the name of the version that is in force now."""
    assert _in_force is not None, "no app has said which policy is in force"
    return _in_force()
