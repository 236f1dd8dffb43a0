"""`bin/soak`: an hour of load while web, worker and database are killed at random; ends with 1 if anything was lost."""

import random
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


def storm(*, minutes: float, round_minutes: float, seed: int) -> int:
    """Let it rage for so long, and return the exit code."""
    chance = random.Random(seed)
    say(f"{minutes:g} minutes, seed {seed}; every round on a new house, checked at its end")
    ends_at = time.monotonic() + 60 * minutes
    totals, storms = Totals(), list[Storm]()
    with (
        tempfile.TemporaryDirectory() as name,
        mortal("soak", environment={"TROTH_SEND_TIMEOUT_S": str(PATIENCE_S)}) as live,
        Desk(live) as desk,
    ):
        folder, misfortunes = Path(name), Misfortunes(live, chance)
        while (left_s := ends_at - time.monotonic()) > 0:
            scene = Scene(live, desk, misfortunes, folder)
            made, one = a_round(scene, number=len(storms), lasts_s=min(60 * round_minutes, left_s))
            totals += made
            storms.append(one)
            say(f"round {len(storms)}: {made.told()}; memory {memory_mb(live)}")
            say(f"  in all: {totals.told()}; {misfortunes.told()}")
        for one in storms:
            all_there_once(one.house, one.acknowledged(), file=folder / "ids")
    say(f"done: {totals.told()}; {misfortunes.told()}")
    say("nothing lost, nothing sent twice, everything uncertain flagged as such")
    return 0
