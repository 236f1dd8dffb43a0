"""What staff hand in holds what its form asks, and no word more: no second person, no end, no other workspace."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import models

from tests import cast
from troth.accounts.models import User
from troth.base.ids import new_id
from troth.channels.models import SendingStop
from troth.support.models import Breach, BreakGlass, LegalDisclosure, StaffRole
from troth.support.tests.conftest import behind_door, staff
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X3", "A5.3d")]

LONG_AGO = "1999-09-09T09:09:09Z"
SIGHT = {"kind": "settings", "reason": "Token theft"}
# Where it is handed in: by whom, what is asked, and what it becomes. Words that a form offers are left alone.
FORMS: dict[str, tuple[StaffRole, dict[str, str], type[models.Model], set[str]]] = {
    "/staff/break-glass/": (
        StaffRole.SECURITY,
        {**SIGHT, "ground": "security"},
        BreakGlass,
        {"bar_until", "bar_basis", "names", "bodies", "conversation_ids"},
    ),
    "/staff/disclosures/": (
        StaffRole.LEGAL,
        {**SIGHT, "authority": "Court", "reference": "1", "basis": "Law"},
        LegalDisclosure,
        {"gag_until", "gag_basis", "answer_by", "names", "bodies", "conversation_ids"},
    ),
    "/staff/breaches/": (
        StaffRole.SECURITY,
        {"detected_at": "2026-11-01T10:00", "exposed": "all", "summary": "x", "advice": "x"},
        Breach,
        {"drill", "since", "until"},
    ),
    "/staff/senders/": (StaffRole.SECURITY, {"reason": "Spam"}, SendingStop, set()),
}


def poison(model: type[models.Model], *, given: set[str]) -> dict[str, Any]:
    """Return a value for every column that the form does not offer."""
    made: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.name in given:
            continue
        kinds = {models.DateTimeField: LONG_AGO, models.UUIDField: str(new_id()), models.BooleanField: "on"}
        made |= dict.fromkeys({field.name, field.attname}, kinds.get(type(field), "poisoned"))
    return made


def handed_in(path: str, user: User, form: dict[str, Any], house: cast.House) -> dict[str, Any]:
    """Hand a form in and return the row that came of it."""
    model = FORMS[path][2]
    answer = behind_door(user).post(path, {**form, "handle": house.handle})
    assert answer.status_code == 302, answer.content.decode()
    with scope(house.id):
        row = model._default_manager.latest("id")
        return {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}


@pytest.mark.parametrize("path", FORMS)
def test_columns_that_the_form_does_not_offer_are_not_taken(path: str, kopi: cast.House) -> None:
    role, form, model, offered = FORMS[path]
    user = staff("Sekar", role)
    extra = poison(model, given={*form, *offered})
    assert extra
    row = handed_in(path, user, {**extra, **form}, kopi)
    assert "poisoned" not in {str(value) for value in row.values()}
    assert not {str(value) for value in row.values()} & {
        value for name, value in extra.items() if value not in ("on", "poisoned")
    }
    assert not any(isinstance(value, datetime) and value < datetime(2000, 1, 1, tzinfo=UTC) for value in row.values())
    assert row.get("workspace_id", kopi.id) == kopi.id
    for name in ("second_by", "approved_at", "ended_at", "refused_at", "made_at", "lifted_at", "lifted_by"):
        assert row.get(name) is None, name
