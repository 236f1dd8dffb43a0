"""What a person tells of themselves and how they like the product."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from troth.accounts.forms.fields import NameField, PhoneField
from troth.accounts.models import User

BROWSER = "browser"


class ProfileForm(forms.Form):
    """Name and phone."""

    name = NameField(label=_("Your name"), help_text=_("Your colleagues see it."))
    phone = PhoneField(label=_("Phone"))

    def __init__(self, data: Any = None, *, user: User) -> None:
        super().__init__(data, initial={"name": user.name, "phone": user.phone})
        self.user = user

    def save(self) -> None:
        """Store what was typed."""
        self.user.name = self.cleaned_data["name"]
        self.user.phone = str(self.cleaned_data["phone"]) if self.cleaned_data["phone"] else None
        self.user.save(update_fields=["name", "phone"])


def spoken() -> list[tuple[str, str]]:
    """Return the languages that the product speaks throughout."""
    return [(code, name) for code, name in settings.LANGUAGES if code in settings.LANGUAGES_OFFERED]


class PreferencesForm(forms.ModelForm[User]):
    """Language, theme, single-key shortcuts."""

    language = forms.ChoiceField(label=_("Language"), choices=lambda: [(BROWSER, _("Like your browser")), *spoken()])
    theme = forms.ChoiceField(
        label=_("Theme"),
        choices=[("system", _("Like your system")), ("light", _("Light")), ("dark", _("Dark"))],
        widget=forms.RadioSelect,
    )
    single_keys = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("Switch them off if you dictate or use a screen reader that needs these keys."),
    )

    class Meta:
        model = User
        fields = ("language", "theme", "single_keys")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["language"] = self.initial["language"] or BROWSER

    def clean_language(self) -> str:
        chosen: str = self.cleaned_data["language"]
        return "" if chosen == BROWSER else chosen
