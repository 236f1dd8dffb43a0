"""The registry says what goes, and in an order that the database lets go."""

import pytest
from django.apps import apps
from django.db import models

from troth.base.registry import REGISTRY, Subject
from troth.privacy.forgetting import plan

pytestmark = pytest.mark.clause("A4.2b", "B7.3")


def test_whatever_points_at_a_persons_rows_goes_with_them() -> None:
    """A new table that points at contacts or their talk says in the registry how its rows lead to the person."""
    gone = set(plan.models_about(Subject.CONTACT))
    left_behind = [
        f"{model._meta.label}.{field.name}"
        for model in set(apps.get_models()) - gone
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
