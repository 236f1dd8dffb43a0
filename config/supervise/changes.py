"""Notices that a source file changed, by looking: no daemon, no dependency."""

from pathlib import Path

from config.home import CHECKOUT

_FOLDERS = ("troth", "config", "sandbox", "locale")
_ENDINGS = {".py", ".html", ".css", ".js", ".svg", ".txt", ".mo"}


class Changes:
    """Remembers the times of all source files."""

    def __init__(self) -> None:
        self._seen = _times()

    def happened(self) -> bool:
        """Tell whether anything changed since the last call."""
        now = _times()
        changed, self._seen = now != self._seen, now
        return changed


def _times() -> dict[Path, int]:
    times = {}
    for folder in _FOLDERS:
        for path in CHECKOUT.joinpath(folder).rglob("*"):
            if path.suffix in _ENDINGS:
                try:
                    times[path] = path.stat().st_mtime_ns
                except FileNotFoundError:
                    continue
    return times
