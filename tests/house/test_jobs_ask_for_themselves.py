"""A job does what its ids say in the workspace that they belong to, and nothing where they do not fit, or no longer."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from config.jobs import JOBS
from tests.house.asking import Stage, differences, taken_back
from tests.house.test_jobs_keep_to_their_purpose import GIVEN
from troth.base.ids import new_id
from troth.channels import registry

pytestmark = pytest.mark.clause("X25", "B3.3")

OF_A_WORKSPACE = sorted(
    {
        "cases.take_in",
        "channels.ask_health",
        "channels.ask_phone",
        "channels.settle",
        "exports.make",
        "files.fetch",
        "files.hand",
        "imports.restore",
        "receipts.read",
        "receipts.typing",
        "templates.sync",
    }
)


def run(job: str, *arguments: str) -> None:
    module, _, function = JOBS[job].rpartition(".")
    act: Callable[..., Any] = getattr(import_module(module), function)
    act(*arguments)


def test_every_job_of_a_workspace_is_tried(stage: Stage) -> None:
    with taken_back():
        given = {job: make(stage.kopi) for job, make in GIVEN.items()}
    # One that is given a workspace and nothing in it cannot be led astray.
    found = {job for job, ids in given.items() if ids[0] == str(stage.kopi.id) and len(ids) > 1}
    assert found == set(OF_A_WORKSPACE)


@pytest.mark.parametrize("job", OF_A_WORKSPACE)
def test_a_job_finds_nothing_of_one_workspace_in_another(job: str, stage: Stage) -> None:
    with taken_back():
        _, about = GIVEN[job](stage.kopi)
        before = stage.state()
        run(job, str(stage.rival.id), about)
        assert differences(before, stage.state()) == []


@pytest.mark.parametrize("job", sorted(GIVEN))
def test_a_job_of_what_there_is_not_does_nothing(job: str, stage: Stage) -> None:
    """It was deleted before the job ran, or the id was made up."""
    with taken_back():
        arguments = [*GIVEN[job](stage.kopi)[:-1], str(new_id())]
        before = stage.state()
        run(job, *arguments)
        assert differences(before, stage.state()) == []


@pytest.mark.parametrize("job", sorted(GIVEN))
def test_what_is_no_id_is_no_argument(job: str, stage: Stage) -> None:
    with taken_back():
        arguments = [*GIVEN[job](stage.kopi)[:-1], "' OR true --"]
        before = stage.state()
        with pytest.raises(ValueError, match="UUID"):
            run(job, *arguments)
        assert differences(before, stage.state()) == []


@pytest.mark.parametrize("job", sorted(GIVEN))
def test_with_the_right_ids_it_does_something(job: str, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the tests above would prove nothing. What a receipt does stands with Meta only."""
    told: list[str] = []

    def tell(_link: object, id: str, **_: object) -> str:
        told.append(id)
        return ""

    monkeypatch.setattr(registry, "tell_read", tell)
    with taken_back():
        arguments = GIVEN[job](stage.kopi)
        before = stage.state()
        run(job, *arguments)
        assert differences(before, stage.state()) != [] or told
