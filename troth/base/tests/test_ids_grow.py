"""Ids of one process grow, so that what came first stands first even within a millisecond."""

from troth.base.ids import id_at, new_id


def test_each_id_is_greater_than_the_one_before() -> None:
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(set(made))


def test_ids_are_of_version_seven_and_carry_their_time() -> None:
    made = id_at(1_780_000_000.123)
    assert made.version == 7
    assert made.int >> 80 == 1_780_000_000_123


def test_ids_in_a_row_are_far_apart() -> None:
    first, second = new_id(), new_id()
    assert second.int - first.int > 1_000
