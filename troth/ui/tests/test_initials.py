"""Letters and colours that stand for people without a picture."""

import pytest

from troth.ui.initials import COLOURS, colour, initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Ferreira", "AF"),
        ("ana", "A"),
        ("Marta Oliveira da Conceição", "MC"),
        ("José 🌵 Ortega", "JO"),
        ("فاطمة الزهراء", "ف"),
        ("陈 伟", "陈"),
        ("+60 12-345 6789", ""),
        ("🌵", ""),
        ("", ""),
    ],
)
def test_initials_are_the_first_and_last_letter_where_a_script_has_capitals(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_colour_belongs_to_a_person_for_ever() -> None:
    assert [colour(seed) for seed in ("a", "b", 3)] == [colour(seed) for seed in ("a", "b", 3)]
    assert colour("018f0000-0000-7000-8000-000000000001") == 2


def test_all_colours_are_used() -> None:
    assert {colour(number) for number in range(500)} == set(range(COLOURS))
