"""Signing up."""

from typing import Any

from allauth.account.views import SignupView as AllauthSignupView
from django.http import HttpRequest, HttpResponse

from troth.accounts import age


class SignupView(AllauthSignupView):  # type: ignore[misc]  # allauth has no types
    """allauth's view; a year of birth that is too young closes sign-up, whatever else was typed."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        return {**kwargs, "request": self.request}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        form.is_valid()
        if form.is_too_young:
            age.refuse(request)
            closed: HttpResponse = self.closed()
            return closed
        answered: HttpResponse = super().post(request, *args, **kwargs)
        return answered
