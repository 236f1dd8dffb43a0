"""What happens to the product while it works, by chance but the same for the same seed."""

import random
import time
from collections import Counter
from collections.abc import Callable

from tests.crash.mortal import Mortal
from tests.crash.processes import stop

# The share of calls to WhatsApp that end otherwise than they should.
TROUBLE = {
    "131000": 0.01,
    "130429": 0.005,
    "131026": 0.002,
    "page": 0.003,
    "page-but-sent": 0.003,
    "hangs": 0.002,
    "hangs-but-sent": 0.002,
}
HANGS_MS = 5_000
AWAY_S = (0.1, 6.0)


class Misfortunes:
    """Strikes one part after the other. Everything runs again after each."""

    def __init__(self, live: Mortal, chance: random.Random) -> None:
        self._live = live
        self._chance = chance
        self._struck: Counter[str] = Counter()
        self._all: dict[str, Callable[[], None]] = {
            "web killed": lambda: self._kill("web"),
            "worker killed": lambda: self._kill("worker"),
            "worker stopped": self._stop,
            "database killed": lambda: self._kill("postgres"),
            "worker and database killed": lambda: self._kill("worker", "postgres"),
            "all killed": lambda: self._kill("web", "worker", "postgres"),
        }

    def strike(self) -> None:
        """Let one thing happen, and return once pages are answered again."""
        name = self._chance.choice(list(self._all))
        self._all[name]()
        self._struck[name] += 1
        self._live.wait_for_web()

    def told(self) -> str:
        """Return how often what happened."""
        return ", ".join(f"{name} {count}x" for name, count in sorted(self._struck.items()))

    def pause_s(self) -> float:
        """Return how long all is quiet until the next strike."""
        return self._chance.uniform(3.0, 15.0)

    def _kill(self, *parts: str) -> None:
        for part in parts:
            self._live.kill_part(part)
        time.sleep(self._chance.uniform(*AWAY_S))
        for part in reversed(parts):
            self._live.start_part(part)

    def _stop(self) -> None:
        stop(self._live, "worker")
        self._live.start("worker")
