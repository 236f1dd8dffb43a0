"""The person read with the session is this request's and nobody else's."""

import pytest
from django.test import Client

from tests.cast import user
from troth.accounts.sessions import user_of_session

pytestmark = pytest.mark.django_db
BACKEND = "troth.accounts.backend.Backend"


def test_each_request_gets_its_own_person() -> None:
    alice, bob = user("Alice"), user("Bob")
    first, second = Client(), Client()
    first.force_login(alice, backend=BACKEND)
    second.force_login(bob, backend=BACKEND)
    for client, person in ((first, alice), (second, bob), (first, alice)):
        answer = client.get("/account/profile/")
        assert answer.wsgi_request.user == person


def test_a_visitor_after_a_member_is_nobody() -> None:
    member = Client()
    member.force_login(user("Alice"), backend=BACKEND)
    member.get("/account/profile/")
    answer = Client().get("/account/profile/")
    assert answer.status_code == 302
    assert user_of_session.get() is None


def test_a_person_who_was_switched_off_is_signed_out() -> None:
    alice = user("Alice")
    client = Client()
    client.force_login(alice, backend=BACKEND)
    type(alice).objects.update(is_active=False)
    assert client.get("/account/profile/").status_code == 302
