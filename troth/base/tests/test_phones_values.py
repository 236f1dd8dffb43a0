"""What a number tells about itself, and what it keeps to itself."""

import pytest

from troth.base.phones import Phone


def test_equal_numbers_are_one_value() -> None:
    assert {Phone("+5511987654321"), Phone.from_wa_id("5511987654321"), Phone.parse("+55 11 98765-4321")} == {
        Phone("+5511987654321")
    }


def test_it_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Phone("+5511987654321").number = "+1"  # type: ignore[misc]  # the point of the test


def test_only_asking_for_the_text_shows_the_number() -> None:
    phone = Phone("+5511987654321")
    assert str(phone) == f"{phone}" == "+5511987654321"
    for shown in (repr(phone), f"{phone!r}", repr([phone]), phone.masked()):
        assert "98765" not in shown
    assert phone.masked() == "+55 ••• •• 321"


def test_the_mask_has_the_same_length_for_long_and_short_numbers() -> None:
    assert len(Phone("+4930123456").masked()) == len(Phone("+4915123456789").masked())


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("+5511987654321", "+55 11 98765-4321"),
        ("+442079460958", "+44 20 7946 0958"),
        ("+12025550123", "+1 202-555-0123"),
        ("+9991234567", "+9991234567"),
    ],
)
def test_it_is_displayed_as_the_world_writes_it(number: str, text: str) -> None:
    assert Phone(number).display() == text


@pytest.mark.parametrize(
    ("number", "calling_code", "country"),
    [
        ("+5511987654321", "55", "BR"),
        ("+12025550123", "1", "US"),
        ("+14165550123", "1", "CA"),
        ("+18095550123", "1", "DO"),
        ("+15550001111", "1", "US"),
        ("+79161234567", "7", "RU"),
        ("+77011234567", "7", "KZ"),
        ("+447400123456", "44", "GB"),
        ("+97150123456", "971", "AE"),
        ("+5215512345678", "52", "MX"),
        ("+85261234567", "852", "HK"),
        ("+80012345678", "800", None),
        ("+9991234567", None, None),
    ],
)
def test_it_knows_its_country(number: str, calling_code: str | None, country: str | None) -> None:
    phone = Phone(number)
    assert (phone.calling_code, phone.country) == (calling_code, country)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("+5531988887777", "+553188887777"),
        ("+5511987654321", "+551187654321"),
        ("+5215512345678", "+525512345678"),
        ("+5491123456789", "+541123456789"),
    ],
)
def test_two_names_of_one_account_know_each_other(one: str, other: str) -> None:
    assert Phone(one).variants() == (Phone(one), Phone(other))
    assert Phone(other).variants() == (Phone(other), Phone(one))


@pytest.mark.parametrize(
    "number",
    [
        "+551132547698",  # a land line in São Paulo
        "+5511932547698",  # without its 9 it would be somebody's land line
        "+551087654321",  # no such area
        "+12025550123",
        "+447400123456",
        "+521551234567",
        "+54911234567",
    ],
)
def test_other_numbers_have_one_name_only(number: str) -> None:
    assert Phone(number).variants() == (Phone(number),)
