"""`bin/soak`: an hour of load while web, worker and database are killed at random; ends with 1 if anything was lost."""

import argparse
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.crash.checks import Totals, all_there_once
from tests.crash.load import Storm
from tests.crash.mortal import mortal
from tests.soak.misfortune import Misfortunes
from tests.soak.rounds import a_round, memory_mb, say

PATIENCE_S = 3.0  # how long the product waits for an answer of the sandbox, which hangs now and then


def main(arguments: list[str]) -> int:
    """Run, and return the exit code."""
    wanted = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is ended
    chance = random.Random(wanted.seed)
    say(f"{wanted.minutes:g} minutes, seed {wanted.seed}; every round on a new house, checked at its end")
    ends_at = time.monotonic() + 60 * wanted.minutes
    totals, storms = Totals(), list[Storm]()
    with (
        tempfile.TemporaryDirectory() as folder,
        mortal("soak", environment={"TROTH_SEND_TIMEOUT_S": str(PATIENCE_S)}) as live,
    ):
        misfortunes = Misfortunes(live, chance)
        while (left_s := ends_at - time.monotonic()) > 0:
            made, storm = a_round(
                live, misfortunes, number=len(storms), lasts_s=min(60 * wanted.round, left_s), folder=Path(folder)
            )
            totals += made
            storms.append(storm)
            say(f"round {len(storms)}: {made}; so far {totals}; struck {misfortunes.told()}; memory {memory_mb(live)}")
        for storm in storms:
            all_there_once(storm.house, storm.acknowledged(), file=Path(folder) / "ids")
    say(f"done: {totals}; struck {misfortunes.told()}; 0 lost, 0 twice, each uncertain one flagged")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/soak", description="Load and misfortune for an hour.")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (60)")
    parser.add_argument("--round", type=float, default=5.0, help="minutes between two full checks (5)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="which misfortunes")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
