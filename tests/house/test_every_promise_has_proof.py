"""Every sentence of the policy has a test that tries to break it, and a saboteur that proves that the test would notice.

What is still being built elsewhere stands in policy/waiting.txt, which may only shrink.
"""

import ast
from pathlib import Path

import pytest
import yaml

from config.checks.saboteurs import Saboteur, saboteurs
from troth.base.probes import probes
from troth.privacy.policy.clauses import FOLDER, clauses

ROOT = FOLDER.parent
PROVES = pytest.mark.clause("A1.1")


def proven() -> dict[str, set[str]]:
    """Return the files whose tests prove each clause, read from their text."""
    found: dict[str, set[str]] = {}
    for path in [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("troth/**/test_*.py")]:
        for mark in marks_of(path):
            if clause := clauses().proven_by(mark):
                found.setdefault(clause.id, set()).add(str(path.relative_to(ROOT)))
    return found


def marks_of(path: Path) -> set[str]:
    """Return the ids that the tests of a file carry, read from its text."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        argument.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "clause"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def waiting(what: str) -> set[str]:
    """Return what still waits: lines of the form `test A1.1: why`, `saboteur A1.1: why`, `probe name: why`."""
    found = set()
    for line in (FOLDER / "waiting.txt").read_text(encoding="utf-8").splitlines():
        entry, _, why = line.partition(":")
        if line.startswith("#") or not line.strip():
            continue
        assert why.strip(), f"{entry} waits without a reason"
        kind, _, name = entry.partition(" ")
        assert kind in ("test", "saboteur", "probe"), line
        if kind == what:
            found.add(name.strip())
    return found


@PROVES
def test_every_sentence_that_applies_has_a_test_or_waits_for_one() -> None:
    needed = {clause.id for clause in clauses().all if clause.needs_tests}
    assert needed - set(proven()) - waiting("test") == set()


@PROVES
def test_nothing_waits_for_a_test_that_is_there() -> None:
    assert waiting("test") & set(proven()) == set()
    assert waiting("test") <= {clause.id for clause in clauses().all}


@PROVES
def test_every_sentence_with_a_test_has_a_saboteur_or_waits_for_one() -> None:
    needed = {clause.id for clause in clauses().all if clause.needs_tests} & set(proven())
    sabotaged = {clauses().named(one.clause).id for one in saboteurs()}
    assert needed - sabotaged - waiting("saboteur") == set()
    assert waiting("saboteur") & sabotaged == set()


def test_no_saboteur_attacks_a_sentence_without_a_test() -> None:
    assert {clauses().named(one.clause).id for one in saboteurs()} <= set(proven())


@pytest.mark.parametrize("saboteur", saboteurs(), ids=lambda one: f"{one.clause}: {one.name}")
def test_a_saboteur_finds_its_place(saboteur: Saboteur) -> None:
    assert (ROOT / saboteur.file).read_text(encoding="utf-8").count(saboteur.find) == 1
    assert saboteur.find != saboteur.replace


@PROVES
def test_every_look_that_a_sentence_names_is_taken_or_waits() -> None:
    named = {clause.probe for clause in clauses().all if clause.probe}
    taken = {probe.name for probe in probes()}
    assert named - taken - waiting("probe") == set()
    assert waiting("probe") & taken == set()
    assert taken <= named, "a look that no sentence names is seen by nobody"


def test_the_saboteurs_stand_in_files_that_can_be_read() -> None:
    for path in (FOLDER / "saboteurs").glob("*.yaml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8"))
