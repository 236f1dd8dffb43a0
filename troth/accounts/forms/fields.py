"""Form fields for what people tell of themselves."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from troth.base.phones import NotAPhone, Phone

NAME_CHARS_MAX = 80
# Names of people and companies go into mails that others receive: an address in one would make us carry advertising.
_ADDRESS = re.compile(r"(https?:|www\.|//|<|>)", re.IGNORECASE)


class NameField(forms.CharField):
    """The name of a person, a company or a team, on one line, without addresses or invisible characters."""

    def __init__(self, **options: Any) -> None:
        options = {"max_length": NAME_CHARS_MAX, "widget": forms.TextInput(attrs={"dir": "auto"}), **options}
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", super().to_python(value) or "")
        return " ".join("".join(sign if _is_visible(sign) else " " for sign in text).split())

    def validate(self, value: Any) -> None:
        super().validate(value)
        if _ADDRESS.search(value or ""):
            raise ValidationError(_("Please leave web addresses out of the name."), code="address")


class PhoneField(forms.CharField):
    """A phone number in international form, or None."""

    def __init__(self, **options: Any) -> None:
        options = {
            "required": False,
            "widget": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel", "dir": "ltr"}),
            **options,
        }
        super().__init__(**options)

    def clean(self, value: Any) -> Phone | None:
        """Return the number. Raises: ValidationError with a sentence that says what is wrong with it."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return Phone.parse(typed)
        except NotAPhone as refusal:
            raise ValidationError(gettext(str(refusal)), code=refusal.reason) from None


def _is_visible(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or sign in "\u200c\u200d"
