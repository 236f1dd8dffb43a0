"""Making, naming and using passkeys. The names are people's own words, so they are sealed like the rest."""

from typing import Any

from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from troth.accounts.forms.fields import NameField
from troth.accounts.second_factor import seal_text, unseal_text


class CredentialField(forms.JSONField):
    """What the browser's script fills in. Empty until then, rather than the word null."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new passkey, which may log in without a password."""

    name = NameField(label=_("Name of this passkey"), required=False)
    credential = CredentialField()
    passwordless = forms.BooleanField(
        label=_("Log in with this passkey alone"),
        required=False,
        initial=True,
        help_text=_("Your device then makes sure that it is you, by fingerprint, face or PIN."),
    )

    def clean_name(self) -> str:
        return seal_text(super().clean_name())


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """Another name for a passkey."""

    name = NameField(label=_("Name of this passkey"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["name"] = unseal_text(self.initial["name"])

    def clean_name(self) -> str:
        return seal_text(self.cleaned_data["name"])


class UsePasskeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey as the second factor."""

    credential = CredentialField()


class ReusePasskeyForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey to show once more that it is still oneself."""

    credential = CredentialField()
