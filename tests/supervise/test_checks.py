"""How the tests are run: on all cores, unless that makes no sense."""

import pytest

from config.checks import test as subject


@pytest.mark.parametrize("arguments", [[], ["troth/inbox"], ["-k", "window"], ["-x", "--lf"]])
def test_many_tests_run_on_all_cores(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert subject.command(arguments)[-len(arguments) - 4 :] == ["-n", "2", "--dist", "worksteal", *arguments]


@pytest.mark.parametrize("arguments", [["-n0"], ["-n", "4"], ["--pdb"], ["troth/inbox/tests/test_window.py::test_it"]])
def test_what_somebody_asked_for_is_not_overruled(arguments: list[str]) -> None:
    assert "worksteal" not in subject.command(arguments)


def test_one_core_runs_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert "-n" not in subject.command([])
