"""The staff's door: a place on the staff and a second factor of this session; it falls shut by itself."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests import cast
from troth.audit.models import Entry
from troth.support.models import StaffMember, StaffRole
from troth.support.people import remove_staff
from troth.support.tests.conftest import Clock, at_door, behind_door, staff
from troth.ui.slots import Alarm

pytestmark = pytest.mark.django_db


@pytest.mark.clause("A3.3")
def test_whoever_is_not_of_the_staff_finds_nothing_here(kopi: cast.House) -> None:
    client = at_door(kopi.users["Alice"])
    for path in ("/staff/", "/staff/login/", "/staff/break-glass/"):
        assert client.get(path).status_code == 404
    assert Client().get("/staff/").headers["Location"].startswith("/account/login/")


@pytest.mark.clause("A3.3")
@pytest.mark.parametrize("factor", [None, "recovery_codes"])
def test_a_password_alone_does_not_open_it(factor: str | None) -> None:
    client = at_door(staff("Sam"), factor=factor)
    assert client.get("/staff/").headers["Location"] == "/staff/login/"
    assert client.get("/staff/login/").status_code == 200
    assert client.get("/staff/").status_code == 302


@pytest.mark.clause("A3.3")
@pytest.mark.parametrize("factor", ["totp", "webauthn"])
def test_a_second_factor_of_this_session_opens_it(factor: str) -> None:
    client = at_door(staff("Sam"), factor=factor)
    assert client.get("/staff/").status_code == 302
    assert client.get("/staff/login/").headers["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200
    assert Entry.objects.filter(action="staff.entered").count() == 1


@pytest.mark.clause("A3.3")
def test_a_second_factor_of_some_time_ago_does_not(clock: Clock) -> None:
    client = at_door(staff("Sam"), at=clock.at.timestamp())
    clock.passes(minutes=6)
    assert client.get("/staff/login/").status_code == 200


@pytest.mark.clause("A3.3")
def test_it_falls_shut_after_a_quarter_of_an_hour_without_a_step(clock: Clock) -> None:
    client = behind_door(staff("Sam"), at=clock.at.timestamp())
    for _ in range(3):
        clock.passes(minutes=14)
        assert client.get("/staff/").status_code == 200
    clock.passes(minutes=16)
    assert client.get("/staff/").headers["Location"] == "/staff/login/"
    assert client.get("/staff/login/").status_code == 200


@pytest.mark.clause("A3.3")
def test_it_falls_shut_after_eight_hours_however_busy_one_is(clock: Clock) -> None:
    client = behind_door(staff("Sam"), at=clock.at.timestamp())
    for _ in range(48):
        clock.passes(minutes=10)
        assert client.get("/staff/").status_code == 200
    clock.passes(seconds=1)
    assert client.get("/staff/").headers["Location"] == "/staff/login/"


@pytest.mark.clause("A3.3")
def test_whoever_leaves_the_staff_is_out_at_once() -> None:
    user = staff("Sam")
    client = behind_door(user)
    remove_staff(user.email)
    assert client.get("/staff/").status_code == 404


@pytest.mark.clause("A3.3")
@pytest.mark.parametrize("path", ["break-glass/", "disclosures/", "breaches/", "senders/"])
def test_support_keeps_no_registers(path: str, sam: Client) -> None:
    assert sam.get(f"/staff/{path}").status_code == 404
    assert behind_door(staff("Sekar", StaffRole.SECURITY)).get(f"/staff/{path}").status_code == 200


@pytest.mark.clause("A3.3")
def test_staff_are_made_on_the_machine_only(kopi: cast.House) -> None:
    said = StringIO()
    call_command("staff", "add", kopi.users["Vera"].email, role="security", stdout=said)
    assert StaffMember.objects.get().role == "security"
    assert "/account/security/" in said.getvalue()
    with pytest.raises(CommandError):
        call_command("staff", "add", "nobody@example.test", stdout=said)
    call_command("staff", "remove", kopi.users["Vera"].email, stdout=said)
    assert at_door(kopi.users["Vera"]).get("/staff/login/").status_code == 404


def test_what_is_late_stands_on_every_page_behind_it_and_on_none_before(monkeypatch: pytest.MonkeyPatch) -> None:
    late = Alarm(3, "Requests wait.", "List them with:", "a command")
    monkeypatch.setattr("troth.ui.slots._alarms", [lambda: late, lambda: None])
    client = at_door(staff("Sam"), at=0)
    assert "Requests wait." not in client.get("/staff/login/").content.decode()
    told = behind_door(staff("Sara")).get("/staff/").content.decode()
    assert '<span class="badge badge-danger">3</span> Requests wait.' in told
