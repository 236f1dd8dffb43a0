"""Naming passkeys. The names are people's own words, so they are sealed like the rest."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

from troth.accounts.forms.fields import NameField
from troth.accounts.second_factor import seal_text, unseal_text


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new passkey. It signs in by itself, so the device must check that it is its owner."""

    name = NameField(label=_("Name of this passkey"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True

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
