"""What people enter about a number. Secrets go in and are never shown again."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from troth.channels.models import Channel, ReadReceipts
from troth.channels.registry import Found
from troth.workspaces.models import Membership, Team

NAME_CHARS_MAX = 60
# Meta's tokens are about 200 characters long today, and have no fixed length.
TOKEN_CHARS_MAX = 1_024
_OFF = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off", "dir": "ltr"}


class IdField(forms.CharField):
    """An id of Meta's: a long number, which goes into addresses of the Graph API."""

    def __init__(self, **options: Any) -> None:
        digits = RegexValidator(
            r"\A[0-9]{5,32}\Z",
            _("This is a long number of digits only. It is not the phone number itself."),
        )
        widget = forms.TextInput(attrs={**_OFF, "inputmode": "numeric"})
        super().__init__(**{"max_length": 40, "widget": widget, "validators": [digits], **options})


class SecretField(forms.CharField):
    """Something that is entered once and never shown again."""

    def __init__(self, *, shape: str, wrong: Any, **options: Any) -> None:
        widget = forms.PasswordInput(attrs=_OFF, render_value=False)
        super().__init__(**{"widget": widget, "validators": [RegexValidator(shape, wrong)], **options})


def token_field() -> SecretField:
    """Return the field for an access token."""
    return SecretField(
        label=_("Access token"),
        max_length=TOKEN_CHARS_MAX,
        shape=r"\A[!-{}~]{20,}\Z",
        wrong=_("This does not look like an access token: it is a long word without spaces that begins with EAA."),
        help_text=_(
            "Meta Business settings › Users › System users. Choose one or add one, use “Assign assets” to give it your "
            "app and your WhatsApp account with full control, then “Generate token”: choose the app, let it never expire, "
            "and tick whatsapp_business_messaging and whatsapp_business_management."
        ),
    )


def secret_field() -> SecretField:
    """Return the field for an app secret."""
    return SecretField(
        label=_("App secret"),
        max_length=128,
        shape=r"\A[0-9A-Za-z]{16,128}\Z",
        wrong=_("This does not look like an app secret: it is 32 characters, digits and the letters a to f."),
        help_text=_(
            "Your app at developers.facebook.com › App settings › Basic › “App secret”, then “Show”. It lets Troth tell "
            "Meta's deliveries from forgeries."
        ),
    )


class ConnectForm(forms.Form):
    """What it takes to connect a number."""

    number_id = IdField(
        label=_("Phone number ID"),
        help_text=_(
            "Your app at developers.facebook.com › WhatsApp › API Setup: choose the number under “From”; the id stands "
            "below it. A long number, not the phone number itself."
        ),
    )
    account_id = IdField(
        label=_("WhatsApp Business account ID"),
        help_text=_("On the same page, beside the phone number ID."),
    )
    token = token_field()
    app_secret = secret_field()
    name = forms.CharField(
        label=_("Name for your team"),
        required=False,
        max_length=NAME_CHARS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        help_text=_("Customers do not see it. Without one it is called as in WhatsApp."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("number_id") and cleaned.get("number_id") == cleaned.get("account_id"):
            self.add_error("account_id", _("This is the phone number ID once more. The account has an id of its own."))
        return cleaned


class NumbersForm(forms.Form):
    """Which of the numbers that Meta told of are to be connected."""

    numbers = forms.MultipleChoiceField(
        label=_("Numbers"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one number.")},
    )

    def __init__(self, *args: Any, numbers: list[Found], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["numbers"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(one.number_id, f"{one.display_number} · {one.verified_name}") for one in numbers]


class NameForm(forms.Form):
    """A channel's name."""

    name = forms.CharField(
        label=_("Name for your team"),
        max_length=NAME_CHARS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        help_text=_("Customers do not see it."),
    )


class TokenForm(forms.Form):
    """Another access token."""

    token = token_field()


class SecretForm(forms.Form):
    """Another app secret."""

    app_secret = secret_field()


class ReceiptsForm(forms.Form):
    """When customers are told that what they wrote was read."""

    read_receipts = forms.ChoiceField(
        label=_("Tell customers when we have read"),
        choices=ReadReceipts.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "They see blue ticks. WhatsApp marks everything before as read too, so it cannot be told for one message alone."
            " Unless it is never told, customers also see that somebody is writing an answer, and WhatsApp counts that as"
            " having read: everything before gets its blue ticks with the first letter that an agent types, even if the"
            " answer is never sent. If that is too early for you, choose “Never”."
        ),
    )


class CatalogForm(forms.Form):
    """Which catalogue a number shows."""

    catalog_id = IdField(
        label=_("Catalogue ID"),
        required=False,
        help_text=_(
            "In Meta’s Commerce Manager choose the catalogue, then Settings. It must be connected to this WhatsApp account"
            " there. Empty for none."
        ),
    )


class SightForm(forms.Form):
    """Who may see a channel."""

    open_to = forms.ChoiceField(
        label=_("Shown to"),
        choices=[("all", _("Everybody in this workspace")), ("chosen", _("Only whom you choose"))],
        widget=forms.RadioSelect,
    )
    teams = forms.MultipleChoiceField(label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple)
    members = forms.MultipleChoiceField(
        label=_("Members"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Owners and admins see every channel, since they decide who else does."),
    )

    def __init__(self, *args: Any, members: list[Membership], teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in (("members", members), ("teams", teams)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = [(str(one.pk), one.name) for one in options]
        if not teams:
            del self.fields["teams"]


def entered_before(channel: Channel) -> dict[str, str]:
    """Return what a form about this number begins with: what is no secret."""
    return {
        "number_id": channel.wanted_number_id or channel.number_id,
        "account_id": channel.account_id,
        "name": channel.name,
    }
