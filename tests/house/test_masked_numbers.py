"""Whoever sees masked numbers finds a customer's number nowhere: on no page, in no part, attribute, header or file."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import bodies
from tests.deliver import deliver
from tests.house.asking import Stage, taken_back
from tests.house.authz import NOT_ALLOWED, PUBLIC, refusal, routes
from tests.house.canaries import forms
from tests.house.lines import LINES
from troth.audit.record import Actor
from troth.base.clock import now
from troth.contacts.models import Contact, Identity
from troth.inbox.models import Activity, Conversation
from troth.privacy.forgetting import contacts
from troth.privacy.models import Case
from troth.privacy.rights.cases import note, open_case
from troth.privacy.rights.kinds import Proof
from troth.workspaces.models import Workspace
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("A2.2a", "A2.2d", "X10")

PHONE, OLD, CARD = "60198765432", "60177712345", "60165554321"
ROUTES = {route.pattern: route for route in routes() if route.pattern in LINES}
PAGES = sorted(pattern for pattern in ROUTES if "GET" in LINES[pattern].answers)
SEPARATORS = re.compile(r"[\s\u00a0().\-\u2010-\u2015\u200b-\u200f\u202a-\u202e\u2060-\u2069/]|&nbsp;|%20|\+")


@pytest.fixture(scope="module")
def numbered(stage: Stage) -> Iterator[Stage]:
    """Plant a customer whose number stands wherever a number can stand."""
    with taken_back():
        house, at = stage.kopi.house, 1_790_000_000
        pieces: list[bodies.Body] = [
            {"type": "text", "text": {"body": f"Call me: +{PHONE}, or 0{PHONE[2:]}. Order 12345678."}},
            {"type": "image", "image": {"id": "1", "mime_type": "image/png", "caption": f"my number {PHONE}"}},
            {"type": "document", "document": {"id": "2", "mime_type": "text/plain", "filename": f"{PHONE}.txt"}},
            {"type": "location", "location": {"latitude": 3.1, "longitude": 101.7, "name": f"Shop +{PHONE}"}},
            {
                "type": "contacts",
                "contacts": [{"name": {"formatted_name": f"Ben {CARD}"}, "phones": [{"phone": f"+{CARD}", "wa_id": CARD}]}],
            },
            {"type": "system", "system": {"type": "user_changed_number", "body": f"User changed from {OLD} to {PHONE}"}},
        ]  # fmt: skip
        messages = [
            {"from": PHONE, "timestamp": str(at + n), "id": f"wamid.masked.{n}", **piece}
            for n, piece in enumerate(pieces)
        ]
        quoting: bodies.Body = {"id": "wamid.masked.q", "timestamp": str(at + 20), "from": PHONE, "type": "text"}
        quoting |= {"text": {"body": f"as I said: {PHONE}"}, "context": {"id": "wamid.masked.0", "from": PHONE}}
        open_number = f"3{house.number_id[1:]}"
        person = [bodies.contact(name=f"+{PHONE[:2]} {PHONE[2:]}", phone=PHONE)]
        value = bodies.value(open_number, contacts=person, messages=[*messages, quoting])
        secret = f"b{house.secret[1:]}"
        deliver(replace(house, number_id=open_number, secret=secret), bodies.envelope(value, account=house.account_id))
        with scope(stage.kopi.id):
            found = _contact()
            Identity(contact_id=found, kind="phone", value=f"+{OLD}", value_hash=b"\1" * 16, valid_to=now()).save()
            thread = Conversation.objects.get(contact_id=found)
            Activity(conversation=thread, kind="number_changed", at=now()).save()
        yield stage


def _contact() -> UUID:
    """Return the contact that has the planted number, in the scope of the house."""
    found: UUID = next(one.contact_id for one in Identity.objects.all() if one.value == f"+{PHONE}")
    return found


def _leaks(answer: Any) -> set[str]:
    """Return what of the planted numbers stands in an answer: in its body, whatever stands between digits, or headers."""
    told = answer.content.decode(errors="replace") if not getattr(answer, "streaming", False) else ""
    told += repr(sorted(answer.headers.items())) + repr(answer.cookies)
    packed = SEPARATORS.sub("", told)
    found = {number for number in (PHONE, OLD, CARD) if number[2:] in packed}
    return found | {
        form for number in (PHONE, CARD) for form, needle in forms(number).items() if needle.decode() in told
    }


def _addresses(stage: Stage, pattern: str) -> list[str]:
    route, line = ROUTES[pattern], LINES[pattern]
    plain = route.address(**stage.words_of(line, route))
    with scope(stage.kopi.id):
        thread = Conversation.objects.get(contact_id=_contact()).id
    about = [plain, plain.replace(str(stage.kopi.ids["conversation"]), str(thread))]
    return list(dict.fromkeys([*about, *(f"{address}?show=all" for address in about)]))


@pytest.mark.parametrize("pattern", PAGES)
def test_no_page_or_part_shows_a_number_to_who_sees_masked_ones(pattern: str, numbered: Stage) -> None:
    if LINES[pattern].who != PUBLIC and refusal(LINES[pattern], ROUTES[pattern], "viewer") is not None:
        pytest.skip("not for viewers")
    for address in _addresses(numbered, pattern):
        for part in ("", "list", "rows", "pane", "messages"):
            headers = {"HX-Request": "true", "HX-Target": part} if part else {}
            answer = numbered.ask("viewer", "GET", address, headers=headers)
            assert answer.status_code != NOT_ALLOWED
            assert _leaks(answer) == set(), (address, part)


def test_where_admins_are_masked_too_no_page_tells_them(numbered: Stage) -> None:
    """Requests and erasures of the customer, whose words hold the number, stand on pages that only admins open."""
    with taken_back():
        with scope(numbered.kopi.id):
            Workspace.objects.update(phones_from="owner")
            by, words = Actor.member(numbered.kopi.ids["member owner"]), f"I am +{PHONE}, forget me"
            made = open_case("objection", "contact", _contact(), "app", by=by, words=words, proof=Proof.MEMBER)
            unknown = open_case("objection", "contact", None, "mail", by=by, words=f"I am {PHONE}", address="a@b.test")
            cases = [made.case, unknown.case]
            assert isinstance(made.case, Case)
            note(made.case, f"Called back: {PHONE}", by=numbered.kopi.member("owner"))
            erasure = contacts.request_erasure(_contact(), by=by)
        base = f"/w/{numbered.kopi.ids['handle']}/privacy"
        about = [f"{base}/cases/", *(f"{base}/cases/{case.pk}/" for case in cases)]
        about += [f"/w/{numbered.kopi.ids['handle']}/privacy/erasures/{erasure.id}/"]
        for pattern in PAGES:
            if refusal(LINES[pattern], ROUTES[pattern], "admin") is None:
                about += _addresses(numbered, pattern)
        for address in about:
            assert _leaks(numbered.ask("admin", "GET", address)) == set(), address


def test_a_masked_name_does_not_take_the_place_of_the_name_behind_it(numbered: Stage) -> None:
    with taken_back():
        with scope(numbered.kopi.id):
            Workspace.objects.update(phones_from="admin")
            Contact.objects.filter(id=_contact()).update(name=f"Mei {PHONE}")
            thread = Conversation.objects.get(contact_id=_contact()).id
        page = f"/w/{numbered.kopi.ids['handle']}/privacy/people/{thread}/"
        shown = re.search(r'name="name"[^>]* value="([^"]*)"', numbered.ask("agent", "GET", page).content.decode())
        assert shown is not None
        assert shown[1].startswith("Mei •")
        numbered.ask("agent", "POST", f"{page}name/", {"name": shown[1]})
        with scope(numbered.kopi.id):
            assert Contact.objects.get(id=_contact()).name == f"Mei {PHONE}"


def test_where_agents_are_masked_too_nothing_that_they_do_tells_them(numbered: Stage) -> None:
    with taken_back():
        with scope(numbered.kopi.id):
            Workspace.objects.update(phones_from="admin")
        for pattern in PAGES:
            if refusal(LINES[pattern], ROUTES[pattern], "agent") is None:
                for address in _addresses(numbered, pattern):
                    assert _leaks(numbered.ask("agent", "GET", address)) == set(), address
        with scope(numbered.kopi.id):
            thread = Conversation.objects.get(contact_id=_contact()).id
        base = f"/w/{numbered.kopi.ids['handle']}/inbox/{thread}/"
        acts: list[tuple[str, str, dict[str, str]]] = [
            ("POST", "messages/", {"text": "Hello"}),
            ("POST", "closure/", {}),
            ("POST", "reopening/", {}),
            ("POST", "assignment/", {"member": str(numbered.kopi.ids["member agent"])}),
            ("POST", "unread/", {}),
            ("PUT", "draft/", {"text": "Hello"}),
            ("POST", "number/", {"reason": "no such reason"}),
        ]
        for method, path, form in acts:
            answer = numbered.ask("agent", method, f"{base}{path}", form, headers={"HX-Request": "true"})
            assert _leaks(answer) == set(), path


def test_the_words_around_a_number_stay(numbered: Stage) -> None:
    page = _thread(numbered, "viewer")
    assert "Order 12345678" in page
    assert "+60 ••• •• 432" in page


def test_whoever_may_see_numbers_sees_all_of_them(numbered: Stage) -> None:
    """The search above finds what is there."""
    answer = _asked(numbered, "agent")
    assert {PHONE, OLD, CARD} <= _leaks(answer)


def test_saying_why_shows_this_contact_and_no_other(numbered: Stage) -> None:
    with taken_back():
        with scope(numbered.kopi.id):
            thread = Conversation.objects.get(contact_id=_contact()).id
        base = f"/w/{numbered.kopi.ids['handle']}/inbox/{thread}/"
        assert "Show the number" in _thread(numbered, "viewer")
        refused = numbered.ask("viewer", "POST", f"{base}number/", {}, headers={"HX-Request": "true"})
        assert (refused.status_code, _leaks(refused)) == (422, set())
        numbered.ask("viewer", "POST", f"{base}number/", {"reason": "call"})
        assert {PHONE, OLD} <= _leaks(_asked(numbered, "viewer"))
        assert "Shown to you until" in _thread(numbered, "viewer")
        other = numbered.kopi.ids["open conversation"]
        shown = numbered.ask("viewer", "GET", f"/w/{numbered.kopi.ids['handle']}/inbox/{other}/").content.decode()
        assert "••• ••" in shown, "another contact stays masked"


@pytest.mark.parametrize("actor", ["stranger", "removed", "hidden"])
def test_nobody_opens_a_number_of_a_conversation_that_they_do_not_see(numbered: Stage, actor: str) -> None:
    with taken_back():
        base = f"/w/{numbered.kopi.ids['handle']}/inbox/{numbered.kopi.ids['conversation']}/"
        assert numbered.ask(actor, "POST", f"{base}number/", {"reason": "call"}).status_code == 404


ORACLES = [
    "q={number}", "search={number}", "phone={number}", "number={number}", "name={number}", "filter=phone:{number}",
    "sort=phone", "order=phone", "order_by=identities__value", "contact__identities__value={number}", "phone__startswith=60",
    "show={number}", "after={number}", "before={number}", "value_hash={number}", "group=phone",
]  # fmt: skip


@pytest.mark.parametrize("query", ORACLES)
def test_no_filter_or_order_answers_questions_about_a_masked_number(numbered: Stage, query: str) -> None:
    """The same answer and the same questions to the database for the right number as for a wrong one (X10)."""
    inbox = f"/w/{numbered.kopi.ids['handle']}/inbox/"
    numbered.ask("viewer", "GET", inbox)  # what a session remembers is written now
    answers, asked = [], []
    instant = now()  # and is not written again between the two, however long the first takes
    for number in (PHONE, "60111111111"):
        with time_machine.travel(instant, tick=False), CaptureQueriesContext(connection) as captured:
            answer = numbered.ask("viewer", "GET", f"{inbox}?{query.format(number=number)}")
        answers.append((answer.status_code, re.findall(r'id="(row-[0-9a-f-]+)"', answer.content.decode())))
        asked.append([re.sub(r"\$\d+|'[^']*'", "?", one["sql"]) for one in captured])
    assert answers[0] == answers[1]
    assert len(asked[0]) == len(asked[1])
    assert answers[0][1], "there is something to order and to filter"


def test_a_name_that_is_a_number_is_masked(numbered: Stage) -> None:
    with scope(numbered.kopi.id):
        name = Contact.objects.get(id=_contact()).profile_name
    assert PHONE[2:] in SEPARATORS.sub("", str(name))
    assert str(name) not in _thread(numbered, "viewer")


def _asked(stage: Stage, actor: str) -> Any:
    with scope(stage.kopi.id):
        thread = Conversation.objects.get(contact_id=_contact()).id
    return stage.ask(actor, "GET", f"/w/{stage.kopi.ids['handle']}/inbox/{thread}/")


def _thread(stage: Stage, actor: str) -> str:
    return str(_asked(stage, actor).content.decode())
