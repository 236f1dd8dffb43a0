"""How one process shares its single interpreter between its loop and its threads."""

import gc
import sys

# While a thread works through a page or a batch, the loop waits for its turn. Shorter turns were measured to cost nothing,
# and to bring webhooks and pages a third sooner (docs/benchmarks.md).
TURN_S = 0.0005
# How many objects more before the collector looks for circles: among the young, every 20th time among the older, every
# 50th of those among all. A look through everything holds the whole process up for a tenth of a second.
COLLECT_AFTER = (20_000, 20, 50)


def share_well() -> None:
    """Let nobody hold the others up: short turns, and no collector that walks through all that was loaded at the start.

    Called once, when everything is imported and before work begins.
    """
    sys.setswitchinterval(TURN_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
