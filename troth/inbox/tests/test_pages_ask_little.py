"""The inbox asks the database the same few questions, however much a page shows."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests import bodies
from tests.cast import House, kopi
from tests.deliver import deliver
from troth.inbox.models import Conversation
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
# Of these the session's own question and the entrance into the workspace are two.
MOST = {"list": 6, "messages": 8, "pane": 8, "": 9}
BOOKKEEPING = ("SAVEPOINT", "RELEASE", "SELECT set_config")


def asked(client: Client, address: str, part: str) -> list[str]:
    """Return the statements that one page takes."""
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(" ".join(sql.split()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(address, headers={"HX-Target": part} if part else {}).status_code == 200
    return [sql for sql in found if not sql.startswith(BOOKKEEPING)]


def written(house: House, *, count: int) -> None:
    for n in range(count):
        message = bodies.text("Hi", id=f"wamid.{n}", at=1_780_000_000 + n)
        value = bodies.value(house.number_id, contacts=[bodies.contact(name="Mei")], messages=[message])
        deliver(house, bodies.envelope(value, account=house.account_id))


@pytest.mark.parametrize("part", MOST)
def test_a_page_takes_a_few_questions_and_no_more_for_more_messages(client: Client, part: str) -> None:
    house = kopi()
    written(house, count=2)
    with scope(house.id):
        conversation = Conversation.objects.get().id
    address = f"/w/{house.handle}/inbox/" if part == "list" else f"/w/{house.handle}/inbox/{conversation}/"
    client.force_login(house.users["Alice"], backend="troth.accounts.backend.Backend")  # owners see banners too
    asked(client, address, part)
    few = asked(client, address, part)
    assert len(few) <= MOST[part], "\n".join(few)
    written(house, count=30)
    assert len(asked(client, address, part)) == len(few)
