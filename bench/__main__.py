"""`bin/bench`: all workloads; `bin/bench W1 --json`: one, for machines; `--quick`: seconds each, for development."""

import argparse
import json
import signal
import sys
from types import FrameType

from bench import machine
from bench.figures import Result, Workload
from bench.stage import Stage
from bench.workloads import files, hardship, ingest, page, reading, screen, sending, standing, streaming, templates

WORKLOADS: dict[str, Workload] = {
    one.name: one
    for one in (
        ingest.WORKLOAD,
        screen.WORKLOAD,
        hardship.WORKLOAD,
        sending.WORKLOAD,
        templates.WORKLOAD,
        reading.WORKLOAD,
        streaming.WORKLOAD,
        standing.STARTING,
        standing.MEMORY,
        page.WORKLOAD,
        files.WORKLOAD,
    )
}


def main(arguments: list[str] | None = None) -> int:
    """Measure what is asked for. Returns the exit code: 0 also where an aim is missed, since a figure is no failure."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, _stop)
    about = machine.describe()
    if not options.json:
        print(", ".join(f"{name} {value}" for name, value in about.items()), flush=True)
    results = []
    for name in options.workloads or WORKLOADS:
        runs = options.runs or (1 if options.quick else 3)
        result = measure(WORKLOADS[name], runs=runs, quick=options.quick, patience_s=options.patience)
        results.append(result)
        if not options.json:
            print("\n" + (result.markdown() if options.markdown else result.table()), flush=True)
    if options.json:
        packed = [one.packed() for one in results]
        json.dump({"machine": about, "quick": options.quick, "workloads": packed}, sys.stdout)
        print()
    return 0


def _stop(_number: int, _frame: FrameType | None) -> None:
    """End as Ctrl-C does, so that what was started is stopped."""
    raise KeyboardInterrupt


def measure(workload: Workload, *, runs: int, quick: bool, patience_s: float = 0) -> Result:
    """Run one workload so many times, on a database server of its own."""
    result = Result(workload.name, workload.title, workload.lines)
    rounds = [range(runs)] if workload.one_stage else [range(number, number + 1) for number in range(runs)]
    for numbers in rounds:
        with Stage() as stage:
            for number in numbers:
                machine.wait_for_quiet(within_s=patience_s)
                result.before.append(machine.quiet(stage.home).report())
                result.runs.append(workload.run(stage, number=number, quick=quick, notes=result.notes))
    return result


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measures the product against its aims.")
    parser.add_argument(
        "workloads", nargs="*", metavar="W1", help=f"of {', '.join(WORKLOADS)}; all where none is named"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="for machines")
    form.add_argument("--markdown", action="store_true", help="for docs/benchmarks.md")
    parser.add_argument(
        "--quick", action="store_true", help="one short run each: to see that it works, not for figures"
    )
    parser.add_argument("--runs", type=int, help="how many runs the median is taken of (3)")
    patience = "wait up to so many seconds before each run for the machine to be quiet; run flagged where it is not"
    parser.add_argument("--patience", type=float, default=0, metavar="SECONDS", help=patience)
    options = parser.parse_args(arguments)
    unknown = [name for name in options.workloads if name not in WORKLOADS]
    if unknown:
        parser.error(f"there is no {' and no '.join(unknown)}: choose from {', '.join(WORKLOADS)}")
    return options


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
