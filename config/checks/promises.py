"""How our promises stand, in numbers. This is what `bin/promises` becomes.

bin/promises                        run the tests that prove clauses, measure, and write docs/promises.md
bin/promises --known                the same from what earlier runs left, without running anything
bin/promises --json                 print the numbers as JSON too
bin/promises --saboteurs [WHAT ...] break promises on purpose: all, or those of a clause, an area, or a word in the name
bin/promises --freeze DAY           make the clauses the policy's next version
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from config.checks import browser, saboteurs, test
from config.checks.numbers import Numbers, gather, write_page
from config.home import CHECKOUT
from config.trouble import Trouble
from troth.privacy.policy import results, versions
from troth.privacy.policy.clauses import PolicyError, clauses

SABOTAGE = CHECKOUT / "var" / "promises" / "saboteurs.json"


def main(arguments: Sequence[str]) -> int:
    """Do what was asked. Returns 0 when all is as promised, 1 otherwise."""
    asked = _options(arguments)
    os.chdir(CHECKOUT)
    if asked.freeze:
        return _freeze(asked)
    browser.ensure()
    os.environ["TROTH_CHROMIUM"] = browser.chromium() or ""
    if asked.saboteurs is not None:
        return _sabotage(asked.saboteurs, at_once=asked.at_once)
    if not asked.known:
        _run_tests()
        _measure_walls()
    found = gather(results.local_file(), SABOTAGE)
    write_page(found)
    _ship()
    print(json.dumps(found.told(), indent=1) if asked.json else found.words())
    return 0 if found.is_well else 1


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/promises", description="How our promises stand, in numbers.")
    parser.add_argument("--json", action="store_true", help="print the numbers as JSON")
    parser.add_argument("--known", action="store_true", help="use what earlier runs found; run nothing")
    parser.add_argument("--saboteurs", nargs="*", metavar="WHAT", help="break promises on purpose")
    parser.add_argument("--at-once", type=int, default=1, metavar="N", help="how many saboteurs at the same time")
    parser.add_argument("--freeze", type=date.fromisoformat, metavar="DAY", help="make the clauses a version")
    parser.add_argument("--effective", type=date.fromisoformat, metavar="DAY", help="when that version takes effect")
    parser.add_argument("--significant", action="store_true", help="it matters, so owners hear of it 30 days before")
    parser.add_argument("--summary", default="", help="what changes, in a sentence or two")
    return parser.parse_args(list(arguments))


def _run_tests() -> None:
    """Run every test that proves a clause. What fails is a number here, not a reason to stop."""
    proving = [option for clause in clauses().all for option in ("--clause", clause.id)]
    subprocess.run(test.command(["-q", *proving]), cwd=CHECKOUT, check=False, stdout=sys.stderr)


def _measure_walls() -> None:
    subprocess.run([sys.executable, "-m", "bench.walls"], cwd=CHECKOUT, check=False, stdout=sys.stderr)


def _ship() -> None:
    """Put what the tests said beside the release, so that an installation can show it."""
    source = results.local_file()
    if source.exists():
        results.SHIPPED.write_bytes(source.read_bytes())


def _sabotage(wanted: Sequence[str], *, at_once: int) -> int:
    chosen = saboteurs.chosen(wanted)
    if not chosen:
        raise Trouble(f"There is no saboteur for {' '.join(wanted)}; see policy/saboteurs/.")
    known = _known_outcomes()
    proofs = results.by_clause(results.newest(results.SHIPPED, results.local_file()), clauses())
    for id in sorted({clauses().named(one.clause).id for one in chosen}):
        if id not in proofs or not proofs[id].passed:
            print(
                f"Beware: the tests of {id} are not known to pass; run bin/test --clause {id} first.", file=sys.stderr
            )
    for outcome in saboteurs.let_loose(chosen, at_once=at_once):
        one = outcome.saboteur
        print(f"{outcome.verdict:8} {one.clause:6} {one.name} ({outcome.seconds:.0f} s)", flush=True)
        if outcome.words:
            print("    " + outcome.words.replace("\n", "\n    "), file=sys.stderr, flush=True)
        known[f"{one.area}/{one.clause}/{one.name}"] = outcome.verdict
        _keep(known)
    verdicts = [known[f"{one.area}/{one.clause}/{one.name}"] for one in chosen]
    caught = verdicts.count(saboteurs.CAUGHT)
    print(f"{caught} of {len(chosen)} caught.")
    return 0 if caught == len(chosen) else 1


def _known_outcomes() -> dict[str, str]:
    """Return what became of saboteurs that still exist, from earlier runs."""
    try:
        known = json.loads(SABOTAGE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    there = {f"{one.area}/{one.clause}/{one.name}" for one in saboteurs.saboteurs()}
    return {name: verdict for name, verdict in known.items() if name in there}


def _keep(known: dict[str, str]) -> None:
    SABOTAGE.parent.mkdir(parents=True, exist_ok=True)
    draft = SABOTAGE.with_suffix(".draft")
    draft.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(SABOTAGE)


def _freeze(asked: argparse.Namespace) -> int:
    if not asked.summary:
        raise Trouble("Say with --summary what changes, in words that everybody understands.")
    try:
        made: Path = versions.freeze(
            clauses(),
            on=asked.freeze,
            effective=asked.effective or asked.freeze,
            significant=asked.significant,
            summary=asked.summary,
            folder=versions.VERSIONS,
        )
    except PolicyError as refusal:
        raise Trouble(f"This cannot become a version: {refusal}.") from refusal
    print(f"Frozen: {made.relative_to(CHECKOUT)}")
    return 0


__all__ = ["Numbers", "main"]

if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(str(trouble))
