"""Phone numbers as values, always in international form.

A number is one way to know a person, never the person: it may be absent, and it may change hands.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Self

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

# A plus, a calling code, and 15 digits at most. The shortest numbers in use have 7.
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_WA_ID = re.compile(r"[1-9][0-9]{6,14}")

TYPED_CHARS_MAX = 40
# What people put around and between digits, after compatibility forms are folded: spaces, brackets, dashes, dots.
_TYPED = re.compile(r"\(?\+?[0-9\s().\-/\u2010-\u2015\u2212\u00b7]+")
_TEL_PREFIX = re.compile(r"tel:", re.IGNORECASE)

_BRAZIL_WITHOUT_9 = re.compile(r"\+55([1-9][1-9])([6-9][0-9]{7})")
_BRAZIL_WITH_9 = re.compile(r"\+55([1-9][1-9])9([6-9][0-9]{7})")
_MEXICO_WITHOUT_1 = re.compile(r"\+52([2-9][0-9]{9})")
_MEXICO_WITH_1 = re.compile(r"\+521([2-9][0-9]{9})")
_ARGENTINA_WITHOUT_9 = re.compile(r"\+54([1-8][0-9]{9})")
_ARGENTINA_WITH_9 = re.compile(r"\+549([1-8][0-9]{9})")

# Where one person's number is written in two ways. All others are compared as they stand.
_TWO_WAYS = ("+55", "+52", "+54")
_ALIASES = (
    (_BRAZIL_WITHOUT_9, r"+55\g<1>9\g<2>"),
    (_BRAZIL_WITH_9, r"+55\g<1>\g<2>"),
    (_MEXICO_WITHOUT_1, r"+521\g<1>"),
    (_MEXICO_WITH_1, r"+52\g<1>"),
    (_ARGENTINA_WITHOUT_9, r"+549\g<1>"),
    (_ARGENTINA_WITH_9, r"+54\g<1>"),
)


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation where it is shown, without knowing the web framework."""
    return text


_SENTENCES = {
    "empty": gettext_noop("Enter a phone number."),
    "odd": gettext_noop("A phone number has only digits, spaces, brackets and dashes, and may start with +."),
    "no_country": gettext_noop("Start with + and the country code, as in +44."),
    "unknown_country": gettext_noop("No country has this calling code."),
    "short": gettext_noop("This number is too short. Is the area code missing?"),
    "long": gettext_noop("This number is too long."),
}

_REASONS_OF_LENGTH = {
    ValidationResult.TOO_SHORT: "short",
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: "short",
    ValidationResult.INVALID_LENGTH: "short",
    ValidationResult.TOO_LONG: "long",
    ValidationResult.INVALID_COUNTRY_CODE: "unknown_country",
}

_REASONS_OF_PARSING = {
    NumberParseException.INVALID_COUNTRY_CODE: "unknown_country",
    NumberParseException.NOT_A_NUMBER: "odd",
    NumberParseException.TOO_SHORT_AFTER_IDD: "short",
    NumberParseException.TOO_SHORT_NSN: "short",
    NumberParseException.TOO_LONG: "long",
}


class NotAPhone(ValueError):
    """What was given is no phone number. The text is a plain sentence, ready for translation, without the number.

    `reason` is one of "empty", "odd", "no_country", "unknown_country", "short", "long".
    """

    def __init__(self, reason: str) -> None:
        super().__init__(_SENTENCES[reason])
        self.reason = reason


@dataclass(frozen=True, slots=True, repr=False)
class Phone:
    """A phone number: a plus, the calling code and the rest, without anything between. `str()` gives just that."""

    number: str

    def __post_init__(self) -> None:
        """Refuse what is not in international form.

        Raises: NotAPhone
        """
        if not isinstance(self.number, str) or not _E164.fullmatch(self.number):
            raise NotAPhone("odd")

    def __str__(self) -> str:
        """Return the number in full: "+5511987654321"."""
        return self.number

    def __repr__(self) -> str:
        """Return a form that may stand in a traceback."""
        return f"Phone({self.masked()})"

    @classmethod
    def parse(cls, text: str, *, country: str | None = None) -> Self:
        """Return the number that a person meant.

        country: two letters (ISO 3166); how to read numbers that do not start with + or 00. Whether the number is in
        use is not judged, only whether it could be: new ranges appear faster than tables of them.

        Raises: NotAPhone
        """
        typed = _tidied(text)
        if country is None and typed.startswith("00"):
            typed = "+" + typed[2:]
        if country is None and not typed.startswith("+"):
            raise NotAPhone("no_country")
        number = _international(typed, country.upper() if country else None)
        # Read once more, a number must stay what it is; with stray zeros after the calling code it would not.
        if _international(number, None) != number:
            raise NotAPhone("odd")
        return cls(number)

    @classmethod
    def from_wa_id(cls, digits: str) -> Self:
        """Return the number that WhatsApp names by its digits alone. Quick: no numbering plan is consulted.

        Raises: NotAPhone
        """
        if not isinstance(digits, str) or not _WA_ID.fullmatch(digits):
            raise NotAPhone("odd")
        return cls("+" + digits)

    @property
    def wa_id(self) -> str:
        """Return the digits alone, as WhatsApp writes them."""
        return self.number[1:]

    @property
    def calling_code(self) -> str | None:
        """Return the country's calling code, "55", or None if no country has one like this.

        No calling code begins another, so the one that fits is the longest that fits.
        """
        for length in (1, 2, 3):
            code = self.number[1 : 1 + length]
            if int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
                return code
        return None

    @property
    def country(self) -> str | None:
        """Return the two letters of the country (ISO 3166), which is also the market that Meta charges for.

        Where countries share a calling code the numbering plan decides, and the largest country where it cannot.
        None for numbers of no country.
        """
        code = self.calling_code
        if code is None:
            return None
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE[int(code)]
        region = regions[0]
        if len(regions) > 1 and (parsed := self._parsed()) is not None:
            region = phonenumbers.region_code_for_number(parsed) or region
        return region if region.isalpha() else None

    def variants(self) -> tuple[Self, ...]:
        """Return every way in which WhatsApp may name the same person's number, this one first.

        Brazil put a 9 before mobile numbers, Mexico dropped a 1 and Argentina writes a 9 for calls from abroad;
        accounts that are older than such a change keep their old name. Which form an account bears cannot be told
        from the number. Brazilian numbers that start with 2 to 5 are land lines and have one form only.

        Source: help pages of Gupshup, Zoko and Zoho on WhatsApp ids in Brazil and Mexico, and of Whapi on
        number formats by country (read 2026-11-22).
        """
        aliases = (
            type(self)(pattern.sub(form, self.number)) for pattern, form in _ALIASES if pattern.fullmatch(self.number)
        )
        return (self, *aliases)

    def masked(self) -> str:
        """Return the number for eyes that may not see it: "+55 ••• •• 321"."""
        return f"+{self.calling_code or ''} ••• •• {self.number[-3:]}"

    def display(self) -> str:
        """Return the number as it is written internationally: "+55 11 98765-4321"."""
        parsed = self._parsed()
        return self.number if parsed is None else phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)

    def _parsed(self) -> Any:
        try:
            return phonenumbers.parse(self.number)
        except NumberParseException:
            return None


def one_form(number: str) -> str:
    """Return the form of a number in which all its variants are the same; quick, and unchanged for what is none."""
    return min(forms_of(number)) if number.startswith(_TWO_WAYS) else number


def forms_of(number: str) -> list[str]:
    """Return every way in which WhatsApp may write a number (see `Phone.variants`), this one first."""
    return [number, *(pattern.sub(form, number) for pattern, form in _ALIASES if pattern.fullmatch(number))]


def _tidied(text: str) -> str:
    """Return the text in plain digits and signs.

    Raises: NotAPhone
    """
    if not isinstance(text, str):
        raise NotAPhone("odd")
    # Copied numbers bring invisible marks along, which direct the text from right to left and back.
    visible = "".join(sign for sign in text[: 4 * TYPED_CHARS_MAX] if unicodedata.category(sign) != "Cf")
    folded = unicodedata.normalize("NFKC", visible).strip().removeprefix("'")
    typed = "".join(str(unicodedata.decimal(sign, sign)) for sign in _TEL_PREFIX.sub("", folded, count=1)).strip()
    if not typed:
        raise NotAPhone("empty")
    if not _TYPED.fullmatch(typed):
        raise NotAPhone("odd")
    if len(typed) > TYPED_CHARS_MAX:
        raise NotAPhone("long")
    return typed.removeprefix("(") if typed.startswith("(+") else typed


def _international(typed: str, country: str | None) -> str:
    """Return the number in international form.

    Raises: NotAPhone
    """
    try:
        parsed = phonenumbers.parse(typed, country)
    except NumberParseException as error:
        raise NotAPhone(_REASONS_OF_PARSING.get(error.error_type, "odd")) from None
    parsed = _without_mexican_1(parsed)
    if reason := _REASONS_OF_LENGTH.get(phonenumbers.is_possible_number_with_reason(parsed)):
        raise NotAPhone(reason)
    number: str = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    if not _E164.fullmatch(number):
        raise NotAPhone("long" if len(number) > 16 else "short")
    return number


def _without_mexican_1(parsed: Any) -> Any:
    """Return the number without the 1 that Mexico dropped in 2019 and that people still write."""
    if parsed.country_code == 52 and str(parsed.national_number).startswith("1"):
        national = str(parsed.national_number)[1:]
        if len(national) == 10:
            return phonenumbers.PhoneNumber(country_code=52, national_number=int(national))
    return parsed
