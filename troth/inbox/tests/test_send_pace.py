"""A number sends as fast as it may and never faster, whatever comes when and however late the process wakes."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.inbox.send.pace import MARGIN, PAIR_BURST, PAIR_EVERY_S, SPARE, Departure, Pace, PairPace

LIMITS = st.sampled_from([1, 2, 5, 20, 80, 250, 1000])
GAPS = st.lists(st.one_of(st.just(0.0), st.floats(0, 0.05), st.floats(0, 3)), min_size=1, max_size=400)
LATENESS = st.sampled_from([0.0, 0.001, 0.01, 0.08, 0.5])


def leaving(pace: Pace, arrivals: list[float], *, late_s: float, seed: int = 1) -> list[float]:
    """Return when each message leaves, one after the other, where every wait ends up to `late_s` too late."""
    chance, at, left = random.Random(seed), 0.0, []
    for arrival in arrivals:
        at = max(at, arrival)
        while wait_s := pace.wait_s(at):
            at += wait_s + chance.uniform(0, late_s)
        left.append(at)
    return left


def times_of(gaps: list[float]) -> list[float]:
    at, times = 0.0, []
    for gap in gaps:
        at += gap
        times.append(at)
    return times


def fullest_second(times: list[float]) -> int:
    """Return the most that any second holds, its end left out."""
    ordered, first, most = sorted(times), 0, 0
    for index, at in enumerate(ordered):
        while ordered[first] <= at - 1.0:
            first += 1
        most = max(most, index - first + 1)
    return most


@given(LIMITS, GAPS, LATENESS, st.integers(0, 5))
@settings(max_examples=150, deadline=None)
def test_no_second_ever_holds_more_than_the_limit(limit: int, gaps: list[float], late_s: float, crowd: int) -> None:
    arrivals = times_of([gap for gap in gaps for _ in range(1 + crowd * limit // 20)][:4000])
    left = leaving(Pace(limit), arrivals, late_s=late_s)
    assert fullest_second(left) <= limit


@given(LIMITS, st.integers(0, 1000), LATENESS)
@settings(max_examples=60, deadline=None)
def test_nor_does_a_second_at_the_other_end_where_messages_drift_on_their_way(
    limit: int, seed: int, late_s: float
) -> None:
    chance = random.Random(seed)
    left = leaving(Pace(limit), [0.0] * (limit * 3), late_s=late_s, seed=seed)
    assert fullest_second([at + chance.uniform(0, MARGIN - SPARE) for at in left]) <= limit


def test_some_that_are_very_late_alone_do_not_make_a_second_too_full() -> None:
    """One in a thousand takes far longer than the others: whoever they land among must have left room for them."""
    chance = random.Random(3)
    left = leaving(Pace(1000), [0.0] * 20_000, late_s=0.01)
    arrived = [at + (0.3 if chance.random() < 0.001 else chance.uniform(0, 0.005)) for at in left]
    assert fullest_second(arrived) <= 1000


@given(LIMITS, st.integers(0, 1000), LATENESS)
@settings(max_examples=60, deadline=None)
def test_what_counts_is_when_a_message_went_however_long_that_took(limit: int, seed: int, late_s: float) -> None:
    """Between being let go and leaving, a request is built and a connection found; some overtake others."""
    chance, at, went = random.Random(seed), 0.0, []
    pace = Pace(limit)
    going: list[tuple[float, Departure]] = []
    for _ in range(limit * 3):
        while wait_s := pace.wait_s(at):
            at += wait_s + chance.uniform(0, late_s)
            for moment, departure in [one for one in going if one[0] <= at]:
                departure.went(moment)
                going.remove((moment, departure))
        going.append((at + chance.uniform(0, 0.4), pace.last))
        went.append(going[-1][0])
    assert fullest_second(went) <= limit


@given(LIMITS, st.integers(0, 1000), st.sampled_from([0.0, 0.001, 0.003]))
@settings(max_examples=30, deadline=None)
def test_with_enough_to_send_the_limit_is_used_to_97_per_cent(limit: int, seed: int, late_s: float) -> None:
    left = leaving(Pace(limit), [0.0] * max(100, limit * 12), late_s=late_s, seed=seed)
    assert (len(left) - 1) / (left[-1] - left[0]) >= 0.97 * limit


def test_a_process_held_up_now_and_then_makes_good_for_it() -> None:
    chance, pace, at, left = random.Random(7), Pace(80), 0.0, []
    held_up_at = chance.expovariate(5)
    while at < 30:
        if at >= held_up_at:
            at += 0.02
            held_up_at = at + chance.expovariate(5)
        if wait_s := pace.wait_s(at):
            at += wait_s
        else:
            left.append(at)
    assert fullest_second(left) <= 80
    assert len(left) / 30 >= 0.97 * 80


def test_messages_leave_evenly_rather_than_a_second_of_them_at_once() -> None:
    left = leaving(Pace(80), [0.0] * 200, late_s=0.0)
    assert max(sum(1 for other in left if at <= other < at + 0.1) for at in left) <= 18


def test_another_speed_holds_from_the_next_message_on() -> None:
    pace = Pace(1000)
    fast = leaving(pace, [0.0] * 900, late_s=0.0)
    pace.change(10)
    slow = leaving(pace, [fast[-1]] * 30, late_s=0.0)
    assert slow[0] >= fast[-10] + 1.0
    assert fullest_second(slow) <= 10


def test_whoever_is_told_to_be_too_fast_leaves_more_room_but_not_ever_more() -> None:
    pace = Pace(1000)
    rates: list[float] = []
    for _ in range(8):
        left = leaving(pace, [began := 100.0 * len(rates)] * 6000, late_s=0.0)
        rates.append(5000 / (left[-1] - left[999]))
        pace.leave_more()
        assert left[0] >= began
    assert rates[0] > rates[1] > rates[2] > rates[3] > rates[4] >= 950
    assert rates[4] == pytest.approx(rates[7])


def test_a_number_that_rests_sends_nothing_before_the_end_of_it() -> None:
    pace = Pace(80)
    pace.rest(until=7.0)
    assert leaving(pace, [5.0], late_s=0.0) == [7.0]
    assert pace.room(6.0, ahead_s=0.5) == 0


def test_room_is_what_could_leave_soon() -> None:
    pace = Pace(80)
    pace.wait_s(100.0)
    assert 8 <= pace.room(100.0, ahead_s=0.1) + pace.room(100.0, ahead_s=0.0) <= 24
    assert Pace(1).room(100.0, ahead_s=0.1) == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 20)), max_size=300))
@settings(max_examples=100, deadline=None)
def test_a_person_never_gets_more_than_a_burst_and_then_one_in_six_seconds(visits: list[tuple[int, float]]) -> None:
    pairs, at = PairPace(), 0.0
    got: dict[int, list[float]] = {}
    for person, gap in visits:
        at += gap
        if not pairs.wait_s(person, at):
            got.setdefault(person, []).append(at)
    for times in got.values():
        for first, start in enumerate(times):
            for count, end in enumerate(times[first:], start=1):
                assert count <= PAIR_BURST + (end - start) / PAIR_EVERY_S + 1e-6


def test_the_wait_that_a_person_is_given_is_enough_and_not_a_moment_too_long() -> None:
    pairs = PairPace()
    assert [pairs.wait_s("Mei", 0.0) for _ in range(PAIR_BURST)] == [0.0] * PAIR_BURST
    assert pairs.wait_s("Mei", 0.0) == pytest.approx(PAIR_EVERY_S)
    assert pairs.wait_s("Mei", PAIR_EVERY_S - 0.01) == pytest.approx(0.01)
    assert pairs.wait_s("Mei", PAIR_EVERY_S) == 0.0


def test_one_person_s_limit_is_not_another_s() -> None:
    pairs = PairPace()
    while not pairs.wait_s("Mei", 0.0):
        pass
    assert pairs.wait_s("Omar", 0.0) == 0.0


def test_people_are_forgotten_once_their_quota_is_whole_again() -> None:
    pairs = PairPace()
    pairs.wait_s("Mei", 0.0)
    pairs.wait_s("Omar", 5.0)
    pairs.forget(7.0)
    assert list(pairs._due) == ["Omar"]
