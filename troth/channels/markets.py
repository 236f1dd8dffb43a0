"""Meta's markets: what it charges depends on the country of the recipient's number, or on the region around it.

Pure. A market is a country's two letters (ISO 3166) or the key of a region. Which countries have a price of their own
changes every few months, so that is not written here: a country's own rate counts where one was imported, else its
region's.
Source: Meta, "Pricing on the WhatsApp Business Platform", country calling codes and regions (read 2026-11-22).
"""

import unicodedata
from functools import lru_cache

from babel import Locale

from troth.base.phones import NotAPhone, Phone

NORTH_AMERICA = "north_america"
OTHER = "other"
REGIONS: dict[str, str] = {
    NORTH_AMERICA: "CA US",
    "rest_africa": "AO BF BI BJ BW CD CG CI CM DZ ER ET GA GH GM GW KE LR LS LY MA MG ML MR MW MZ NA NE RW SD SL SN SO SS SZ"
    " TD TG TN TZ UG ZM",
    "rest_asia_pacific": "AF AU BD CN HK JP KH LA LK MN NP NZ PG PH SG TH TJ TM TW UZ VN",
    "rest_central_eastern_europe": "AL AM AZ BG BY CZ GE GR HR HU LT LV MD MK PL RO RS SI SK UA",
    "rest_latin_america": "BO CR DO EC GT HN HT JM NI PA PR PY SV UY VE",
    "rest_middle_east": "BH IQ JO KW LB OM QA YE",
    "rest_western_europe": "AT BE CH DK FI IE NO PT SE",
    OTHER: "",
}
# Those that always had a price of their own, and so are in no region.
OWN = frozenset(
    [
        "AE",
        "AR",
        "BR",
        "CL",
        "CO",
        "DE",
        "EG",
        "ES",
        "FR",
        "GB",
        "ID",
        "IL",
        "IN",
        "IT",
        "MX",
        "MY",
        "NG",
        "NL",
        "PE",
        "PK",
        "RU",
        "SA",
        "TR",
        "ZA",
    ]
)
_REGION_OF = {country: region for region, countries in REGIONS.items() for country in countries.split()}
_NAMES = {
    "north america": NORTH_AMERICA,
    "rest of africa": "rest_africa",
    "rest of asia pacific": "rest_asia_pacific",
    "rest of apac": "rest_asia_pacific",
    "rest of central and eastern europe": "rest_central_eastern_europe",
    "rest of central eastern europe": "rest_central_eastern_europe",
    "rest of cee": "rest_central_eastern_europe",
    "rest of latin america": "rest_latin_america",
    "rest of latam": "rest_latin_america",
    "rest of middle east": "rest_middle_east",
    "rest of western europe": "rest_western_europe",
    "other": OTHER,
    "others": OTHER,
    "uae": "AE",
    "uk": "GB",
    "usa": "US",
    "turkey": "TR",
    "czech republic": "CZ",
    "ivory coast": "CI",
    "hong kong": "HK",
    "macedonia": "MK",
    "swaziland": "SZ",
}


def country_of(phone: str | None, bsuid: str | None) -> str | None:
    """Return the two letters of a recipient's country: of the number's calling code, else those before the id's dot.

    `phone` is digits without a plus sign, as the wire gives it.
    """
    if phone:
        try:
            country = Phone.from_wa_id(phone).country
        except NotAPhone:
            country = None
        if country is not None:
            return country
    prefix = bsuid.partition(".")[0] if bsuid and "." in bsuid else ""
    return prefix if len(prefix) == 2 and prefix.isascii() and prefix.isalpha() and prefix.isupper() else None


def region_of(country: str) -> str | None:
    """Return the region whose price counts where a country has none of its own; None for one that always has."""
    return None if country in OWN else _REGION_OF.get(country, OTHER)


def market_named(name: str) -> str | None:
    """Return the market that somebody wrote: two letters, a country's name in English, or a region's. None if unknown."""
    typed = " ".join(name.replace("&", " and ").split())
    if len(typed) == 2 and typed.isalpha() and typed.upper() in _countries("en"):
        return typed.upper()
    plain = _plain(typed)
    if typed in REGIONS:
        return typed
    return _NAMES.get(plain) or _by_name().get(plain)


def country_name(country: str, language: str) -> str:
    """Return a country's name in a language, the letters themselves where there is none."""
    return _countries(language).get(country, country)


@lru_cache(maxsize=16)
def _countries(language: str) -> dict[str, str]:
    territories = Locale.parse(language.replace("-", "_")).territories
    return {code: str(name) for code, name in territories.items() if len(code) == 2 and code.isalpha()}


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    return {_plain(name): code for code, name in _countries("en").items()}


def _plain(name: str) -> str:
    """Return a name in small letters without accents and points, so that it is found however it was written."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(sign if sign.isalnum() else " " for sign in letters if not unicodedata.combining(sign))
    return " ".join(kept.split())
