"""What tests say of clauses is counted rightly: by the plugin that counts, in runs of their own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.clause("A1.1")
TESTS = """
import pytest

@pytest.mark.clause("A3.1")
@pytest.mark.parametrize("n", [1, 2])
def test_passes(n, record_property):
    record_property("measured:foreign reads", n)
    record_property("measured:seconds until out", n)

@pytest.mark.clause("A3.1", "B2.5", "B7.1", "X12", "R9")
def test_fails():
    assert BREAKS is False

@pytest.mark.clause("B7.2")
def test_is_left_out():
    pytest.skip("not here")

@pytest.mark.clause("B7.4")
def test_breaks_before_it_begins(nothing_of_this_name):
    pass

def test_of_no_clause():
    pass
"""


def run(folder: Path, *arguments: str, breaks: bool = True, tests: str = TESTS) -> tuple[int, dict[str, Any], str]:
    """Run these tests with the plugin and nothing else of ours; return the exit code, what was written, and the words."""
    (folder / "test_it.py").write_text(tests.replace("BREAKS", str(breaks)))
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    clause: x\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.clauses", "-p", "no:django", "-p", "no:randomly", "-q"]
    told = {**os.environ, "PYTHONPATH": str(ROOT), "TROTH_PROMISES_FILE": str(folder / "told" / "tests.json")}
    told = {name: value for name, value in told.items() if not name.startswith(("PYTEST_", "DJANGO_"))}
    done = subprocess.run([*command, *arguments], cwd=folder, env=told, capture_output=True, text=True, check=False)
    path = folder / "told" / "tests.json"
    return done.returncode, json.loads(path.read_text()) if path.exists() else {}, done.stdout + done.stderr


def test_a_run_writes_what_became_of_each_test_that_proves_something(tmp_path: Path) -> None:
    _, told, _ = run(tmp_path)
    lines = {name.partition("::")[2]: (line["passed"], line["cases"]) for name, line in told["tests"].items()}
    assert lines == {"test_passes": (True, 2), "test_fails": (False, 1), "test_breaks_before_it_begins": (False, 0)}
    assert told["tests"]["test_it.py::test_fails"]["clauses"] == ["A3.1", "B7.1"]


def test_numbers_are_added_up_and_of_durations_the_longest_counts(tmp_path: Path) -> None:
    assert run(tmp_path)[1]["numbers"] == {"foreign reads": 3, "seconds until out": 2}


def test_several_processes_count_together(tmp_path: Path) -> None:
    _, told, _ = run(tmp_path, "-n2")
    assert told["tests"]["test_it.py::test_passes"]["cases"] == 2
    assert not told["tests"]["test_it.py::test_fails"]["passed"]


def test_a_run_of_some_tests_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    before = run(tmp_path)[1]["whole"]
    _, told, _ = run(tmp_path, "-k", "test_fails", breaks=False)
    assert told["whole"] == before
    assert told["tests"]["test_it.py::test_fails"]["passed"]
    assert "test_it.py::test_passes" in told["tests"]


def test_a_run_of_all_tests_forgets_those_that_are_gone_and_says_that_it_was_whole(tmp_path: Path) -> None:
    assert run(tmp_path)[1]["whole"]
    _, told, _ = run(tmp_path, tests=TESTS.replace("test_fails", "test_of_another_name"))
    assert "test_it.py::test_fails" not in told["tests"]


def test_a_clause_can_be_run_alone_under_any_of_its_ids(tmp_path: Path) -> None:
    code, _, words = run(tmp_path, "--clause", "B2.5", breaks=False)
    assert code == 0
    assert "3 passed, 3 deselected" in words


def test_an_attack_can_be_run_alone(tmp_path: Path) -> None:
    code, _, words = run(tmp_path, "--clause", "X12", breaks=False)
    assert code == 0
    assert "1 passed, 5 deselected" in words
    assert "6 deselected" in run(tmp_path, "--clause", "X13")[2]


def test_an_unknown_clause_stops_the_run(tmp_path: Path) -> None:
    code, told, words = run(tmp_path, tests='import pytest\n@pytest.mark.clause("A99.9")\ndef test_x():\n    pass\n')
    assert code != 0
    assert "there is no clause A99.9" in words
    assert told == {}


def test_a_place_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "told").write_text("a file where the folder should be")
    assert run(tmp_path, "--clause", "A3.1", breaks=False)[0] == 0
