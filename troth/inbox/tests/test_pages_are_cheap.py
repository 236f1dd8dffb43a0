"""The inbox asks the database the same few questions, however much there is to show."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.inbox.models import Conversation
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
NOON = 1_780_000_000
QUERIES_MAX = 8
BANNERS = 1  # whole pages ask whether something has to stand above them, such as that support may look
BACKEND = "troth.accounts.backend.Backend"


@pytest.fixture
def house() -> House:
    return kopi()


@pytest.fixture
def bob(house: House, client: Client) -> Client:
    client.force_login(house.users["Bob"], backend=BACKEND)
    client.get(f"/w/{house.handle}/inbox/")
    return client


def fill(house: House, people: int) -> None:
    for one in range(people):
        phone = f"6012000{one:04d}"
        messages = [
            bodies.text(f"Line {line}", id=f"wamid.{one}.{line}", at=NOON + one * 60 + line, phone=phone)
            for line in range(5)
        ]
        person = [bodies.contact(name=f"Person {one}", phone=phone)]
        value = bodies.value(house.number_id, contacts=person, messages=messages)
        deliver(house, bodies.envelope(value, account=house.account_id))


def questions(client: Client, path: str, *, part: str = "") -> list[str]:
    headers = {"HX-Request": "true", "HX-Target": part} if part else {}
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    # Inside a test's own transaction the scope has to be taken back by a statement; else the commit does it.
    of_the_test = ("SAVEPOINT", "set_config('app.workspace_id', ''")
    return [one["sql"][:90] for one in captured if not any(part in one["sql"] for part in of_the_test)]


@pytest.mark.parametrize("part", ["", "list"])
def test_the_list_takes_at_most_eight_questions(house: House, bob: Client, part: str) -> None:
    fill(house, 3)
    few = questions(bob, f"/w/{house.handle}/inbox/", part=part)
    fill(house, 20)
    many = questions(bob, f"/w/{house.handle}/inbox/", part=part)
    assert len(few) == len(many)
    assert len(many) <= QUERIES_MAX + (BANNERS if not part else 0), many


@pytest.mark.parametrize("part", ["", "pane", "messages"])
def test_a_thread_takes_at_most_eight_questions(house: House, bob: Client, part: str) -> None:
    fill(house, 3)
    with scope(house.id):
        conversation = Conversation.objects.order_by("id").first()
    assert conversation is not None
    asked = questions(bob, f"/w/{house.handle}/inbox/{conversation.id}/", part=part)
    assert len(asked) <= QUERIES_MAX + (BANNERS if not part else 0), "\n".join(asked)
