"""Signing up with a company, or into one by invitation."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from troth.accounts.forms.fields import NameField
from troth.accounts.forms.signup import SignupForm, remember_signup
from troth.accounts.models import User
from troth.workspaces import invitations
from troth.workspaces.joining import carried_token


class CompanySignupForm(SignupForm):
    """The person, and the company unless the browser carries an invitation."""

    company = NameField(label=_("Company"), help_text=_("You can change it later."))

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.offer = _offer(request)
        self.fields["company"].widget.attrs["autocomplete"] = "organization"
        if self.offer:
            del self.fields["company"]
            self.fields["email"].initial = self.offer.email
            # Not typed: the invitation is for this address, and the link in it has shown whose it is.
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("The invitation is for this address.")

    def save(self, request: HttpRequest) -> User:
        if self.offer:
            get_adapter().stash_verified_email(request, self.offer.email)
        user: User = super().save(request)
        if self.offer:
            remember_signup(request, user, joins="yes")
        else:
            remember_signup(request, user, company=self.cleaned_data["company"])
        return user


def _offer(request: HttpRequest) -> invitations.Offer | None:
    token = carried_token(request)
    if token is None:
        return None
    try:
        return invitations.offer(token)
    except invitations.Closed:
        return None
