"""The page of promises is red where it is red, and green only where a test passed and a look was taken today."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from troth.base import probes
from troth.base.clock import now
from troth.base.probes import Seen
from troth.privacy.models import ProbeResult
from troth.privacy.policy import asking, results
from troth.privacy.policy.clauses import Clause, Clauses, Section, clauses
from troth.privacy.policy.results import Proof
from troth.privacy.policy.standing import State, groups, judge, promises

pytestmark = [pytest.mark.django_db, pytest.mark.clause("A1.1")]
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
PASSED = Proof(count=2, failed=(), at=NOON)
FAILED = Proof(count=2, failed=("test_it.py::test_x",), at=NOON)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


def state(*, tests: Proof | None = PASSED, look: ProbeResult | None = None, **facts: Any) -> State:
    clause = replace(Clause("Z1", "one", sentence="We keep it.", why_it_holds="So.", feature="here"), **facts)
    known = Clauses((Section("one", "One"),), (clause,))
    (promise,) = judge(known, {"Z1": tests} if tests else {}, {look.name: look} if look else {})
    return promise.state


def answer(*, ok: bool = True, ago: timedelta = timedelta(hours=1)) -> ProbeResult:
    return ProbeResult(name="walls", at=now() - ago, ok=ok, words="all is well")


def test_without_a_test_nothing_is_kept() -> None:
    assert state(tests=None) is State.UNPROVEN
    assert state(tests=None, probe="walls", look=answer()) is State.UNPROVEN


def test_passed_tests_and_no_look_that_is_asked_for_is_kept() -> None:
    assert state() is State.KEPT


def test_a_failed_test_breaks_it_whatever_the_look_says() -> None:
    assert state(tests=FAILED) is State.BROKEN
    assert state(tests=FAILED, probe="walls", look=answer()) is State.BROKEN


def test_a_failed_look_breaks_it_whatever_the_tests_say() -> None:
    assert state(probe="walls", look=answer(ok=False)) is State.BROKEN


@pytest.mark.parametrize(
    ("ago", "expected"),
    [(timedelta(hours=24), State.KEPT), (timedelta(hours=24, seconds=1), State.UNSEEN)],
)
def test_a_look_counts_for_a_day(ago: timedelta, expected: State) -> None:
    assert state(probe="walls", look=answer(ago=ago)) is expected


def test_a_look_that_was_never_taken_leaves_it_open() -> None:
    assert state(probe="walls") is State.UNSEEN
    assert state(probe="of-no-app") is State.UNSEEN


def test_what_people_keep_is_called_so_and_never_green() -> None:
    assert state(kind="process") is State.PROCESS
    assert state(kind="process", tests=FAILED) is State.BROKEN


@pytest.mark.parametrize("part", ["google", "billing", "web"])
def test_what_is_not_installed_is_neither_green_nor_red(part: str) -> None:
    assert state(part=part, tests=None) is State.LATER
    assert state(part=part, tests=FAILED) is State.LATER


def test_the_worst_comes_first_under_each_heading() -> None:
    known = clauses()
    section = known.sections[0]
    last = known.of(section)[-1]
    found = judge(known, {last.id: FAILED}, {})
    assert groups(found, known)[0].promises[0].clause == last


def test_the_page_shows_each_promise_with_what_speaks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tests.json"
    monkeypatch.setattr(results, "SHIPPED", tmp_path / "none.json")
    monkeypatch.setenv("TROTH_PROMISES_FILE", str(path))
    line = {"passed": True, "cases": 1, "at": NOON.isoformat()}
    told = {
        "t.py::test_a": {**line, "clauses": ["B1.1"]},
        "t.py::test_b": {**line, "clauses": ["A2.5", "B2.5"], "passed": False},
    }
    results.write(path, told, whole=True)
    shown = Client().get("/promises/").content.decode()
    kept = shown.partition('id="B1.1"')[2].partition("</article>")[0]
    broken = shown.partition('id="A3.1"')[2].partition("</article>")[0]
    assert "1 test passed" in kept
    assert ">Kept</span>" in kept.replace("</svg>", "</svg>")
    assert "1 test failed" in broken
    assert "Broken" in broken
    assert shown.index("Broken now") < shown.index('id="section-us"')
    assert shown.count("<article") == len(clauses().all)


def test_nothing_is_green_where_no_run_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "SHIPPED", tmp_path / "none.json")
    monkeypatch.setenv("TROTH_PROMISES_FILE", str(tmp_path / "none.json"))
    assert State.KEPT not in {promise.state for promise in promises()}
    assert "No run of the tests is known" in Client().get("/promises/").content.decode()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"tests": []}', '{"tests": {"a": {}}}'])
def test_a_file_that_is_none_proves_nothing(content: str, tmp_path: Path) -> None:
    path = tmp_path / "tests.json"
    path.write_text(content)
    assert results.read(path) == []


def test_of_two_files_each_tests_newer_line_counts(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    line = {"clauses": ["B1.1"], "passed": True, "cases": 1}
    old.write_text(json.dumps({"tests": {"a": {**line, "at": "2027-01-01T00:00:00+00:00"}}}))
    new.write_text(json.dumps({"tests": {"a": {**line, "passed": False, "at": "2027-01-02T00:00:00+00:00"}}}))
    for files in ((old, new), (new, old)):
        (ran,) = results.newest(*files)
        assert not ran.passed


def test_every_probe_is_asked_and_one_that_breaks_is_not_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "_probes", {})

    def breaks() -> Seen:
        raise ZeroDivisionError

    probes.register_probe("good", lambda: Seen(True, "0 found", {"found": 0}), asks="Is there any?")
    probes.register_probe("bad", lambda: Seen(False, "3 found", {"found": 3}), asks="Is there any?")
    probes.register_probe("broken", breaks, asks="Is there any?")
    asking.ask_all(0)
    assert {row.name: row.ok for row in ProbeResult.objects.all()} == {"good": True, "bad": False, "broken": False}
    assert ProbeResult.objects.get(name="broken").words == "the look itself broke: ZeroDivisionError"


def test_answers_are_forgotten_after_ninety_days(monkeypatch: pytest.MonkeyPatch, clock: Any) -> None:
    monkeypatch.setattr(probes, "_probes", {})
    probes.register_probe("good", lambda: Seen(True, "0 found"), asks="Is there any?")
    asking.ask_all(0)
    clock.shift(timedelta(days=90, seconds=1))
    asking.ask_all(0)
    assert ProbeResult.objects.count() == 1


def test_a_name_belongs_to_one_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "_probes", {})
    probes.register_probe("good", lambda: Seen(True, ""), asks="?")
    with pytest.raises(ValueError, match="already"):
        probes.register_probe("good", lambda: Seen(False, ""), asks="?")


def test_the_page_asks_the_database_once(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        Client().get("/promises/")
