"""Signing up: who the person is, without what the workspace is."""

from typing import Any

from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.internal.flows.manage_email import email_already_exists
from django import forms
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from troth.accounts import age
from troth.accounts.claims import release_address
from troth.accounts.forms.fields import NameField, PhoneField
from troth.accounts.models import User
from troth.accounts.terms import current_version

PASSWORD_CHARS_MAX = 256
PASSWORD_HINT = _("At least 10 characters. A few words in a row are good.")


class SignupForm(AllauthSignupForm):  # type: ignore[misc]  # allauth has no types
    """Name, e-mail, phone if one likes, password, year of birth, and the terms."""

    name = NameField(label=_("Your name"))
    phone = PhoneField(label=_("Phone"))
    birth_year = forms.IntegerField(
        label=_("Year of birth"),
        help_text=_("Asked once and not kept."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday-year", "maxlength": "4"}),
    )
    terms = forms.BooleanField()
    terms_version = forms.CharField(widget=forms.HiddenInput, required=False)

    data: Any
    account_already_exists: bool
    is_too_young = False
    field_order = ("name", "email", "company", "phone", "password1", "birth_year", "terms", "terms_version")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["password1"].max_length = PASSWORD_CHARS_MAX
        self.fields["password1"].help_text = PASSWORD_HINT
        self.fields["email"].label = _("E-mail")
        self.fields["terms"].label = _with_link_to_terms()
        self.fields["terms_version"].initial = current_version()
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_birth_year(self) -> None:
        """Judge the year; forget it in any case."""
        year = self.cleaned_data["birth_year"]
        if not age.is_a_year_of_birth(year):
            raise ValidationError(_("Enter a year with four digits."), code="invalid")
        self.is_too_young = not age.is_old_enough(year)

    def clean_terms_version(self) -> str:
        """Return the version that was shown. Raises: ValidationError when it is not the current one any more."""
        shown: str = self.cleaned_data["terms_version"]
        if shown != current_version():
            self.data = self.data.copy()
            self.data["terms_version"] = current_version()
            raise ValidationError(_("The terms have changed. Please read them again."), code="changed")
        return shown

    def try_save(self, request: HttpRequest) -> Any:
        """Save the person, or pretend to when there is an account already; both take the same time.

        An account that nobody has proven to be theirs is no account: it gives way.
        """
        email = self.cleaned_data["email"]
        if self.account_already_exists:
            release_address(email)
            email, self.account_already_exists = email_already_exists(email)
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        return super().try_save(request)


def _with_link_to_terms() -> SafeString:
    words = format_html(
        '<a href="{}" target="_blank">{}</a>', reverse("account_terms"), gettext("terms and the privacy policy")
    )
    return format_html(gettext("I have read and accept the {terms}."), terms=words)


def remember_signup(request: HttpRequest, user: User, **facts: str) -> None:
    """Keep what was told at sign-up with this browser until the address is proven."""
    request.session["signup"] = {"user": str(user.pk), **facts}


def recall_signup(request: HttpRequest, user: User) -> dict[str, str]:
    """Return what this person told at sign-up in this browser, once."""
    kept: dict[str, str] = request.session.pop("signup", {})
    return kept if kept.get("user") == str(user.pk) else {}
