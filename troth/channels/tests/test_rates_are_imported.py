"""Rates come from a file: looked at first, line by line, then kept; the newest that holds counts."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from tests.cast import House
from troth.channels import rate_files
from troth.channels.markets import country_of, market_named, region_of
from troth.channels.models import Rate
from troth.channels.prices import Rates
from troth.channels.tests.conftest import Browser
from troth.workspaces.scope import scope

OCTOBER = date(2026, 10, 1)


def read(text: str, *, valid_from: date | None = None) -> rate_files.Found:
    return rate_files.read(text.encode(), valid_from=valid_from)


def facts(found: rate_files.Found) -> list[tuple[str, str, str]]:
    return [(line.market, line.category, str(line.amount.normalize())) for line in found.lines]


def test_the_sample_is_read_without_a_word() -> None:
    found = read(rate_files.SAMPLE)
    assert (len(found.lines), found.wrong) == (5, [])


def test_other_ways_of_writing_are_understood() -> None:
    found = read(
        "\ufeffMarket;Currency;Category;Valid from;Rate\r\n"
        "Türkiye;EUR;Authentication-International;01.10.2026;0,0412\r\n"
        "Rest of Central & Eastern Europe;EUR;UTILITY;2026/10/01;€ 0,0160\r\n"
        "\r\n"
        "br;EUR;marketing;2026-10-01;0.05\r\n"
    )
    assert found.wrong == []
    assert facts(found) == [
        ("TR", "authentication_international", "0.0412"),
        ("rest_central_eastern_europe", "utility", "0.016"),
        ("BR", "marketing", "0.05"),
    ]


def test_a_rate_card_has_a_column_for_each_category_and_its_day_is_asked_for() -> None:
    card = "Market,Currency,Marketing,Utility,Authentication,Authentication-International\nIndia,USD,0.0118,0.0014,0.0014,n/a\n"
    with pytest.raises(rate_files.NotReadable):
        read(card)
    found = read(card, valid_from=OCTOBER)
    assert facts(found) == [
        ("IN", "marketing", "0.0118"),
        ("IN", "utility", "0.0014"),
        ("IN", "authentication", "0.0014"),
    ]
    assert {line.valid_from for line in found.lines} == {OCTOBER}


def test_each_line_that_cannot_be_read_is_named_and_the_others_count() -> None:
    found = read(
        "currency,market,category,from,rate\n"
        "USD,Atlantis,utility,2026-10-01,0.1\n"
        "dollars?,MY,utility,2026-10-01,0.1\n"
        "USD,MY,gossip,2026-10-01,0.1\n"
        "USD,MY,utility,soon,0.1\n"
        "USD,MY,utility,2026-10-01,much\n"
        "USD,MY,utility,2026-10-01,-1\n"
        "USD,MY,utility,2026-10-01,0.1\n"
        "USD,MY,utility,2026-10-01,0.2\n"
    )
    assert [one.number for one in found.wrong] == [2, 4, 5, 6, 7, 9]
    assert len(found.lines) == 2  # DOL is a currency as far as letters go


@pytest.mark.parametrize("raw", [b"", b"\0\1\2", b"a,b\n1,2\n", b"currency,market\nUSD,MY\n", b"x" * 600_000])
def test_what_is_no_file_of_rates_is_refused_with_words(raw: bytes) -> None:
    with pytest.raises(rate_files.NotReadable):
        rate_files.read(raw, valid_from=OCTOBER)


def upload(browser_of: Browser, house: House, text: str) -> HttpResponse:
    file = SimpleUploadedFile("rates.csv", text.encode(), content_type="text/csv")
    return browser_of("Alice").post(f"/w/{house.handle}/channels/rates/", {"file": file})  # type: ignore[return-value]


def test_nothing_is_kept_before_somebody_says_so(house: House, browser_of: Browser) -> None:
    preview = upload(browser_of, house, rate_files.SAMPLE + "USD,Atlantis,utility,2026-10-01,1\n").content.decode()
    assert "5 new, 0 changed, 0 there already." in preview
    assert "Atlantis" in preview
    assert "line 7" in preview
    with scope(house.id):
        assert not Rate.objects.exists()
    packed = preview.partition('name="packed" hidden>')[2].partition("</textarea>")[0]
    answer = browser_of("Alice").post(f"/w/{house.handle}/channels/rates/", {"packed": packed}, follow=True)
    assert "5 rates are new or changed." in answer.content.decode()
    again = upload(browser_of, house, rate_files.SAMPLE.replace("0.0300", "0.0310")).content.decode()
    assert "0 new, 1 changed, 4 there already." in again


def test_only_admins_see_and_change_rates(house: House, browser_of: Browser) -> None:
    for path in ("rates/", "rates/sample/"):
        assert browser_of("Alice").get(f"/w/{house.handle}/channels/{path}").status_code == 200
        assert browser_of("Bob").get(f"/w/{house.handle}/channels/{path}").status_code == 403
    assert browser_of("Bob").post(f"/w/{house.handle}/channels/rates/removal/").status_code == 403


def test_the_rate_of_the_day_counts_of_the_country_else_of_its_region() -> None:
    rates = Rates(
        [
            ("USD", "rest_asia_pacific", "utility", date(2026, 1, 1), Decimal("0.01")),
            ("USD", "BD", "utility", OCTOBER, Decimal("0.02")),
            ("USD", "BD", "utility", date(2027, 1, 1), Decimal("0.03")),
            ("USD", "other", "utility", date(2026, 1, 1), Decimal("0.09")),
        ]
    )

    def rate(country: str, on: date, category: str = "utility") -> Decimal | None:
        return rates.rate(currency="USD", country=country, category=category, on=on)

    assert rate("BD", date(2026, 9, 30)) == Decimal("0.01")
    assert rate("BD", OCTOBER) == Decimal("0.02")
    assert rate("BD", date(2027, 5, 1)) == Decimal("0.03")
    assert rate("BD", date(2025, 12, 31)) is None
    assert rate("JP", OCTOBER, "service") == Decimal("0.01")  # charged at the rate of utility
    assert rate("IS", OCTOBER) == Decimal("0.09")
    assert rate("MY", OCTOBER) is None  # has a price of its own, which nobody imported


@pytest.mark.parametrize(
    ("phone", "bsuid", "country"),
    [
        ("60123456789", None, "MY"),
        ("12025550143", None, "US"),
        ("14165550143", None, "CA"),
        ("18765550143", None, "JM"),
        ("77012345678", None, "KZ"),
        ("447700900123", "DE.1", "GB"),
        (None, "DE.1234", "DE"),
        (None, "nonsense", None),
        ("883123456789", None, None),
    ],
)
def test_a_recipients_country(phone: str | None, bsuid: str | None, country: str | None) -> None:
    assert country_of(phone, bsuid) == country


def test_regions_and_names() -> None:
    assert region_of("US") == region_of("CA") == "north_america"
    assert region_of("MY") is None
    assert (market_named("Viet Nam"), market_named("Vietnam"), market_named("UAE")) == (None, "VN", "AE")
