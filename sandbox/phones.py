"""Phone numbers as the platform reads them: which country, and which `wa_id` a typed number stands for."""

import re
from functools import lru_cache

# Longest prefix wins. Only the countries that tests and the cast need, and the large ones.
COUNTRIES = {
    "1": "US", "1416": "CA", "1604": "CA", "20": "EG", "212": "MA", "213": "DZ", "218": "LY", "233": "GH", "234": "NG",
    "254": "KE", "27": "ZA", "30": "GR", "31": "NL", "32": "BE", "33": "FR", "34": "ES", "351": "PT", "353": "IE",
    "36": "HU", "380": "UA", "39": "IT", "40": "RO", "41": "CH", "43": "AT", "44": "GB", "45": "DK", "46": "SE",
    "47": "NO", "48": "PL", "49": "DE", "51": "PE", "52": "MX", "54": "AR", "55": "BR", "56": "CL", "57": "CO",
    "58": "VE", "60": "MY", "61": "AU", "62": "ID", "63": "PH", "64": "NZ", "65": "SG", "66": "TH", "7": "RU",
    "81": "JP", "82": "KR", "84": "VN", "852": "HK", "86": "CN", "880": "BD", "886": "TW", "90": "TR", "91": "IN",
    "92": "PK", "94": "LK", "961": "LB", "962": "JO", "963": "SY", "964": "IQ", "965": "KW", "966": "SA", "968": "OM",
    "971": "AE", "972": "IL", "973": "BH", "974": "QA", "977": "NP", "98": "IR", "994": "AZ",
}  # fmt: skip
_TYPED = re.compile(r"\+?[0-9()\-. ]{5,32}")
_NOT_A_DIGIT = re.compile(r"[^0-9]")
BRAZIL_LENGTH_WITH_NINE = 13
BRAZIL_NINE_KEPT_BELOW_AREA = 31


def country_of(digits: str) -> str:
    """Return the ISO country of a number in international digits; `US` when the table does not know it."""
    for length in (4, 3, 2, 1):
        if country := COUNTRIES.get(digits[:length]):
            return country
    return "US"


@lru_cache(maxsize=4096)
def wa_id_of(typed: str) -> str | None:
    """Return the id that WhatsApp knows a typed number by, or None when it is not a number.

    It may differ from what was typed: Brazil drops a ninth digit, Mexico and Argentina add one.
    Source: project reference `cloud-api`, section 5.1 (2026-11-22); a leading 00 is refused by the live API.
    """
    if not _TYPED.fullmatch(typed):
        return None
    digits = _NOT_A_DIGIT.sub("", typed)
    if not 7 <= len(digits) <= 15 or digits[0] == "0":
        return None
    if digits.startswith("55") and len(digits) == BRAZIL_LENGTH_WITH_NINE and digits[4] == "9":
        return digits if int(digits[2:4]) < BRAZIL_NINE_KEPT_BELOW_AREA else digits[:4] + digits[5:]
    if digits.startswith("52") and len(digits) == 12:
        return "521" + digits[2:]
    if digits.startswith("54") and len(digits) == 12:
        return "549" + digits[2:]
    return digits
