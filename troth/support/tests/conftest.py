"""Kopi with a talk, and two people of staff whose doors can be opened."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from tests import bodies, cast
from tests.deliver import deliver
from troth.accounts.models import User
from troth.inbox.models import Conversation
from troth.support import requests
from troth.support.grants import Wish
from troth.support.models import HelpRequest, Problem, StaffMember, StaffRole
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

BACKEND = "troth.accounts.backend.Backend"
NAME, PHONE, TEXT = "Mei Ling Tan", "60123456789", "Is my pandan cake ready?"


class Clock:
    """The time, as a test wants it. Every module that reads it is told."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = datetime.now(UTC)
        for module in (
            "requests",
            "grants",
            "gate",
            "desk",
            "door",
            "glass",
            "disclosures",
            "breaches",
            "clocks",
            "holds",
            "jobs",
        ):
            monkeypatch.setattr(f"troth.support.{module}.now", self)
        monkeypatch.setattr("troth.workspaces.banners.now", self)
        for module in (
            "views.staff_queue",
            "views.staff_breaches",
            "views.staff_disclosures",
            "views.staff_holds",
            "forms",
            "people",
            "models.break_glass",
        ):
            monkeypatch.setattr(f"troth.support.{module}.now", self)

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def kopi(db: None) -> cast.House:
    """Kopi with an admin, whom a customer has written to."""
    house = cast.kopi()
    with scope(house.id):
        amira = cast.user("Amira")
        house.users["Amira"] = amira
        house.members["Amira"] = Membership.objects.create(user=amira, role=Role.ADMIN).pk
    said = [bodies.text(TEXT, id="wamid.1", at=1_780_000_000, phone=PHONE)]
    value = bodies.value(house.number_id, contacts=[bodies.contact(name=NAME, phone=PHONE)], messages=said)
    deliver(house, bodies.envelope(value, account=house.account_id))
    return house


def member(house: cast.House, who: str) -> Membership:
    """Return a member, in the scope of the house."""
    return Membership.objects.select_related("user", "workspace").get(pk=house.members[who])


def talk_of(house: cast.House) -> UUID:
    with scope(house.id):
        return Conversation.objects.values_list("pk", flat=True).get()


def asked(house: cast.House, wish: Wish | None = None, *, by: str = "Alice") -> HelpRequest:
    """Ask for help in Kopi."""
    with scope(house.id):
        return requests.ask(Problem.NUMBER, "Nothing arrives, please look", by=member(house, by), wish=wish)


def staff(name: str, role: StaffRole = StaffRole.SUPPORT) -> User:
    """Make somebody of the staff."""
    user = cast.user(name)
    StaffMember.objects.create(user=user, role=role)
    return user


def at_door(user: User, *, factor: str | None = "totp", at: float | None = None) -> Client:
    """Sign somebody in; a second factor was used in this session, unless `factor` is None."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.session
    instant = datetime.now(UTC).timestamp() if at is None else at
    records: list[dict[str, Any]] = [{"method": "password", "at": instant}]
    records += [{"method": "mfa", "at": instant, "type": factor}] if factor else []
    session["account_authentication_methods"] = records
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def behind_door(user: User, *, at: float | None = None) -> Client:
    """Return a browser of somebody of the staff whose door is open."""
    client = at_door(user, at=at)
    assert client.get("/staff/login/").headers["Location"] == "/staff/"
    return client


def signed_in(house: cast.House, who: str) -> Client:
    client = Client()
    client.force_login(house.users[who], backend=BACKEND)
    return client


@pytest.fixture
def sam(db: None) -> Client:
    """Sam of support, behind the door."""
    return behind_door(staff("Sam"))
