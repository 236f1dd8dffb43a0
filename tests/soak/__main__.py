"""`bin/soak`: the long runs. `bin/soak` alone is the storm; `bin/soak webhooks` and `bin/soak wire` are the others."""

import argparse
import random
import signal
import sys


def main(arguments: list[str]) -> int:
    """Run what is asked for, and return the exit code: 1 where anything is wrong."""
    wanted = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is ended
    # Each is loaded when it is wanted: to read the wire takes the product's own code, and the storm none of it.
    if wanted.what == "webhooks":
        from tests.soak.flood import flood  # noqa: PLC0415

        return flood(number=wanted.number, seed=wanted.seed)
    if wanted.what == "wire":
        from tests.soak.fuzz import fuzz  # noqa: PLC0415

        return fuzz(minutes=wanted.minutes, seed=wanted.seed)
    from tests.soak.storm import storm  # noqa: PLC0415

    return storm(minutes=wanted.minutes, round_minutes=wanted.round, seed=wanted.seed)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/soak", description="Load and misfortune for an hour.")
    what = "storm: all parts are killed under load; webhooks: a flood of mixed deliveries; wire: mutated bodies"
    parser.add_argument("what", nargs="?", choices=["storm", "webhooks", "wire"], default="storm", help=what)
    parser.add_argument("--minutes", type=float, default=60.0, help="how long the storm and the wire take (60)")
    parser.add_argument("--round", type=float, default=5.0, help="minutes between two full checks of the storm (5)")
    parser.add_argument("--number", type=int, default=200_000, help="how many webhooks are delivered (200000)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="which of all chances")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
