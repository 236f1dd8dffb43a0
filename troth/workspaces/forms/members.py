"""Forms about members."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from troth.workspaces.models import Membership, Role

WHAT_ROLES_DO = {
    Role.OWNER: _("Everything, and decides who is an owner."),
    Role.ADMIN: _("Members, teams, channels and settings."),
    Role.AGENT: _("Reads and answers conversations."),
    Role.VIEWER: _("Reads conversations."),
}


def roles_to_give(giver: Membership) -> list[tuple[str, Any]]:
    """Return the roles that this member may give, as choices."""
    return [(role.value, role.label) for role in Role if Role(giver.role).covers(role)]


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), initial=Role.AGENT.value)

    def __init__(self, *args: Any, giver: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = roles_to_give(giver)


class RoleForm(forms.Form):
    """Another role for a member. Any role can be asked for; the rules decide."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class TeamMembersForm(forms.Form):
    """Who is in a team."""

    members = forms.MultipleChoiceField(label=_("Members"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, members: list[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["members"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(member.pk), member.name) for member in members]
