"""Choosing a new password: typed once, since it can be shown."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import ResetPasswordKeyForm

from troth.accounts.forms.signup import PASSWORD_CHARS_MAX, PASSWORD_HINT


class ChangePasswordForm(AllauthChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """The present password and the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_once(self)


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """The new password after a reset."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask_once(self)


def _ask_once(form: Any) -> None:
    del form.fields["password2"]
    form.fields["password1"].max_length = PASSWORD_CHARS_MAX
    form.fields["password1"].help_text = PASSWORD_HINT
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
