"""Asking for a legal hold."""

from django import forms
from django.utils.translation import gettext_lazy as _

from troth.privacy.models import HeldKind


class HoldForm(forms.Form):
    """What to hold, why, and until when at the latest."""

    kind = forms.ChoiceField(
        label=_("What must not be deleted"),
        choices=[
            (HeldKind.CONVERSATION, _("This conversation only")),
            (HeldKind.CONTACT, _("All that belongs to this person")),
        ],
        widget=forms.Select(attrs={"class": "input select"}),
    )
    basis = forms.CharField(
        label=_("Which law or claim asks for it"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    reference = forms.CharField(
        label=_("Reference"), max_length=200, required=False, widget=forms.TextInput(attrs={"dir": "auto"})
    )
    review_on = forms.DateField(
        label=_("Review day"),
        help_text=_("Within 180 days. On that day the hold ends, unless you ask for it again."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
