"""How allauth behaves in this product."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.mail.message import EmailMessage
from django.http import HttpRequest
from django.urls import reverse

from troth.accounts.age import was_refused
from troth.accounts.mail import mark
from troth.accounts.mail_types import OF_TEMPLATES
from troth.accounts.models import User
from troth.base.clock import now
from troth.base.mails import Undeclared


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-up keeps our fields; whoever was refused for age stays refused in this browser."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return not was_refused(request)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Store what the sign-up form asked for; of the year of birth nothing."""
        data = form.cleaned_data
        user.name = data["name"]
        user.phone = str(data["phone"]) if data.get("phone") else None
        user.terms_version = data["terms_version"]
        user.terms_accepted_at = now()
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Make one of the library's mails and say of what type it is. Raises: Undeclared."""
        kind = OF_TEMPLATES.get(template_prefix)
        if kind is None:
            raise Undeclared(template_prefix)
        made: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        return mark(made, kind)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_security")


def display_name(user: User) -> str:
    """Return how a person is called in mails and messages."""
    return user.get_full_name()
