"""A worker that is asked to end finishes what it has in flight, or says that it does not know how that ended."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.checks import all_is_well, drained
from tests.crash.houses import fast_house
from tests.crash.load import Storm
from tests.crash.outgoing import DONE, Is, states, statuses, times_taken, wait_for, wait_until_all
from tests.crash.pen import Desk
from tests.crash.processes import stop
from tests.live import Live, wait_until


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("stopped") as running:
        yield running


def test_under_load_everything_in_flight_is_finished_and_written_down(live: Live, desk: Desk, tmp_path: Path) -> None:
    house = fast_house(live, "a", per_second=200, latency_ms=(50, 400))
    with Storm(house, desk.pen(house), name="a", crowd=1, pause_s=0.02) as storm:
        for _ in range(2):
            storm.rage(deliveries=20, messages=60)
            assert stop(live, "worker") == 0
            assert not {Is.SENDING, Is.UNCERTAIN} & {state.status for state in states(house).values()}
            live.start("worker")
    drained(house)
    assert all_is_well(storm, file=tmp_path / "ids").uncertain == 0


def test_a_call_without_an_answer_is_given_up_in_time_and_called_uncertain(live: Live, desk: Desk) -> None:
    house = fast_house(live, "b", per_second=80, latency_ms=(0, 0))
    live.sandbox.set_faults(latency_ms=(0, 0), by_recipient=True)
    live.sandbox.set_behaviour(house.account_id, sent_ms=(12_000, 12_000))
    texts = (("60123450409", "1"), ("60123450408", "2"), ("60123450001", "3"))
    hangs, hangs_but_sent, fine = desk.pen(house).write(*texts)
    wait_for(house, fine, Is.SENT)
    wait_until(lambda: statuses(house, [hangs, hangs_but_sent]) == [Is.SENDING, Is.SENDING])
    assert stop(live, "worker") == 0
    assert statuses(house, [hangs, hangs_but_sent, fine]) == [Is.UNCERTAIN, Is.UNCERTAIN, Is.SENT]
    live.start("worker")
    wait_for(house, hangs_but_sent, Is.READ)
    wait_until_all(house, lambda state: state.status in DONE, within_s=10)
    assert statuses(house, [hangs]) == [Is.UNCERTAIN]
    assert times_taken(house) == {hangs_but_sent: 1, fine: 1}
