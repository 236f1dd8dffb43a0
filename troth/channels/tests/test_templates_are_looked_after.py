"""The whole round of an account's templates: read, made, reviewed, changed and deleted, with the stand-in for Meta."""

import json
import re
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from tests.live import Live, LiveHouse, wait_until

FORM = {
    "name": "order_here",
    "language": "en",
    "category": "UTILITY",
    "kind": "standard",
    "body": "Hello {{1}}, your order {{2}} is here.",
    "example-body:1": "Ana",
    "example-body:2": "17",
    "act": "submit",
}


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    made = live.house("Templates", Alice="owner", Bob="agent", Vera="viewer")
    made.subscribe_app()
    return made


def at_meta(house: LiveHouse, method: str, path: str = "", **body: Any) -> dict[str, Any]:
    """Do something at Meta, as WhatsApp Manager would."""
    url = f"{house.live.sandbox.url}/v26.0/{house.account_id}/message_templates{path}"
    headers = {"Authorization": f"Bearer {token_of(house)}", "Content-Type": "application/json"}
    with urlopen(
        Request(url, data=json.dumps(body).encode() if body else None, headers=headers, method=method)
    ) as answer:
        return dict(json.load(answer))


def token_of(house: LiveHouse) -> str:
    accounts = house.live.sandbox.control("GET", "/state")["accounts"]
    return str(next(one["token"] for one in accounts if one["waba_id"] == house.account_id))


def owner(house: LiveHouse) -> str:
    return next(iter(house.cookies))


def listed(house: LiveHouse, query: str = "") -> str:
    return house.page(f"channels/{house.channel}/templates/{query}", who=owner(house))[1]


def read_again(house: LiveHouse) -> None:
    assert house.post(f"channels/{house.channel}/templates/sync/", {}, who=owner(house))[0] == 200
    wait_until(lambda: "Read from WhatsApp:" in listed(house))


def address_of(house: LiveHouse, name: str) -> str:
    found = re.search(
        rf">{name}</bdi>.*?(channels/[0-9a-f-]{{36}}/templates/[0-9a-f-]{{36}}/)\"", listed(house), re.DOTALL
    )
    assert found is not None, listed(house)
    return found.group(1)


def submitted(house: LiveHouse, **changes: str) -> str:
    """Hand a template in and return the address of its page."""
    form = {**FORM, "name": f"order_{uuid4().hex[:8]}", **changes}
    status, answer = house.post(f"channels/{house.channel}/templates/new/", form, who="Alice")
    assert status == 302, re.findall(r'href="#at-[^>]*>([^<]*)<', answer) or answer[:2000]
    return address_of(house, form["name"])


def page(house: LiveHouse, address: str) -> str:
    return house.page(address, who="Alice")[1]


def test_all_pages_of_metas_list_are_read_and_what_is_gone_goes(live: Live) -> None:
    house = live.house("Many templates", Alma="owner")
    body = {"type": "BODY", "text": "Hello there, dear friend."}
    for number in range(55):
        at_meta(house, "POST", name=f"kind_{number:02}", language="en", category="UTILITY", components=[body])
    read_again(house)
    shown = listed(house)
    assert "kind_00" in shown
    assert "kind_54" in shown
    assert "Hello there, dear friend." in shown
    at_meta(house, "DELETE", "?name=kind_07")
    read_again(house)
    wait_until(lambda: "kind_07" not in listed(house))
    assert "kind_08" in listed(house)


def test_a_template_is_handed_in_and_its_approval_shows_by_itself(house: LiveHouse) -> None:
    address = submitted(house)
    wait_until(lambda: "Approved" in page(house, address))
    assert "Hello {{1}}, your order {{2}} is here." in page(house, address)
    assert house.page(address, who="Vera")[0] == 200


def test_a_rejection_is_told_in_words_and_can_be_mended(house: LiveHouse) -> None:
    address = submitted(house, name="please_reject_me")
    wait_until(lambda: "Rejected" in page(house, address))
    shown = page(house, address)
    assert "not formed as WhatsApp asks" in shown
    assert "The format is not right." in shown
    assert f"/{address}edit/" in shown
    edited = {**FORM, "name": "ignored", "body": "Hello again {{1}}, your order {{2}} has come."}
    assert house.post(f"{address}edit/", edited, who="Alice")[0] == 302
    assert "Hello again" in page(house, address)


def test_an_approved_template_keeps_its_category_and_says_how_often_it_may_change(house: LiveHouse) -> None:
    address = submitted(house)
    wait_until(lambda: "Approved" in page(house, address))
    edited = {**FORM, "category": "MARKETING", "body": "Hello once more {{1}}, your order {{2}} is here."}
    assert house.post(f"{address}edit/", edited, who="Alice")[0] == 302
    wait_until(lambda: "Approved" in page(house, address))
    shown = page(house, address)
    assert "Utility" in shown
    assert "within the last 24 hours" in shown
    status, again = house.post(f"{address}edit/", edited, who="Alice")
    assert status == 422
    assert "does not allow this change now" in again


def test_what_meta_would_refuse_never_leaves(house: LiveHouse) -> None:
    form = {**FORM, "name": "Not A Name", "body": "{{1}}"}
    status, answer = house.post(f"channels/{house.channel}/templates/new/", form, who="Alice")
    assert status == 422
    assert "small letters a to z" in answer
    assert "must not begin or end with a variable" in answer


def test_what_meta_refuses_is_told_in_words(house: LiveHouse) -> None:
    address = submitted(house, name="only_once")
    wait_until(lambda: "Approved" in page(house, address))
    form = {**FORM, "name": "only_once"}
    status, answer = house.post(f"channels/{house.channel}/templates/new/", form, who="Alice")
    assert status == 422
    assert "There is a template of this name in this language already" in answer


def test_a_sample_is_uploaded_and_handed_in_with_its_template(house: LiveHouse) -> None:
    path = f"/w/{house.handle}/channels/{house.channel}/templates/new/"
    fields = {**FORM, "name": "with_picture", "header": "image", "act": "upload:header"}
    status, answer = upload(house, path, fields, b"\x89PNG\r\n\x1a\n" + b"0" * 100, mime="image/png")
    assert status == 200
    found = re.search(r'name="handle" value="(4::[^"]+)"', answer)
    assert found is not None, answer
    submitted(house, name="with_picture", header="image", handle=found.group(1))
    status, answer = upload(house, path, fields, b"x", mime="text/plain")
    assert "It has to be JPEG, PNG" in answer


def test_a_sample_from_here_is_handed_in_again_and_another_is_asked_for(house: LiveHouse) -> None:
    path = f"/w/{house.handle}/channels/{house.channel}/templates/new/"
    fields = {**FORM, "name": "twice_shown", "header": "image", "act": "upload:header"}
    answer = upload(house, path, fields, b"\x89PNG\r\n\x1a\n" + b"0" * 100, mime="image/png")[1]
    handle = re.search(r'name="handle" value="(4::[^"]+)"', answer)
    assert handle is not None
    address = submitted(house, name="twice_shown", header="image", handle=handle[1])
    wait_until(lambda: "Approved" in page(house, address))
    read_again(house)  # Meta tells of the sample by an address
    form = page(house, f"{address}edit/")
    assert f'name="handle" value="{handle[1]}"' in form
    assert "which is handed in again" in form
    switched = {**FORM, "header": "video", "handle": handle[1], "handle_of": "image", "act": "look"}
    assert 'name="handle" value=""' in house.post(f"{address}edit/", switched, who="Alice")[1]
    name, sample = f"order_{uuid4().hex[:8]}", {"header_handle": [handle[1]]}
    header = {"type": "HEADER", "format": "IMAGE", "example": sample}
    at_meta(house, "POST", name=name, language="en", category="UTILITY", components=[header, {"type": "BODY", "text": "Hello there, dear friend."}])  # fmt: skip
    read_again(house)
    wait_until(lambda: name in listed(house))
    other = page(house, f"{address_of(house, name)}edit/")
    assert "choose the file again, for this part only" in other
    assert 'name="handle" value=""' in other


def test_the_form_that_a_button_opens_is_chosen_by_its_name(house: LiveHouse) -> None:
    path = f"channels/{house.channel}/templates/new/"
    button = {"button-0-kind": "FLOW", "button-0-text": "Book"}
    shown = house.post(path, {**FORM, **button, "act": "look"}, who="Alice")[1]
    names = dict(re.findall(r'<option value="([0-9]+)">([^<]+)<', shown))
    assert set(names.values()) == {"Book a table", "Ask for a price", "Track a parcel"}
    known = dict(re.findall(r'name="(flow:[0-9]+)" value="([^"]+)"', shown))
    assert set(known.values()) == set(names.values())
    id = next(iter(names))
    again = house.post(path, {**FORM, **button, **known, "flows_told": "yes", "button-0-value": id, "act": "look"}, who="Alice")[1]  # fmt: skip
    assert f'<option value="{id}" selected>' in again
    address = submitted(house, **button, **{"button-0-value": id})
    assert "Book" in page(house, address)
    assert f'<option value="{id}" selected>' in page(house, f"{address}edit/")


def upload(house: LiveHouse, path: str, fields: dict[str, str], data: bytes, *, mime: str) -> tuple[int, str]:
    edge = uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    ]
    head = f'--{edge}\r\nContent-Disposition: form-data; name="sample-header"; filename="me.png"\r\nContent-Type: {mime}\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + data + f"\r\n--{edge}--\r\n".encode()
    token = "a" * 32
    headers = {
        "Cookie": f"session={house.cookies['Alice']}; csrf={token}",
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "X-CSRFToken": token,
        "HX-Request": "true",
    }
    status, answer = house.live.ask("POST", path, body=body, headers=headers)
    return status, answer.decode()


def test_all_languages_stand_side_by_side_and_one_is_deleted_alone(house: LiveHouse) -> None:
    submitted(house, name="in_two")
    malay = {**FORM, "name": "in_two", "language": "ms"}
    assert house.post(f"channels/{house.channel}/templates/new/", malay, who="Alice")[0] == 302
    address = address_of(house, "in_two")
    assert "Malay (ms)" in page(house, address)
    beside = house.page(f"{address}?languages=all", who="Vera")[1]
    assert beside.count("is here.</div>") == beside.count('class="beside-one"') == 2
    assert "Delete all languages" in page(house, address)
    assert house.post(f"{address}deletion/", {}, who="Alice")[0] == 302
    assert "Malay (ms)" in listed(house, "?q=in_two")
    assert "English (en)" not in re.sub(r"<select.*?</select>", "", listed(house, "?q=in_two"), flags=re.DOTALL)


def test_a_change_of_category_is_told_before_and_after(house: LiveHouse) -> None:
    address = submitted(house)
    wait_until(lambda: "Approved" in page(house, address))
    name = re.search(r"<h1[^>]*><bdi>([a-z0-9_]+)", page(house, address))
    assert name is not None
    [node] = at_meta(house, "GET", f"?name={name.group(1)}")["data"]
    house.live.sandbox.control(
        "POST", "/templates", {"template_id": node["id"], "category": "MARKETING", "announced": True}
    )
    wait_until(lambda: "is going to move it to Marketing" in page(house, address))
    house.live.sandbox.control("POST", "/templates", {"template_id": node["id"], "category": "MARKETING"})
    wait_until(lambda: "moved it from Utility to Marketing" in page(house, address))


def test_small_buttons_change_the_form_and_nothing_else(house: LiveHouse) -> None:
    path = f"channels/{house.channel}/templates/new/"
    form = {**FORM, "act": "add"}
    assert 'name="button-0-kind"' in house.post(path, form, who="Alice")[1]
    two = {
        **form,
        "button-0-kind": "QUICK_REPLY",
        "button-0-text": "Yes",
        "button-1-kind": "QUICK_REPLY",
        "button-1-text": "No",
    }
    moved = house.post(path, {**two, "act": "up:1"}, who="Alice")[1]
    assert 'data-moved="button-0"' in moved
    assert re.findall(r'name="button-[01]-text" value="(\w+)"', moved) == ["No", "Yes"]
    cards = house.post(path, {**FORM, "kind": "carousel", "act": "look"}, who="Alice")[1]
    assert 'name="card-1-body"' in cards
    assert 'name="card-2-body"' not in cards
    assert (
        "Codes for signing in"
        in house.post(path, {**FORM, "category": "AUTHENTICATION", "act": "look"}, who="Alice")[1]
    )


def test_a_deleted_template_is_put_away_and_no_news_brings_it_back(house: LiveHouse) -> None:
    address = submitted(house, name="going")
    wait_until(lambda: "Approved" in page(house, address))
    assert house.post(f"{address}deletion/", {"all": "yes"}, who="Alice")[0] == 302
    assert "going" not in listed(house)
    assert "going" in listed(house, "?status=archived")
