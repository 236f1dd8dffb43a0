"""From what people type, paste and import to one number, or to a plain sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.base.phones import NotAPhone, Phone


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("+5511987654321", None, "+5511987654321"),
        ("+55 (11) 98765-4321", None, "+5511987654321"),
        ("00 55 11 98765 4321", None, "+5511987654321"),
        ("(11) 98765-4321", "BR", "+5511987654321"),
        ("5511987654321", "BR", "+5511987654321"),
        ("011 98765-4321", "br", "+5511987654321"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("(+44) 20 7946 0958", None, "+442079460958"),
        ("+44 (0)20 7946 0958", None, "+442079460958"),
        ("tel:+1-202-555-0123", None, "+12025550123"),
        ("TEL: +1.202.555.0123", None, "+12025550123"),
        ("'+12025550123", None, "+12025550123"),
        ("011 44 20 7946 0958", "US", "+442079460958"),
        ("030/123456", "DE", "+4930123456"),
        ("+39 06 1234 5678", None, "+390612345678"),
        ("\u202a+49\u00a0151\u200b 2345\u20116789\u202c", None, "+4915123456789"),
        ("+٩٧١ ٥٠ ١٢٣ ٤٥٦٧", None, "+971501234567"),
        ("＋８１ ９０－１２３４－５６７８", None, "+819012345678"),
        ("+91 ९८७६५ ४३२१०", None, "+919876543210"),
        ("+54 11 15 2345-6789", None, "+5491123456789"),
        ("+52 1 55 1234 5678", None, "+525512345678"),
        ("+15550001111", None, "+15550001111"),
        ("\t+1 202 555 0123\r\n", None, "+12025550123"),
    ],
)
def test_a_number_is_understood_however_it_is_written(text: str, country: str | None, number: str) -> None:
    assert str(Phone.parse(text, country=country)) == number


@pytest.mark.parametrize(
    ("text", "country", "reason"),
    [
        ("", None, "empty"),
        ("   ", None, "empty"),
        ("\u200b\u200e", None, "empty"),
        ("11 98765-4321", None, "no_country"),
        ("5511987654321", None, "no_country"),
        ("+999 1234 5678", None, "unknown_country"),
        ("0611", "XX", "unknown_country"),
        ("+44 20", None, "short"),
        ("+1 555 0123", None, "short"),
        ("+44 20 7946 0958 0958", None, "long"),
        ("+44 20 7946 0958 / 020 7946 0959 / 020 7946 0960", None, "long"),
        ("+1 202 555 0123 ext. 5", None, "odd"),
        ("1-800-FLOWERS", "US", "odd"),
        ("call +44 20 7946 0958", None, "odd"),
        ("5.51199E+12", "BR", "odd"),
        ("+44+44 20 7946 0958", None, "odd"),
        ("=1+1", "US", "odd"),
        ("+44 20 7946 0958; drop table", None, "odd"),
        ("not a number", None, "odd"),
        ("()-./", "US", "odd"),
        ("+", None, "odd"),
        ("002-15 0", "CC", "odd"),
        ("\ud800", None, "odd"),
        ("1" * 10_000, "US", "long"),
    ],
)
def test_what_is_no_number_is_answered_with_a_sentence(text: str, country: str | None, reason: str) -> None:
    with pytest.raises(NotAPhone) as caught:
        Phone.parse(text, country=country)
    assert caught.value.reason == reason
    assert str(caught.value).endswith((".", "?"))
    assert not any(sign.isdigit() for sign in str(caught.value).replace("+44", ""))


@pytest.mark.parametrize("odd", [None, 5511987654321, b"+5511987654321", 1.5, [], object()])
def test_what_is_not_even_text_is_no_number(odd: object) -> None:
    for make in (Phone, Phone.parse, Phone.from_wa_id):
        with pytest.raises(NotAPhone):
            make(odd)  # type: ignore[arg-type]  # this is what a careless caller would do


@given(st.text() | st.from_regex(r"\+?[0-9 ()./-]{0,40}", fullmatch=True), st.sampled_from([None, "BR", "us", "", "Q"]))
def test_no_text_at_all_raises_anything_else(text: str, country: str | None) -> None:
    try:
        phone = Phone.parse(text, country=country)
    except NotAPhone:
        return
    assert Phone.parse(str(phone)) == phone


@given(st.text() | st.from_regex(r"[0-9]{5,17}", fullmatch=True))
def test_every_wa_id_gives_a_number_or_a_refusal(digits: str) -> None:
    try:
        phone = Phone.from_wa_id(digits)
    except NotAPhone:
        return
    assert phone.wa_id == digits
    assert phone.display().startswith("+")
    assert digits[:-2] not in phone.masked()
    assert phone in phone.variants()
    assert phone.country is None or phone.country.isupper()


@pytest.mark.parametrize("digits", ["", "+5511987654321", "0511987654321", "12345", "1" * 16, "٥٥١١٩٨٧٦٥٤٣٢١", "1 202"])
def test_a_wa_id_is_seven_to_fifteen_plain_digits(digits: str) -> None:
    with pytest.raises(NotAPhone):
        Phone.from_wa_id(digits)


def test_the_constructor_takes_the_international_form_only() -> None:
    for odd in ("5511987654321", "+0511987654321", "+55 11987654321", "+5511987654321\n", "+55119876x4321"):
        with pytest.raises(NotAPhone):
            Phone(odd)
