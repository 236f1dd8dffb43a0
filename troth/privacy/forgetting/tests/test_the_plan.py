"""The registry says what goes, and in an order that the database lets go."""

import pytest
from django.apps import apps
from django.db import models

from troth.base.registry import REGISTRY, Erasure, Subject
from troth.privacy.forgetting import plan

pytestmark = pytest.mark.clause("A4.2b", "B7.3")


def test_whatever_points_at_a_persons_rows_goes_with_them() -> None:
    """A new table that points at contacts or their talk says in the registry how its rows lead to the person. What points
    at rows that are only emptied may stay as they do."""
    visited = set(plan.models_about(Subject.CONTACT))
    gone = {model for model in visited if plan.said_of(model).erase == Erasure.DELETE}
    left_behind = [
        f"{model._meta.label}.{field.name}"
        for model in set(apps.get_models()) - visited
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.model in gone
    ]
    assert left_behind == []


@pytest.mark.parametrize("order", [plan.models_about(Subject.CONTACT), plan.models_of_workspaces()])
def test_what_points_goes_before_what_it_points_at(order: tuple[plan.Model, ...]) -> None:
    for place, model in enumerate(order):
        assert not set(plan._points_at(model)) & set(order[:place])


def test_every_table_about_contacts_is_visited_or_says_why_it_stays() -> None:
    about = {label for label, said in REGISTRY.items() if said.subject == Subject.CONTACT}
    visited = {model._meta.label for model in plan.models_about(Subject.CONTACT)}
    assert {label for label in about - visited if not REGISTRY[label].kept} == set()


def test_the_installations_registers_outlive_a_workspace_and_nothing_that_holds_a_key_to_it_does() -> None:
    registers = {model._meta.label for model in plan.registers()}
    assert registers == {"support.BreakGlass", "support.LegalDisclosure", "support.OperatorHold"}
    going = set(plan.models_of_workspaces())
    workspace = apps.get_model("workspaces.Workspace")
    assert {model for model in apps.get_models() if workspace in plan._points_at(model)} <= going
    named = {model for model in apps.get_models() if plan.workspace_column(model)}
    assert {model._meta.label for model in named - going} == registers
