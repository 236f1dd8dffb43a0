import json

from bench.figures import Line, Result, at_least, at_most, exactly

LINES = (
    Line("per_s", "answered", "/s", at_least(1_500)),
    Line("p99_ms", "within", "ms", at_most(100)),
    Line("lost", "lost", "messages", exactly(0)),
    Line("unmeasured", "nobody measured this"),
)


def result(*runs: dict[str, float], flags: tuple[str, ...] = ()) -> Result:
    before = [{"load": 0.1, "busy": 0.02, "fsync_ms": 0.1, "fsyncs_per_s": 9_000.0, "flags": list(flags)} for _ in runs]
    return Result("W0", "a workload", LINES, list(runs), before)


def test_an_aim_is_met_at_its_very_bound() -> None:
    rows = {row["key"]: row for row in result({"per_s": 1_500, "p99_ms": 100, "lost": 0}).rows()}
    assert [rows[key]["met"] for key in ("per_s", "p99_ms", "lost")] == [True, True, True]


def test_an_aim_is_missed_just_beyond_its_bound() -> None:
    rows = {row["key"]: row for row in result({"per_s": 1_499.9, "p99_ms": 100.1, "lost": 1}).rows()}
    assert [rows[key]["met"] for key in ("per_s", "p99_ms", "lost")] == [False, False, False]


def test_the_median_decides_and_the_extremes_are_told() -> None:
    rows = {row["key"]: row for row in result({"p99_ms": 20}, {"p99_ms": 900}, {"p99_ms": 30}).rows()}
    assert (rows["p99_ms"]["median"], rows["p99_ms"]["least"], rows["p99_ms"]["most"]) == (30, 20, 900)
    assert rows["p99_ms"]["met"] is True


def test_what_was_not_measured_is_not_shown() -> None:
    assert "unmeasured" not in {row["key"] for row in result({"per_s": 1}).rows()}


def test_a_busy_machine_is_flagged_in_the_table_and_for_machines() -> None:
    busy = result({"per_s": 1_600}, {"per_s": 1_700}, flags=("load average 4.00 before the run",))
    assert "FLAGGED: load average 4.00 before the run" in busy.table()
    assert busy.packed()["flags"] == ["load average 4.00 before the run"]


def test_the_table_says_which_aims_are_not_met() -> None:
    table = result({"per_s": 1_000, "p99_ms": 10, "lost": 0}).table()
    line = next(line for line in table.splitlines() if "answered" in line)
    assert "1,000 /s" in line
    assert ">= 1,500" in line
    assert line.endswith("NOT met")


def test_everything_can_be_written_as_json() -> None:
    assert json.loads(json.dumps(result({"per_s": 1_600}).packed()))["figures"][0]["median"] == 1_600
