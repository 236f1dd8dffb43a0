"""The pages that say what is kept: of a workspace, and of a person."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.http import HttpResponse
from django.shortcuts import render

from troth.accounts.access import PersonRequest, person_view
from troth.base.registry import REGISTRY, Purpose
from troth.privacy.datamap.counts import Count, counts
from troth.privacy.datamap.links import places
from troth.privacy.datamap.shown import Group, Shown, at_a_glance, groups, of_a_person, of_a_workspace
from troth.workspaces.access import MemberRequest, member_view
from troth.workspaces.listing import places_of
from troth.workspaces.models import Role


@member_view
def your_data(request: MemberRequest) -> HttpResponse:
    """Show what is kept of this workspace and the people who write to it."""
    found = groups(of_a_workspace)
    many = counts(kind.label for group in found for kind in group.kinds)
    context = {
        "sections": _sections(found, many),
        "glance": at_a_glance(found),
        "places": places(request.member),
        "may_download": request.member.may(Role.ADMIN),
    }
    return render(request, "privacy/datamap/your_data.html", context)


@person_view
def about_you(request: PersonRequest) -> HttpResponse:
    """Show what is kept of the person who is signed in."""
    found = sorted(groups(of_a_person), key=lambda group: group.purpose != Purpose.ACCESS)
    context = {
        "sections": _sections(found, _counts(request.user.pk)),
        "glance": at_a_glance(found),
        "workspaces": len(places_of(request.user)),
    }
    return render(request, "privacy/datamap/about_you.html", context)


def _sections(found: list[Group], many: Mapping[str, Count]) -> list[tuple[Group, list[tuple[Shown, Count | None]]]]:
    """Return each group with its kinds, and how much there is of each where that is known."""
    return [(group, [(kind, many.get(kind.label)) for kind in group.kinds]) for group in found]


def _counts(user_id: Any) -> dict[str, Count]:
    """Return how many rows each table has of a person, where rows name the person themselves and no workspace."""
    found = {}
    for label, said in REGISTRY.items():
        model: Any = apps.get_model(label)
        names = {field.attname for field in model._meta.local_concrete_fields}
        if "user_id" in names and "workspace_id" not in names and of_a_person(said):
            found[label] = Count(model.objects.filter(user_id=user_id).count(), None)
    return found
