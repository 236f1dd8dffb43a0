"""The way through the door as a person goes it: password, the code of the app, the queue; later the code again."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from troth.accounts.tests.conftest import PASSWORD, person
from troth.support.models import StaffMember, StaffRole
from troth.support.tests.conftest import Clock

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(*, steps: int) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps)))


@pytest.mark.clause("A3.3")
def test_password_then_the_apps_code_then_the_queue(clock: Clock) -> None:
    sam = person("Sam", password=PASSWORD)
    StaffMember.objects.create(user=sam, role=StaffRole.SUPPORT)
    client = Client()
    client.post("/account/login/", {"login": sam.email, "password": PASSWORD})
    assert "/account/security/" in client.get("/staff/login/").content.decode()
    client.post("/account/logout/")

    TOTP.activate(sam, SECRET)
    assert Authenticator.objects.filter(user=sam).exists()
    answer = client.post("/account/login/?next=/staff/", {"login": sam.email, "password": PASSWORD})
    assert answer.headers["Location"].startswith("/account/second-factor/")
    assert client.get("/staff/").headers["Location"].startswith("/account/login/")
    client.post(answer.headers["Location"], {"code": code(steps=-1)})
    assert client.get("/staff/").headers["Location"] == "/staff/login/"
    assert client.get("/staff/login/").headers["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200

    clock.passes(minutes=20)
    assert client.get("/staff/").headers["Location"] == "/staff/login/"
    page = client.get("/staff/login/").content.decode()
    again = "/account/reauthenticate/code/?next=%2Fstaff%2Flogin%2F"
    assert again in page
    clock.passes(minutes=-20)
    answer = client.post(again, {"code": code(steps=1)})
    assert answer.headers["Location"] == "/staff/login/"
    assert client.get("/staff/login/").headers["Location"] == "/staff/"
    assert client.post("/staff/leave/").headers["Location"] == "/"
    assert client.get("/staff/").headers["Location"] == "/staff/login/"
