"""A number that somebody may not see is masked, however it is written and wherever it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.base.ids import new_id
from troth.base.phones import Phone
from troth.contacts.masking import CLOSED, OPEN, Eyes, Veil, without_numbers

pytestmark = pytest.mark.clause("A2.2a")

NUMBER = "+60123456789"
VEIL = Veil(numbers=frozenset({NUMBER}))
WRITTEN = [
    "+60123456789",
    "60123456789",
    "0123456789",
    "012-345 6789",
    "+60 12-345 6789",
    "(012) 345 6789",
    "0060 12 345 6789",
    "+60.12.345.6789",
    "+60\u00a012\u2011345\u00a06789",
    "\u202a+60 12\u2011345 6789\u202c",
    "+6\u200b0123456\u200b789",
    "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
    "+६०१२३४५६७८९",
    "１２３４５６７８９",
]


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


def test_the_country_and_three_digits_stay() -> None:
    assert CLOSED.phone(NUMBER) == "+60 ••• •• 789"
    assert OPEN.phone(NUMBER) == "+60 12-345 6789"


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("around", ["{}", "Mei {}", "{} (shop)", "my number is {}, call me", "a{}b"])
def test_it_is_found_however_it_is_written(written: str, around: str) -> None:
    text = around.format(written)
    for shown in (without_numbers(text), VEIL.any(text)):
        assert len(digits(shown)) <= 5, shown
    if not any("\u0660" <= sign <= "\u0669" for sign in written):  # ten digits of their own, another number
        assert len(digits(VEIL.said(text))) <= 5, VEIL.said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Order 12345678 is ready",
        "Come on 2026-11-28 at 14:30, room 1203",
        "It costs 1,250.00 for 12 pieces",
        "https://example.com/orders/9876501234567",
        "",
        "no digits at all",
    ],
)
def test_what_people_write_keeps_its_orders_dates_and_prices(text: str) -> None:
    assert VEIL.said(text) == text


def test_other_peoples_numbers_in_a_text_are_the_writers_own_words() -> None:
    assert VEIL.said("Call my brother: +60 19-876 5432") == "Call my brother: +60 19-876 5432"
    assert VEIL.any("Call my brother: +60 19-876 5432") == "Call my brother: +60 ••• •• 432"


def test_two_numbers_in_a_row_are_both_masked() -> None:
    shown = VEIL.said(f"{NUMBER} {NUMBER}")
    assert "345" not in shown
    assert len(digits(shown)) <= 10


def test_every_number_of_the_contact_is_masked_old_ones_too() -> None:
    veil = Veil(numbers=frozenset({NUMBER, "+5511987654321"}))
    shown = veil.said("from 0123456789 to (11) 98765-4321")
    assert "345" not in shown
    assert "8765" not in shown


@given(st.integers(10**8, 10**14 - 1), st.text(max_size=20), st.text(max_size=20))
def test_no_number_of_the_contact_is_ever_left_in_a_text(number: int, before: str, after: str) -> None:
    plain = str(number)
    veil = Veil(numbers=frozenset({f"+{plain}"}))
    assert plain not in veil.said(f"{before}{plain}{after}")
    assert plain not in veil.any(f"{before}{plain}{after}")


@given(st.text())
def test_a_text_without_numbers_stays_as_it_is(text: str) -> None:
    if len(digits(text)) < 7:
        assert CLOSED.any(text) == text
    assert OPEN.any(text) == text


@pytest.mark.parametrize("value", ["unknown", "12345", "0123456789", "+", "", "60123456789"])
def test_what_is_no_international_number_shows_none_either(value: str) -> None:
    assert len(digits(CLOSED.phone(value))) <= 5
    assert OPEN.phone(value) == value


def test_nobody_sees_through_a_veil_by_default() -> None:
    assert not Veil().is_open
    assert Eyes(sees_all=True).veil(new_id()).is_open
    assert not Eyes(sees_all=False).veil(new_id()).is_open


def test_a_number_in_a_traceback_is_masked_too() -> None:
    assert "2345" not in repr(Phone(NUMBER))
