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
from tests.crash.pen import Desk
from tests.soak.misfortune import Misfortunes
from tests.soak.rounds import Scene, a_round, memory_mb, say

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
        tempfile.TemporaryDirectory() as name,
        mortal("soak", environment={"TROTH_SEND_TIMEOUT_S": str(PATIENCE_S)}) as live,
        Desk(live) as desk,
    ):
        folder, misfortunes = Path(name), Misfortunes(live, chance)
        while (left_s := ends_at - time.monotonic()) > 0:
            scene = Scene(live, desk, misfortunes, folder)
            made, storm = a_round(scene, number=len(storms), lasts_s=min(60 * wanted.round, left_s))
            totals += made
            storms.append(storm)
            say(f"round {len(storms)}: {made.told()}; memory {memory_mb(live)}")
            say(f"  in all: {totals.told()}; {misfortunes.told()}")
        for storm in storms:
            all_there_once(storm.house, storm.acknowledged(), file=folder / "ids")
    say(f"done: {totals.told()}; {misfortunes.told()}")
    say("nothing lost, nothing sent twice, everything uncertain flagged as such")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/soak", description="Load and misfortune for an hour.")
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (60)")
    parser.add_argument("--round", type=float, default=5.0, help="minutes between two full checks (5)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="which misfortunes")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
