"""Forms that give a name."""

from django import forms
from django.utils.translation import gettext_lazy as _

from troth.accounts.forms.fields import NameField


class WorkspaceForm(forms.Form):
    """A workspace's name."""

    name = NameField(label=_("Name of the workspace"), help_text=_("Usually your company."))


class TeamForm(forms.Form):
    """A team's name."""

    name = NameField(label=_("Name of the team"))
