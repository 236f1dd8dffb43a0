"""Whatever people write stays what it is, text: nothing in it runs, loads, restyles or breaks a page that shows it."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import bodies
from tests.browser import Person, at_a_browser
from tests.journeys.hostile import CORPUS, HTML, NAMES
from tests.journeys.layout import cut_off
from tests.live import Live, LiveHouse, wait_until
from troth.inbox.screens.listing import PAGE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.clause("A3.2", "X14", "X15", "X16")]

# Runs in every page before anything else: what a script or a blocked one would leave behind is told through the console,
# where it counts as trouble.
WATCH = """
document.addEventListener("securitypolicyviolation", (event) => console.error("blocked: " + event.violatedDirective));
for (const way of ["alert", "confirm", "prompt", "open"]) window[way] = () => console.error("ran: " + way);
"""
# What of a page was not made by us: elements that do or load something where people's words are shown, links that lead
# elsewhere than they may, and attributes that htmx or the browser would act on.
LOOK = """() => {
  const found = [];
  if (window.ran || [...document.querySelectorAll("iframe")].some((one) => one.contentWindow.ran)) found.push("it ran");
  for (const one of document.querySelectorAll("iframe, object, embed, base, style, math, form[action^=http]"))
    found.push("element " + one.outerHTML.slice(0, 80));
  for (const one of document.querySelectorAll("script")) if (!one.nonce) found.push("script " + one.outerHTML.slice(0, 80));
  for (const one of document.querySelectorAll("*")) for (const attribute of one.attributes)
    if (/^on|^style$|hx-on/i.test(attribute.name)) found.push("attribute " + attribute.name + " " + attribute.value);
  for (const one of document.querySelectorAll("a[href]")) {
    const to = new URL(one.href);
    if (!["http:", "https:"].includes(to.protocol)) found.push("link " + one.href.slice(0, 80));
    if (to.origin === location.origin) continue;
    const said = [...one.relList].sort().join(" ");
    if (said !== "nofollow noopener noreferrer") found.push("link without rel " + one.href.slice(0, 80));
    if (one.closest("[hx-disable]") === null) found.push("link within reach of htmx " + one.href.slice(0, 80));
  }
  for (const one of document.querySelectorAll(".said *"))
    if (!["A", "STRONG", "EM", "S", "CODE", "SPAN"].includes(one.tagName)) found.push("said " + one.tagName);
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const said = words.currentNode.data;
    if (words.currentNode.parentNode.closest("textarea")) continue;
    if (/[\\u202a-\\u202e\\u2066-\\u2069]/.test(said)) found.push(`turns the page round: ${words.currentNode.parentNode.closest("[class]").className} ${said.slice(0, 20)}`);
    if (/\\p{M}{8}/u.test(said)) found.push("reaches over its line: " + words.currentNode.parentNode.className);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("hostile") as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    """Return a workspace in which everything that has a name has a hostile one, past the forms that would refuse it."""
    house = live.house("Kopi & Co", Alice="owner", Bob="agent")
    made = json.dumps(json.dumps({"id": house.id, "channel": house.channel, "names": NAMES}))
    named: dict[str, list[str]] = live.run(_NAME_ALL % made)
    house.cookies.update({kind: " ".join(ids) for kind, ids in named.items()})
    return house


@pytest.fixture
def alice(chromium: Browser, live: Live, house: LiveHouse) -> Iterator[Person]:
    """Return Alice at a browser in which nothing may go wrong."""
    with at_a_browser(chromium, live, viewport={"width": 1280, "height": 800}) as person:
        person.context.add_init_script(WATCH)
        person.page.on("dialog", lambda dialog: person.troubles.append(f"dialog: {dialog.message}"))
        yield person.signed_in(house, "Alice")


def test_what_customers_write_runs_nothing_when_it_arrives_nor_when_it_is_opened(
    live: Live, house: LiveHouse, alice: Person
) -> None:
    """Each customer writes twice, under another name each time: the list is open while they do."""
    page, people = alice.page, (len(CORPUS) + 1) // 2
    page.goto(f"/w/{house.handle}/inbox/")
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    for turn in (0, 1):
        for person in range(people):
            _write(live, house, CORPUS[(2 * person + turn) % len(CORPUS)], person=person, turn=turn)
        threads = wait_until(partial(_threads, live, with_messages=9 * (turn + 1), count=people), within_s=30)
        wait_until(lambda: page.locator("[data-row]").count() >= min(people, PAGE))
        _nothing_happened(page)
    for number, thread in enumerate(threads):
        page.set_viewport_size({"width": 390, "height": 844} if number % 2 else {"width": 1280, "height": 800})
        page.goto(f"/w/{house.handle}/inbox/{thread}/")
        assert page.locator("#messages .message").count() >= 18
        _nothing_happened(page)


def test_gaps_run_nothing(live: Live, house: LiveHouse, alice: Person) -> None:
    """What could not be read is told by the name that it came under."""
    for words in CORPUS:
        strange = bodies.envelope(bodies.value(house.number_id, x=1), account=house.account_id, field=words[:60])
        _post(live, house, strange)
    alice.page.goto(f"/w/{house.handle}/gaps/")
    wait_until(lambda: alice.page.reload() and alice.page.locator(".gap-line").count() >= len(CORPUS) - 5)
    _nothing_happened(alice.page)


def test_lines_about_people_run_nothing(live: Live, house: LiveHouse, alice: Person) -> None:
    """A conversation is given to everybody in turn, and each time a line tells so with their name."""
    _say(live, house, "Give me away", id="away")
    thread = wait_until(lambda: _thread_of(live, house, "Give me away"))
    for member in house.cookies["members"].split()[::2]:
        assert house.post(f"inbox/{thread}/assignment/", {"member": member}, who="Alice")[0] == 200
    alice.page.goto(f"/w/{house.handle}/inbox/{thread}/")
    assert alice.page.locator("#messages .event").count() >= len(NAMES) // 2
    _nothing_happened(alice.page)


def test_what_customers_write_into_an_open_thread_runs_nothing(live: Live, house: LiveHouse, alice: Person) -> None:
    _say(live, house, "Hello", id="first")
    page = alice.page
    thread = wait_until(lambda: _thread_of(live, house, "Hello"))
    page.goto(f"/w/{house.handle}/inbox/{thread}/")
    expect(page.locator("#connection")).to_have_attribute("data-state", "live")
    for number, words in enumerate([*HTML, *CORPUS[-4:]]):
        _say(live, house, words, id=str(number))
    expect(page.locator("#messages .message-in")).to_have_count(1 + len(HTML) + 4, timeout=15_000)
    _nothing_happened(page)
    said = page.locator("#messages .said").all_inner_texts()
    assert set(HTML[:8]) <= set(said), "it is shown as what it is"


def test_what_a_member_writes_and_drafts_runs_nothing(live: Live, house: LiveHouse, alice: Person) -> None:
    _say(live, house, "Write to me", id="write")
    page = alice.page
    thread = wait_until(lambda: _thread_of(live, house, "Write to me"))
    page.goto(f"/w/{house.handle}/inbox/{thread}/")
    for words in HTML[:6]:
        page.get_by_label("Message", exact=True).fill(words)
        page.keyboard.press("Enter")
        expect(page.locator(".message-out .said", has_text=words).first).to_be_visible()
    draft = f"{HTML[2]} a draft"
    with page.expect_response(lambda answer: answer.url.endswith("/draft/")):
        page.get_by_label("Message", exact=True).fill(draft)
    page.reload()
    expect(page.get_by_label("Message", exact=True)).to_have_value(draft)
    _nothing_happened(page)


def test_names_of_everything_run_nothing_on_any_page(live: Live, house: LiveHouse, alice: Person) -> None:
    page = alice.page
    here = f"/w/{house.handle}"
    handles = house.cookies["handles"].split()
    others = [f"/w/{handle}/inbox/" for handle in handles[:3]] + [f"/w/{handle}/settings/" for handle in handles[:3]]
    for path in (
        f"{here}/settings/", f"{here}/settings/members/", f"{here}/settings/teams/", f"{here}/channels/", "/workspaces/",
        "/account/profile/", "/account/security/", "/dev/mail/", "/nowhere/<script>window.ran=1<%2Fscript>/", *others,
    ):  # fmt: skip
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(path)
            _nothing_happened(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    for kind in ("settings/teams", "channels"):
        page.goto(f"{here}/{kind}/")
        links = page.locator(f"main a[href*='/{kind}/']").evaluate_all(
            "all => all.map((one) => one.getAttribute('href'))"
        )
        for link in [one for one in links if one.count("-") == 4][:6]:
            page.goto(link)
            _nothing_happened(page)
    page.goto(f"{here}/inbox/")
    page.get_by_role("button", name="You and your workspaces").click()
    expect(page.locator("#account-menu [role=menuitem]").nth(10)).to_be_visible()
    _nothing_happened(page)


def _nothing_happened(page: Page) -> None:
    assert page.evaluate(LOOK) + cut_off(page) == []


def _write(live: Live, house: LiveHouse, words: str, *, person: int, turn: int) -> None:
    """Let a customer who is called so write it in every way there is."""
    phone = f"601700{person:05d}"
    messages = _messages(words, phone, key=f"{person}.{turn}")
    value = bodies.value(house.number_id, contacts=[_contact(words, phone)], messages=messages)
    _post(live, house, bodies.envelope(value, account=house.account_id))


def _contact(words: str, phone: str) -> bodies.Body:
    made = bodies.contact(name=words, phone=phone)
    return {**made, "profile": {**made["profile"], "username": words}}


def _messages(words: str, phone: str, *, key: str) -> list[bodies.Body]:
    item = {"product_retailer_id": words, "quantity": "2", "item_price": "1", "currency": words}
    pieces: list[tuple[str, Any]] = [
        ("text", {"body": words}),
        ("image", {"id": "1", "mime_type": words, "caption": words}),
        ("document", {"id": "2", "mime_type": "text/html", "filename": words, "caption": words}),
        ("location", {"latitude": 3.1, "longitude": 101.7, "name": words, "address": words, "url": words}),
        ("contacts", [{"name": {"formatted_name": words}, "phones": [{"phone": words}], "org": {"company": words}}]),
        ("button", {"text": words, "payload": words}),
        ("interactive", {"type": "list_reply", "list_reply": {"id": "1", "title": words, "description": words}}),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"name": words, "body": words, "response_json": words}}),
        ("order", {"catalog_id": words, "text": words, "product_items": [item]}),
        ("reaction", {"message_id": f"wamid.{key}.0", "emoji": words[:20]}),
        (words[:30], {"body": words}),
    ]
    at = int(time.time()) - 60
    return [
        {"from": phone, "id": f"wamid.{key}.{n}", "timestamp": str(at), "type": kind, kind: part}
        | ({"context": {"id": f"wamid.{key}.0", "from": phone}} if n == 5 else {})
        for n, (kind, part) in enumerate(pieces)
    ]


def _say(live: Live, house: LiveHouse, words: str, *, id: str) -> None:
    person = {"write": "60199000002", "away": "60199000003"}.get(id, "60199000001")
    said = bodies.text(words, id=f"wamid.say.{id}", at=int(time.time()), phone=person)
    value = bodies.value(house.number_id, contacts=[bodies.contact(name="Mei", phone=person)], messages=[said])
    _post(live, house, bodies.envelope(value, account=house.account_id))


def _post(live: Live, house: LiveHouse, body: bodies.Body) -> None:
    raw = json.dumps(body).encode()
    digest = hmac.new(house.secret.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={digest}"}
    assert live.ask("POST", f"/hooks/cloud/{house.channel}", body=raw, headers=headers)[0] == 200


def _threads(live: Live, *, with_messages: int, count: int) -> list[str] | None:
    """Return the conversations that have at least so many messages, once there are as many as expected."""
    query = "SELECT conversation_id FROM inbox_message GROUP BY 1 HAVING count(*) >= %s ORDER BY 1"
    with live.database() as database:
        rows = database.execute(query, [with_messages]).fetchall()
    return [str(row[0]) for row in rows] if len(rows) >= count else None


def _thread_of(live: Live, house: LiveHouse, said: str) -> str | None:
    _, page = house.page("inbox/", who="Alice")
    found = [row for row in page.split("data-row") if said in row]
    return found[0].partition('data-id="')[2].partition('"')[0] if found else None


_NAME_ALL = """
import json
from tests import cast
from troth.accounts.models import User
from troth.channels.models import Channel
from troth.inbox.models import Conversation
from troth.workspaces.founding import found_workspace
from troth.workspaces.models import Membership, Role, Team, TeamMember, Workspace
from troth.workspaces.scope import scope
wanted = json.loads(%s)
names, members = wanted["names"], []
with scope(wanted["id"]):
    alice = Membership.objects.select_related("user").get(role="owner").user
    for number, name in enumerate(names):
        user = User(email=f"hostile-{number}@example.test", name=name)
        user.set_unusable_password()
        user.save()
        member = Membership.objects.create(user=user, role=Role.AGENT)
        members.append(str(member.id))
        team = Team.objects.create(name=name)
        TeamMember.objects.create(team=team, membership=member)
        Channel.objects.create(kind="cloud", name=name, display_number=name, number_id=f"77{number:013d}", token="t")
    workspace = Workspace.current()
    workspace.name = names[0]
    workspace.save(update_fields=["name"])
handles = [found_workspace(name, by=alice).handle for name in names[:15]]
print(json.dumps({"handles": handles, "members": members}))
"""
