"""Messages whose files stand in their headers, and messages with files that are forwarded: each file leaves with its own
message, and goes with it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live import Live, LiveHouse, wait_until
from troth.channels.tests.test_templates_are_looked_after import at_meta
from troth.inbox.tests.test_files_go_out import bodies, choose, photo

pytestmark = pytest.mark.slow

PDF = b"%PDF-1.7 a price list"
SAMPLE = {"example": {"header_handle": ["4::sample"]}}


def header(form: str) -> dict[str, Any]:
    return {"type": "HEADER", "format": form, **SAMPLE}


def card(text: str) -> dict[str, Any]:
    buttons = [{"type": "QUICK_REPLY", "text": "More"}]
    return {"components": [header("IMAGE"), {"type": "BODY", "text": text}, {"type": "BUTTONS", "buttons": buttons}]}


TEMPLATES: dict[str, list[dict[str, Any]]] = {
    "with_picture": [header("IMAGE"), {"type": "BODY", "text": "Look at this, dear guest."}],
    "with_paper": [header("DOCUMENT"), {"type": "BODY", "text": "Our prices, dear guest."}],
    "with_cards": [
        {"type": "BODY", "text": "Three of ours, dear guest."},
        {"type": "CAROUSEL", "cards": [card("One"), card("Two"), card("Three")]},
    ],
}


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with Live("several_files") as running:
        yield running


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    made = live.house("Kopi & Co", Alice="owner", Bob="agent")
    made.subscribe_app()
    for name, components in TEMPLATES.items():
        at_meta(made, "POST", name=name, language="en", category="UTILITY", components=components)
    code = _TEMPLATES.format(workspace=made.id, account=made.account_id, templates=json.dumps(TEMPLATES))
    assert live.run(code) == len(TEMPLATES)
    return made


_TEMPLATES = """
import json
from troth.channels.models import MessageTemplate
from troth.workspaces.scope import scope
with scope("{workspace}"):
    MessageTemplate.objects.all().delete()
    for name, components in json.loads('''{templates}''').items():
        MessageTemplate.objects.create(account_id="{account}", name=name, language="en", status="APPROVED",
            category="UTILITY", components=components)
    print(json.dumps(MessageTemplate.objects.count()))
"""


def writes(live: Live, house: LiveHouse, phone: str, **wishes: Any) -> str:
    """Let somebody write, and return the address of their thread."""
    known = set(_threads(house))
    live.sandbox.say("Hello", to=house.number_id, from_=phone, **wishes)
    return str(wait_until(lambda: next(iter(set(_threads(house)) - known), None)))


def _threads(house: LiveHouse) -> list[str]:
    return re.findall(r'href="/w/[^/]+/(inbox/[0-9a-f-]{36}/)', house.page("inbox/", who="Alice")[1])


@pytest.fixture(scope="module")
def mei(live: Live, house: LiveHouse) -> str:
    return writes(live, house, "60123456789", name="Mei")


@pytest.fixture(scope="module")
def joao(live: Live, house: LiveHouse) -> str:
    return writes(live, house, "5511987654321", name="Joao")


def form_of(house: LiveHouse, thread: str, name: str) -> str:
    page = house.page(f"{thread}templates/?q={name}", who="Alice")[1]
    found = re.search(r'href="/w/[^/]+/(inbox/[^"]+/templates/[0-9a-f-]{36}/)"', page)
    assert found is not None
    return found[1]


class Sent:
    """What has left since this was made."""

    def __init__(self, live: Live, house: LiveHouse) -> None:
        self._live, self._house = live, house
        self._before = len(bodies(live, house))

    def all(self) -> list[dict[str, Any]]:
        return bodies(self._live, self._house)[self._before :]

    def one(self, kind: str) -> dict[str, Any]:
        """Wait for a message of this kind."""
        found: dict[str, Any] = wait_until(lambda: next((one for one in self.all() if one["type"] == kind), None))
        return found


@pytest.fixture
def sent(live: Live, house: LiveHouse) -> Sent:
    return Sent(live, house)


def test_a_templates_picture_is_chosen_here_even_once_the_window_has_closed(
    live: Live, house: LiveHouse, mei: str, sent: Sent
) -> None:
    with live.database() as database:
        database.execute("UPDATE inbox_conversation SET window_expires_at = now() - interval '1 hour'")
    try:
        assert choose(house, mei, photo())[1] == 422
        _sends_a_picture(house, mei, sent)
    finally:
        with live.database() as database:
            database.execute("UPDATE inbox_conversation SET window_expires_at = now() + interval '20 hours'")


def _sends_a_picture(house: LiveHouse, mei: str, sent: Sent) -> None:
    id, status, told = choose(house, mei, photo(), purpose="template")
    assert status == 200, told
    form = form_of(house, mei, "with_picture")
    look = house.post(f"{form}preview/", {"file-header:file": id}, who="Alice")[1]
    assert f"/{id}/preview/" in look
    assert house.post(form, {"file-header:file": id}, who="Alice")[0] == 201
    [part] = sent.one("template")["template"]["components"]
    assert part["parameters"][0]["image"]["id"].isdecimal()
    assert f"/{id}/preview/" in house.page(mei, who="Bob")[1]


def test_a_paper_keeps_its_name_and_a_picture_is_no_paper(house: LiveHouse, mei: str, sent: Sent) -> None:
    form = form_of(house, mei, "with_paper")
    picture, _, _ = choose(house, mei, photo(), purpose="template")
    status, said = house.post(form, {"file-header:file": picture}, who="Alice")
    assert (status, "has to be a document" in said) == (422, True)
    paper, status, told = choose(house, mei, PDF, wish="document", name="price list.pdf", purpose="template")
    assert status == 200, told
    assert house.post(form, {"file-header:file": paper}, who="Bob")[0] == 422  # it is Alice's
    assert house.post(form, {"file-header:file": paper}, who="Alice")[0] == 201
    document = sent.one("template")["template"]["components"][0]["parameters"][0]["document"]
    assert document["filename"] == "price list.pdf"
    assert set(document) == {"id", "filename"}


def test_each_card_gets_its_own_picture_and_what_is_written_after_it_waits(
    house: LiveHouse, mei: str, sent: Sent
) -> None:
    form = form_of(house, mei, "with_cards")
    chosen = [choose(house, mei, photo(size=(300 + 10 * n, 200)), purpose="template")[0] for n in range(2)]
    values = {f"file-card{n}.header:file": id for n, id in enumerate(chosen)}
    linked = {**values, "value-card2.header:file": "https://example.org/three.jpg"}
    status, said = house.post(form, values, who="Alice")
    assert (status, all(id in said for id in chosen)) == (422, True)  # the third is missing, the others are kept
    assert house.post(form, linked, who="Alice")[0] == 201
    assert house.post(f"{mei}messages/", {"text": "And this after it", "client_id": ""}, who="Alice")[0] == 201
    sent.one("text")
    cards = sent.one("template")["template"]["components"][0]["cards"]
    shown = [one["components"][0]["parameters"][0]["image"] for one in cards]
    assert [set(one) for one in shown] == [{"id"}, {"id"}, {"link"}]
    assert shown[0]["id"] != shown[1]["id"]
    assert [one["type"] for one in sent.all()] == ["template", "text"]
    page = house.page(mei, who="Bob")[1]
    assert all(f"/{id}/preview/" in page for id in chosen)


@pytest.mark.parametrize(
    ("form", "kind", "name"),
    [
        ({"type": "button", "buttons": [{"title": "Yes"}]}, "image", ""),
        ({"type": "cta_url", "label": "Open", "url": "https://example.org/"}, "video", ""),
        ({"type": "flow", "label": "Book", "flow_id": "123"}, "document", "price list.pdf"),
    ],
)
def test_a_file_stands_above_what_can_be_tapped_on(
    house: LiveHouse, mei: str, joao: str, sent: Sent, form: dict[str, Any], kind: str, name: str
) -> None:
    data = {"image": photo(), "video": film(), "document": PDF}[kind]
    id, status, told = choose(house, mei, data, name=name, purpose="offer")
    assert status == 200, told
    said = {**form, "text": "Look", "header": "not shown", "header_file": id, "header_kind": kind}
    wrong = {**said, "header_kind": "image" if kind != "image" else "video"}
    status, refusal = house.post(f"{mei}messages/", {"content": json.dumps(wrong)}, who="Alice")
    assert (status, "This has to be a" in refusal) == (422, True)
    odd = {**said, "header_kind": "sticker"}
    assert house.post(f"{mei}messages/", {"content": json.dumps(odd)}, who="Alice")[0] == 422
    drawn = house.post(f"{mei}preview/", {"content": json.dumps(said)}, who="Alice")[1]
    assert id in drawn
    assert "data-problem" not in drawn
    assert house.post(f"{mei}messages/", {"content": json.dumps(said)}, who="Alice")[0] == 201
    header = sent.one("interactive")["interactive"]["header"]
    assert (header["type"], header[kind]["id"].isdecimal()) == (kind, True)
    assert set(header[kind]) == {"id", *(["filename"] if name else [])}
    assert id in house.page(mei, who="Bob")[1]
    assert forwarding(house, mei, id, joao)[0] == 200
    again = wait_until(lambda: sent.all()[1]["interactive"]["header"] if len(sent.all()) > 1 else None)
    assert again[kind]["id"] != header[kind]["id"]
    assert again[kind].get("filename", "") == name


def test_cards_show_films_and_are_answered(house: LiveHouse, mei: str, sent: Sent) -> None:
    chosen = [choose(house, mei, film(), purpose="offer")[0] for _ in range(2)]
    cards = [{"file": id, "file_kind": "video", "label": "This", "second": "Not this"} for id in chosen]
    said = json.dumps({"type": "carousel", "text": "Which?", "buttons": "reply", "cards": cards})
    assert house.post(f"{mei}messages/", {"content": said}, who="Alice")[0] == 201
    action = sent.one("interactive")["interactive"]["action"]
    assert all(card["header"]["video"]["id"].isdecimal() for card in action["cards"])
    ids = [button["quick_reply"]["id"] for card in action["cards"] for button in card["action"]["buttons"]]
    assert ids == ["c1b1", "c1b2", "c2b1", "c2b2"]
    page = house.page(mei, who="Bob")[1]
    assert all(f'<video class="card-picture" id="file-{id}"' in page for id in chosen)


def film() -> bytes:
    """Return what begins as a film does."""
    return b"\x00\x00\x00\x20ftypisom" + bytes(2_000)


def carousel(*files: str) -> str:
    cards = [
        {"file": id, "file_kind": "image", "text": "Nice", "label": "Open", "url": "https://example.org/"}
        for id in files
    ]
    return json.dumps({"type": "carousel", "text": "Ours", "cards": cards})


def test_cards_to_swipe_carry_pictures_of_our_own_and_go_on_with_them(
    house: LiveHouse, mei: str, joao: str, sent: Sent
) -> None:
    chosen = [choose(house, mei, photo(), purpose="offer")[0] for _ in range(2)]
    drawn = house.post(f"{mei}preview/", {"content": carousel(*chosen)}, who="Alice")[1]
    assert all(f"/{id}/preview/" in drawn for id in chosen)
    assert house.post(f"{mei}messages/", {"content": carousel(*chosen)}, who="Bob")[0] == 422
    assert house.post(f"{mei}messages/", {"content": carousel(*chosen)}, who="Alice")[0] == 201
    first = pictures(sent.one("interactive"))
    assert all(id.isdecimal() for id in first)
    assert forwarding(house, mei, f"/{chosen[0]}/preview/", joao)[0] == 200
    second = wait_until(lambda: pictures(sent.all()[1]) if len(sent.all()) > 1 else None)
    assert all(id.isdecimal() for id in second)
    assert not set(first) & set(second)


def pictures(body: dict[str, Any]) -> list[str]:
    return [card["header"]["image"]["id"] for card in body["interactive"]["action"]["cards"]]


def forwarding(house: LiveHouse, thread: str, mark: str, to: str) -> tuple[int, dict[str, Any]]:
    """Forward the newest message whose bubble holds a mark."""
    bubbles = house.page(thread, who="Alice")[1].split('data-message="')
    bubble = [one for one in bubbles if mark in one][-1]
    assert "data-forward" in bubble
    id = bubble.partition('"')[0]
    status, told = house.post(
        f"{thread}messages/{id}/forwarding/", {"to": to.strip("/").rpartition("/")[2]}, who="Alice"
    )
    return status, json.loads(told)


def test_a_forwarded_file_is_a_file_of_its_own(live: Live, house: LiveHouse, mei: str, joao: str, sent: Sent) -> None:
    id, _, _ = choose(house, mei, photo())
    body = {"text": "Our table", "client_id": "", "file": id}
    assert house.post(f"{mei}messages/", body, who="Alice")[0] == 201
    first = sent.one("image")
    status, told = forwarding(house, mei, f"/{id}/preview/", joao)
    assert (status, told["error"]) == (200, False)
    second = wait_until(lambda: sent.all()[1] if len(sent.all()) > 1 else None)
    assert second["to"] != first["to"]
    assert second["image"]["caption"] == "Our table"
    assert second["image"]["id"] != first["image"]["id"]
    copied = wait_until(lambda: [*re.findall(r"/files/([0-9a-f-]{36})/preview/", house.page(joao, who="Bob")[1])])[-1]
    assert copied != id
    with live.database() as database:
        rows = database.execute("DELETE FROM inbox_attachment WHERE id = %s RETURNING id", [id]).fetchall()
        assert len(rows) == 1
    live.run("import json\nfrom troth.inbox.files.tending import tend\ntend()\nprint(json.dumps(True))")
    kept = Path(live.environment["TROTH_HOME"]) / "media"
    assert not list(kept.rglob(f"{id}.*"))
    assert {one.name for one in kept.rglob(f"{copied}.*")} == {f"{copied}.whole", f"{copied}.preview"}


def test_what_a_customer_sent_goes_on_as_far_as_whatsapp_takes_it(
    live: Live, house: LiveHouse, mei: str, joao: str, sent: Sent
) -> None:
    live.sandbox.say("", to=house.number_id, from_="60123456789", kind="sticker")
    mark = wait_until(lambda: re.search(r"picture-sticker", house.page(mei, who="Alice")[1]))[0]
    assert forwarding(house, mei, mark, joao)[0] == 200
    assert sent.one("sticker")["sticker"]["id"].isdecimal()
