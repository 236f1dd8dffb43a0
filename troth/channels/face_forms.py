"""What people enter about how a number looks in WhatsApp."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from troth.channels import registry
from troth.media import pictures
from troth.media.kinds import HEAD_BYTES, sniffed

PICTURE_BYTES_MAX = 5 * 1024 * 1024

INDUSTRIES = [
    ("UNDEFINED", _("Not said")),
    ("AUTO", _("Cars and transport")),
    ("BEAUTY", _("Beauty, spa and salon")),
    ("APPAREL", _("Clothing")),
    ("EDU", _("Education")),
    ("ENTERTAIN", _("Entertainment")),
    ("EVENT_PLAN", _("Event planning")),
    ("FINANCE", _("Finance and banking")),
    ("GROCERY", _("Food and groceries")),
    ("GOVT", _("Public service")),
    ("HOTEL", _("Hotel and lodging")),
    ("HEALTH", _("Medical and health")),
    ("NONPROFIT", _("Non-profit")),
    ("PROF_SERVICES", _("Professional services")),
    ("RETAIL", _("Shopping and retail")),
    ("TRAVEL", _("Travel")),
    ("RESTAURANT", _("Restaurant")),
    ("OTHER", _("Other")),
]
_CHARS = registry.FACE_CHARS_MAX


class ProfileForm(forms.Form):
    """What WhatsApp shows when somebody opens the number."""

    about = forms.CharField(label=_("About"), max_length=_CHARS["about"], help_text=_("One line under the name."))
    description = forms.CharField(
        label=_("Description"),
        max_length=_CHARS["description"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    vertical = forms.ChoiceField(label=_("Industry"), choices=INDUSTRIES, required=False)
    address = forms.CharField(label=_("Address"), max_length=_CHARS["address"], required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=_CHARS["email"], required=False)
    website_1 = forms.URLField(label=_("Website"), max_length=256, required=False, assume_scheme="https")
    website_2 = forms.URLField(label=_("Second website"), max_length=256, required=False, assume_scheme="https")

    @classmethod
    def of(cls, profile: dict[str, Any]) -> "ProfileForm":
        """Return the form filled with a profile."""
        websites = [*profile.get("websites", []), "", ""]
        return cls(initial={**profile, "website_1": websites[0], "website_2": websites[1]})

    def profile(self) -> dict[str, Any]:
        """Return what was entered as a profile."""
        entered = dict(self.cleaned_data)
        entered["websites"] = [entered.pop("website_1"), entered.pop("website_2")]
        return entered


class PictureForm(forms.Form):
    """The picture beside the number's name. What is taken is its middle, as a square."""

    picture = forms.FileField(
        label=_("Picture"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "data-picture": ""}),
        help_text=_(
            "JPEG, PNG or WebP, at most 5 MB, at least 192 pixels wide and high; 640 look best. Its middle is shown in a"
            " circle. Place and camera are taken out."
        ),
    )

    def clean_picture(self) -> bytes:
        file = self.cleaned_data["picture"]
        if file.size > PICTURE_BYTES_MAX:
            raise forms.ValidationError(_("This file has more than 5 MB. Make it smaller, then try again."))
        data = file.read()
        try:
            return pictures.for_profile(data, sniffed(data[:HEAD_BYTES]).mime)
        except pictures.TooSmall:
            raise forms.ValidationError(
                _("This picture is too small: it takes at least 192 pixels in width and in height.")
            ) from None
        except pictures.NoPicture:
            raise forms.ValidationError(
                _("This is no picture that WhatsApp takes: choose a JPEG, PNG or WebP.")
            ) from None


class UsernameForm(forms.Form):
    """The name by which people find the number."""

    username = forms.CharField(
        label=_("Username"),
        max_length=35,
        required=False,
        help_text=_("3 to 35 characters: letters a to z, digits, dots and underscores. Empty gives it up."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false", "dir": "ltr"}
        ),
    )
    take = forms.BooleanField(label=_("Take it from another number of our business, if one has it"), required=False)

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip().lower().removeprefix("@")
        if username and not registry.username_fits(username):
            raise forms.ValidationError(
                _(
                    "WhatsApp does not take this form of username: letters a to z, digits, dots and underscores, at least"
                    " one letter, no www before and no ending such as .com."
                )
            )
        return username


class LinkForm(forms.Form):
    """Words with which a conversation begins."""

    greeting = forms.CharField(
        label=_("First words"),
        max_length=140,
        help_text=_("What stands in the customer's message box when they scan the code. They can change it."),
    )
    code = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)


class RegisterForm(forms.Form):
    """The PIN under which a number is registered with the platform."""

    pin = forms.CharField(
        label=_("Two-step PIN"),
        validators=[RegexValidator(r"\A[0-9]{6}\Z", _("The PIN is six digits."))],
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"}, render_value=False
        ),
        help_text=_("Six digits. A number that has no PIN yet gets this one: write it down, Troth does not keep it."),
    )


class PinForm(forms.Form):
    """The six digits of two-step verification."""

    pin = forms.CharField(
        label=_("New PIN"),
        validators=[RegexValidator(r"\A[0-9]{6}\Z", _("The PIN is six digits."))],
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "6"}, render_value=False
        ),
        help_text=_("Meta asks for it when the number is registered again. Troth does not keep it: write it down."),
    )
