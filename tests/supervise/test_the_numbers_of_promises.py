"""What `bin/promises` says is what runs left: nothing is made up, and what nobody measured is called so."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.checks import numbers, saboteurs
from config.checks.numbers import BEGIN, END, UNKNOWN, gather, write_page
from config.checks.saboteurs import STALE, Saboteur, attempt, chosen
from troth.privacy.policy import results
from troth.privacy.policy.clauses import clauses

NOW = datetime(2027, 1, 1, tzinfo=UTC).isoformat()


def told(path: Path, *, measured: dict[str, float] | None = None, **passed: bool) -> Path:
    """Write a file of test results in which each of these clauses has one test."""
    lines = {
        f"t.py::test_{id}": {"clauses": [id.replace("_", ".")], "passed": ok, "cases": 1, "at": NOW}
        for id, ok in passed.items()
    }
    results.write(path, lines, whole=True, numbers=measured)
    return path


def test_without_runs_nothing_is_proven_and_nothing_is_measured(tmp_path: Path) -> None:
    found = gather(tmp_path / "none.json", tmp_path / "none either.json")
    needed = sum(clause.needs_tests for clause in clauses().all)
    assert (found.proven, len(found.unproven), found.caught, found.tests_at) == (0, needed, 0, None)
    assert not found.is_well
    assert {what: value for what, value, _ in found.rows()}["saboteurs caught"] == UNKNOWN
    assert found.told()["canaries found"] is None


def test_passed_and_failed_are_told_apart(tmp_path: Path) -> None:
    found = gather(told(tmp_path / "tests.json", A6_1=True, B1_1=False), tmp_path / "none.json")
    assert (found.proven, found.failing) == (1, ("B1.1",))
    assert "A6.1" not in found.unproven


def test_a_number_beyond_its_goal_is_not_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = {clause.id.replace(".", "_"): True for clause in clauses().all if clause.needs_tests}
    monkeypatch.setattr(saboteurs, "saboteurs", list)
    assert gather(told(tmp_path / "good.json", measured={"canaries found": 0}, **everything), tmp_path / "no").is_well
    assert not gather(
        told(tmp_path / "bad.json", measured={"canaries found": 1}, **everything), tmp_path / "no"
    ).is_well


def test_only_saboteurs_that_are_there_and_were_caught_count(tmp_path: Path) -> None:
    first, second, *_ = saboteurs.saboteurs()
    verdicts = {
        f"{one.area}/{one.clause}/{one.name}": verdict for one, verdict in ((first, "caught"), (second, "MISSED"))
    }
    path = tmp_path / "saboteurs.json"
    path.write_text(json.dumps({**verdicts, "product/A1.1/one that is gone": "caught"}))
    found = gather(tmp_path / "none.json", path)
    assert (found.caught, found.tried, found.saboteurs) == (1, 2, len(saboteurs.saboteurs()))


def test_the_page_keeps_the_words_around_the_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "promises.md"
    page.write_text(f"# Before\n{BEGIN}\nold numbers\n{END}\nafter\n")
    monkeypatch.setattr(numbers, "PAGE", page)
    found = gather(told(tmp_path / "tests.json", measured={"foreign reads": 0}, A6_1=True), tmp_path / "none.json")
    write_page(found)
    write_page(found)
    text = page.read_text()
    assert text.startswith("# Before\n")
    assert text.endswith("\nafter\n")
    assert "old numbers" not in text
    assert "| answers that held something of another workspace | 0 | 0 |" in text
    assert (text.count(BEGIN), text.count(END)) == (1, 1)


def test_the_cost_of_the_walls_is_a_ratio_of_what_was_measured(tmp_path: Path) -> None:
    measured = {"inbox with walls": 3.0, "inbox without walls": 2.0, "thread with walls": 1.0}
    found = gather(told(tmp_path / "tests.json", measured=measured, A6_1=True), tmp_path / "none.json")
    rows = {what: value for what, value, _ in found.rows()}
    assert rows["cost of the walls, inbox"] == "1.50 times"
    assert rows["cost of the walls, thread"] == UNKNOWN


def test_saboteurs_are_chosen_by_clause_area_or_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [
        Saboteur("A1.1", "Green", "f", "x", "y", "product"),
        Saboteur("B3.1", "Signature", "f", "x", "y", "support"),
    ]
    monkeypatch.setattr(saboteurs, "saboteurs", lambda: made)
    assert chosen([]) == made
    for word in ("A1.1", "product", "gree"):
        assert chosen([word]) == made[:1]
    assert chosen(["nothing like it"]) == []


def test_a_saboteur_that_finds_no_place_is_stale() -> None:
    gone = Saboteur("A1.1", "no place", "config/home.py", "these words stand nowhere in it", "x", "product")
    assert attempt(gone, {}).verdict == STALE
