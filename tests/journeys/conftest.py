"""A lived-in workspace for the tests that walk through all pages, made once for all of them."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests import bodies
from tests.browser import running_browser
from tests.live import Live, LiveHouse, wait_until
from troth.base.clock import now

PEOPLE = {"Alice": "owner", "Ada": "admin", "Bob": "agent", "Vera": "viewer"}
PHONE, LOST, UNSURE, GONE = "60123456789", "60123452026", "60123455000", "60123457000"
TWICE = ("60123453001", "60123453002")


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Return a browser."""
    with running_browser() as one:
        yield one


@pytest.fixture(scope="package")
def inhabited() -> Iterator[LiveHouse]:
    """Return a workspace in which there is one of everything that a page can show."""
    with Live("inhabited") as live:
        house = live.house("Kopi & Co", **PEOPLE)
        house.subscribe_app()
        for phone, name in ((PHONE, "Mei Ling"), (LOST, "Raj"), (UNSURE, "سارة")):
            _writes(live, house, phone=phone, name=name)
        live.sandbox.say("Please delete me", to=house.number_id, from_=GONE, name="Tan")
        threads = wait_until(lambda: _threads(live, 3))
        _act(house, threads)
        _merge(house)
        _offer(house)
        _ask(house, threads)
        wait_until(lambda: "tick-failed" in house.page(f"inbox/{threads[LOST]}/", who="Alice")[1])
        yield house


def _writes(live: Live, house: LiveHouse, *, phone: str, name: str) -> None:
    """Let a customer write in many ways."""
    live.sandbox.say("Is the *café* open? See https://kopi.example/menu", to=house.number_id, from_=phone, name=name)
    pieces: list[dict[str, Any]] = [
        {"type": "image", "image": {"id": "1", "mime_type": "image/jpeg", "caption": "Our table"}},
        {"type": "audio", "audio": {"id": "2", "mime_type": "audio/ogg", "voice": True}},
        {"type": "document", "document": {"id": "3", "mime_type": "application/pdf", "filename": "menu.pdf"}},
        {"type": "location", "location": {"latitude": 3.1, "longitude": 101.7, "name": "Old market"}},
        {"type": "contacts", "contacts": [{"name": {"formatted_name": "Siti"}, "phones": [{"phone": "+60123000000"}]}]},
        {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "Tea"}}},
        {"type": "order", "order": {"product_items": [{"product_retailer_id": "tea-1", "quantity": 2}]}},
        {"type": "reaction", "reaction": {"message_id": f"wamid.{phone}.0", "emoji": "👍"}},
        {"type": "something_new", "something_new": {}},
    ]
    at = int(time.time())
    messages = [
        {"from": phone, "id": f"wamid.{phone}.{n}", "timestamp": str(at + n), **piece} for n, piece in enumerate(pieces)
    ]
    value = bodies.value(house.number_id, contacts=[bodies.contact(name=name, phone=phone)], messages=messages)
    live.sandbox.emit("messages", value, to=house.number_id)


def _act(house: LiveHouse, threads: dict[str, str]) -> None:
    """Let Alice answer, draft, close, invite, make a team, and begin to connect a second number."""
    for thread in threads.values():
        assert house.post(f"inbox/{thread}/messages/", {"text": "Until six.", "client_id": ""}, who="Alice")[0] == 201
    house.post(f"inbox/{threads[PHONE]}/draft/", {"text": "A draft"}, who="Alice", method="PUT")
    house.post(f"inbox/{threads[UNSURE]}/closure/", {}, who="Bob")
    house.post("settings/teams/new/", {"name": "Front desk"}, who="Alice")
    house.post("settings/invitations/", {"email": "new@example.test", "role": "agent"}, who="Alice")
    number = {"number_id": "555555555555555", "account_id": "666666666666666", "name": "Second number"}
    secrets = {"token": "EAA" + "x" * 30, "app_secret": "f" * 32}
    status, _ = house.post("channels/connect/", number | secrets, who="Alice")
    assert status == 302


def _merge(house: LiveHouse) -> None:
    """Let somebody write with two numbers, and Alice make them one person."""
    for phone in TWICE:
        for words in ("Good morning", "It is me"):
            house.live.sandbox.say(words, to=house.number_id, from_=phone, name="Wei")
    (kept, _), (_, other) = wait_until(lambda: _threads_of_two_lines(house.live))
    assert house.post(f"inbox/{kept}/merge/", {"with": other}, who="Alice")[0] == 302


def _offer(house: LiveHouse) -> None:
    """Let Alice write a template, which is approved, and make a link that people can follow."""
    form = {"name": "order_here", "language": "en", "category": "UTILITY", "kind": "standard"}
    form |= {"body": "Hello {{1}}, your order is here.", "example-body:1": "Ana", "act": "submit"}
    path = f"channels/{house.channel}/templates/"
    assert house.post(f"{path}new/", form, who="Alice")[0] == 302
    wait_until(lambda: "Approved" in house.page(path, who="Alice")[1])
    greeting = {"greeting": "A table for two, please"}
    assert house.post(f"channels/{house.channel}/whatsapp/link/", greeting, who="Alice")[0] == 302


def _ask(house: LiveHouse, threads: dict[str, str]) -> None:
    """Let people ask for their data and for help, and Alice delete somebody and keep something from being deleted."""
    asked = {"kind": "access", "words": "What do you have of me?"}
    assert house.post(f"privacy/people/{threads[PHONE]}/cases/", asked, who="Alice")[0] == 302
    assert house.post("privacy/exports/new/", {}, who="Alice")[0] == 302
    gone = wait_until(lambda: _thread_of_one_line(house.live))
    assert house.post(f"inbox/{gone}/erasure/", {}, who="Alice")[0] == 302
    review = (now() + timedelta(days=90)).date().isoformat()
    held = {"kind": "conversation", "basis": "A claim", "reference": "A-12", "review_on": review}
    assert house.post(f"inbox/{threads[LOST]}/hold/", held, who="Alice")[0] == 302
    for who in PEOPLE:
        words = {"text": "Messages come late", "sight": "none", "hours": "24"}
        assert house.post("help/new/other/", words, who=who)[0] == 302
        assert _post_as_person(house, "/account/rights/copies/", who=who) == 302


def status_page(house: LiveHouse) -> str:
    """Return the address at which a person outside sees how their request stands."""
    found = re.search(r"privacy/cases/[0-9a-f-]{36}/", house.page("privacy/cases/", who="Alice")[1])
    assert found is not None
    link = re.search(r"/case/[^/\s\"<]+/", house.post(f"{found.group()}link/", {}, who="Alice")[1])
    assert link is not None
    return link.group()


def behind_the_staffs_door(live: Live) -> str:
    """Make somebody of the staff's security, open the door for them, and return their session cookie."""
    key: str = live.run(_STAFF)
    return key


_STAFF = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from tests import cast
from troth.accounts.sessions import SessionStore
from troth.base.clock import now
from troth.support.models import StaffMember, StaffRole
user = cast.user("Sekar")
StaffMember.objects.create(user=user, role=StaffRole.SECURITY)
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "troth.accounts.backend.Backend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session["staff_since"] = session["staff_seen"] = now().timestamp()
session.create()
print(json.dumps(session.session_key))
"""


def _post_as_person(house: LiveHouse, path: str, *, who: str) -> int:
    token = "a" * 32
    headers = {"Cookie": f"session={house.cookies[who]}; csrf={token}", "X-CSRFToken": token}
    return house.live.ask("POST", path, body=b"", headers=headers)[0]


def _thread_of_one_line(live: Live) -> str | None:
    ask = "SELECT conversation_id FROM inbox_message GROUP BY 1 HAVING count(*) = 1"
    with live.database() as database:
        rows = database.execute(ask).fetchall()
    return str(rows[0][0]) if len(rows) == 1 else None


def _threads_of_two_lines(live: Live) -> list[tuple[str, str]] | None:
    """Return conversations and contacts of whoever wrote twice, once that are two."""
    ask = "SELECT c.id, c.contact_id FROM inbox_conversation c JOIN inbox_message m ON m.conversation_id = c.id"
    with live.database() as database:
        rows = database.execute(f"{ask} GROUP BY c.id HAVING count(*) = 2".encode()).fetchall()
    return [(str(thread), str(contact)) for thread, contact in rows] if len(rows) == len(TWICE) else None


def threads_of(house: LiveHouse) -> list[str]:
    """Return the addresses of all conversations: answered and drafted in, not delivered, closed."""
    found = _threads(house.live, 3)
    assert found is not None
    return [f"/w/{house.handle}/inbox/{id}/" for id in found.values()]


def begun(house: LiveHouse) -> str:
    """Return the address of the number that is not connected yet: in the list it looks like that of any other."""
    with house.live.database() as database:
        row = database.execute("SELECT id FROM channels_channel WHERE number_id = ''").fetchone()
    assert row is not None
    return f"/w/{house.handle}/channels/{row[0]}/"


def _threads(live: Live, count: int) -> dict[str, str] | None:
    """Return the conversations by who writes in them, once all messages are there."""
    ask = "SELECT c.id FROM inbox_conversation c JOIN inbox_message m ON m.conversation_id = c.id GROUP BY c.id"
    with live.database() as database:
        rows = database.execute(f"{ask} HAVING count(*) >= 9 ORDER BY c.id".encode()).fetchall()
    return dict(zip((PHONE, LOST, UNSURE), (str(row[0]) for row in rows), strict=True)) if len(rows) >= count else None
