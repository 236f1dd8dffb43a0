"""The demo's people are made once, and never where real people work."""

from typing import Any

import pytest
from django.test import Client

from troth.accounts.models import User
from troth.workspaces.demo import NotInProduction, ensure_demo_people
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope


def test_it_is_made_once_and_its_log_in_works(db: Any) -> None:
    demo = ensure_demo_people()
    assert ensure_demo_people() == demo
    with scope(demo.workspace_id):
        roles = [(member.name, member.role) for member in Membership.objects.order_by("id")]
    assert roles == [("Ana", "owner"), ("Bo", "agent"), ("Cai", "viewer")]
    client = Client()
    client.post("/account/login/", {"login": demo.email, "password": demo.password})
    assert client.get("/").headers["Location"] == f"/w/{demo.handle}/inbox/"


def test_another_password_replaces_the_earlier_one(db: Any) -> None:
    ensure_demo_people()
    ensure_demo_people(password="another horse, another staple")
    assert User.objects.get(email="ana@kopi.example").check_password("another horse, another staple")


@pytest.mark.clause("X30")
def test_it_refuses_in_production(db: Any, settings: Any) -> None:
    settings.DEVELOPMENT = False
    with pytest.raises(NotInProduction):
        ensure_demo_people()
    assert not User.objects.exists()
