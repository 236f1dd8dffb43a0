"""Every job on the jobs page exists, takes what its schedule gives, and can be run."""

import inspect
from importlib import import_module

import pytest

from config.jobs import JOBS, SCHEDULES


@pytest.mark.parametrize("name", sorted(JOBS))
def test_the_function_of_a_job_exists(name: str) -> None:
    module, _, function = JOBS[name].rpartition(".")
    found = getattr(import_module(module), function)
    taken = inspect.signature(found).parameters
    assert not any(one.kind is one.VAR_KEYWORD for one in taken.values()), "a job names its arguments"
    if name in SCHEDULES:
        assert "timestamp" in taken


def test_schedules_name_jobs() -> None:
    assert set(SCHEDULES) <= set(JOBS)
