"""Codes that prove an address."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import BaseConfirmCodeForm, ConfirmEmailVerificationCodeForm

from troth.accounts.claims import release_address


class ConfirmEmailForm(ConfirmEmailVerificationCodeForm):  # type: ignore[misc]  # allauth has no types
    """The code from the mail. Whoever types it owns the address; accounts that only claimed it give way."""

    def clean_code(self) -> str:
        BaseConfirmCodeForm.clean_code(self)
        if self.user is None:
            raise get_adapter().validation_error("incorrect_code")
        release_address(self.email, keep=self.user)
        return str(super().clean_code())
