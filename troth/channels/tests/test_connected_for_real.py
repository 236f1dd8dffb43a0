"""The whole round: the running product asks the stand-in for Meta, which opens the product's own door."""

import hashlib
import hmac
import json
import re
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.bodies import contact, encode, envelope, text, value
from tests.live import Live, LiveHouse, wait_until
from troth.channels.connecting import STEPS
from troth.channels.tests.walk import entered

GREEN = re.compile(r'class="step step-(\w+)" id="step-(\w+)"')


@pytest.fixture(scope="module")
def house(live: Live) -> LiveHouse:
    return live.house("Kopi for real")


def connect(house: LiveHouse, account: dict[str, Any], *, number: int = 0) -> str:
    """Enter a number and ask every step; return the channel's id."""
    form = entered(account, number_id=account["numbers"][number]["phone_number_id"])
    before = ids(house)
    assert house.post("channels/connect/", form, who="Alice")[0] == 302
    [channel] = ids(house) - before
    for step in STEPS:
        assert house.post(f"channels/{channel}/checks/{step}/", {}, who="Alice")[0] == 200
    return channel


def ids(house: LiveHouse) -> set[str]:
    return set(re.findall(r"/channels/([0-9a-f-]{36})/\"", house.page("channels/", who="Alice")[1]))


def states(house: LiveHouse, channel: str) -> dict[str, str]:
    page = house.page(f"channels/{channel}/connect/", who="Alice")[1]
    return {step: state for state, step in GREEN.findall(page)}


def callbacks(live: Live, account: dict[str, Any]) -> list[str]:
    """Return where the messages of each of the account's numbers go now, by the channel's id."""
    for found in live.sandbox.control("GET", "/state")["accounts"]:
        if found["waba_id"] == account["waba_id"]:
            return [(number["callback"] or "").rpartition("/")[2] for number in found["numbers"]]
    raise AssertionError("the sandbox does not know this account")


def subscribe(live: Live, account: dict[str, Any], **override: str) -> None:
    """Send an account's messages somewhere, as another product would."""
    request = Request(
        f"{live.sandbox.url}/v26.0/{account['waba_id']}/subscribed_apps",
        data=json.dumps(override).encode(),
        headers={"Authorization": f"Bearer {account['token']}", "Content-Type": "application/json"},
    )
    with urlopen(request) as answer:
        assert answer.status == 200


def sign(secret: str, body: bytes) -> dict[str, str]:
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"}


def hello(account: dict[str, Any], *, id: str) -> bytes:
    number = account["numbers"][0]["phone_number_id"]
    said = text("Hello", id=id, at=1_780_000_000)
    return encode(envelope(value(number, contacts=[contact(name="Mei")], messages=[said]), account=account["waba_id"]))


def manage(live: Live, account: dict[str, Any], edge: str, **body: Any) -> None:
    """Change something about the account's first number at Meta, as WhatsApp Manager would."""
    request = Request(
        f"{live.sandbox.url}/v26.0/{account['numbers'][0]['phone_number_id']}/{edge}",
        data=json.dumps({"messaging_product": "whatsapp", **body}).encode(),
        headers={"Authorization": f"Bearer {account['token']}", "Content-Type": "application/json"},
    )
    with urlopen(request) as answer:
        assert answer.status == 200


@pytest.mark.clause("L9")
def test_the_page_says_where_meta_keeps_the_messages_as_meta_says_itself(live: Live, house: LiveHouse) -> None:
    account = live.sandbox.create_account(name="Kopi Berlin")
    channel = connect(house, account)
    assert "where it usually does" in house.page(f"channels/{channel}/", who="Alice")[1]
    manage(live, account, "deregister")
    local = {"status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": "DE"}
    manage(live, account, "settings", storage_configuration=local)
    manage(live, account, "register", pin="123456")
    # Nothing is guessed: what Meta said earlier stands, with its instant, until it is asked again.
    assert "where it usually does" in house.page(f"channels/{channel}/", who="Alice")[1]
    assert house.post(f"channels/{channel}/checks/number/", {}, who="Alice")[0] == 200
    assert "in Germany" in house.page(f"channels/{channel}/", who="Alice")[1]


def test_every_step_is_green_and_what_a_customer_writes_arrives(live: Live, house: LiveHouse) -> None:
    account = live.sandbox.create_account(name="Batik Studio")
    channel = connect(house, account)
    found = states(house, channel)
    assert {found[step] for step in STEPS} == {"ok"}
    assert found["arrival"] == "wait"
    assert callbacks(live, account) == [channel]
    live.sandbox.say("Is the blue one still there?", to=account["numbers"][0]["phone_number_id"], from_="+447700900123")
    wait_until(lambda: "Is the blue one still there?" in house.page("inbox/", who="Bob")[1])
    assert states(house, channel)["arrival"] == "ok"


def test_a_second_number_of_an_account_is_served_at_the_address_of_the_first(live: Live, house: LiveHouse) -> None:
    account = live.sandbox.create_account(name="Two numbers", numbers=2)
    first, second = connect(house, account), connect(house, account, number=1)
    assert {states(house, second)[step] for step in STEPS} == {"ok"}
    assert callbacks(live, account) == [first, first]
    live.sandbox.say("To the second", to=account["numbers"][1]["phone_number_id"], from_="+447700900124")
    wait_until(lambda: "To the second" in house.page("inbox/", who="Bob")[1])


def test_the_number_that_stays_takes_the_address_over(live: Live, house: LiveHouse) -> None:
    account = live.sandbox.create_account(name="One leaves", numbers=2)
    first, second = connect(house, account), connect(house, account, number=1)
    assert house.post(f"channels/{first}/removal/", {}, who="Alice")[0] == 302
    assert callbacks(live, account) == [second, second]
    assert house.post(f"channels/{second}/removal/", {}, who="Alice")[0] == 302
    assert states(house, second) == {}


def test_an_address_of_somebody_else_is_taken_over_only_when_asked(live: Live, house: LiveHouse) -> None:
    account = live.sandbox.create_account(name="Elsewhere")
    other = f"{live.url}/hooks/cloud/{house.channel}"
    subscribe(live, account, override_callback_uri=other, verify_token="verify me")
    channel = connect(house, account)
    assert states(house, channel)["account"] == "bad"
    assert callbacks(live, account) == [house.channel]
    assert house.post(f"channels/{channel}/checks/account/", {"take": "yes"}, who="Alice")[0] == 200
    assert states(house, channel)["account"] == "ok"
    assert callbacks(live, account) == [channel]


def test_two_secrets_open_the_door_while_one_is_replaced(live: Live, house: LiveHouse) -> None:
    account = live.sandbox.create_account(name="Rotating")
    channel = connect(house, account)
    old, new = account["app_secret"], "abcdef0123456789abcdef0123456789"
    door = f"/hooks/cloud/{channel}"

    def knock(secret: str, id: str) -> int:
        body = hello(account, id=id)
        return live.ask("POST", door, body=body, headers=sign(secret, body))[0]

    assert (knock(old, "wamid.1"), knock(new, "wamid.2")) == (200, 401)
    assert house.post(f"channels/{channel}/secret/", {"app_secret": new}, who="Alice")[0] == 302
    # The door remembers secrets for some seconds.
    wait_until(lambda: knock(new, "wamid.3") == 200)
    assert (knock(old, "wamid.4"), knock("somebody else's", "wamid.5")) == (200, 401)
    assert house.post(f"channels/{channel}/secret/previous/", {}, who="Alice")[0] == 302
    wait_until(lambda: knock(old, "wamid.6") == 401)
    assert knock(new, "wamid.7") == 200


def test_what_became_of_a_delivery_is_told_to_whoever_knows_the_development_secret(
    live: Live, house: LiveHouse
) -> None:
    account = live.sandbox.create_account(name="Asking")
    channel = connect(house, account)
    body = hello(account, id="wamid.asked")
    assert live.ask("POST", f"/hooks/cloud/{channel}", body=body, headers=sign(account["app_secret"], body))[0] == 200
    digest = hashlib.sha256(body).hexdigest()

    def outcome(token: str) -> tuple[int, dict[str, Any]]:
        status, said = live.get(f"/dev/deliveries/{digest}", {"Authorization": f"Bearer {token}"})
        return status, json.loads(said)

    found = wait_until(lambda: (answer := outcome(live.sandbox.dev_token)[1])["state"] == "digested" and answer)
    assert found["changes"] == [
        {"n": 0, "field": "messages", "event": "MessageReceived", "outcome": "applied", "rule": ""}
    ]
    assert outcome("guessed") == (401, {})
    digest = "0" * 64
    assert outcome(live.sandbox.dev_token) == (200, {"state": "unknown", "changes": []})


def test_the_demo_connects_the_sandboxs_number_and_may_be_made_again(live: Live) -> None:
    made = [live.run(_DEMO), live.run(_DEMO)]
    assert made[0] == made[1]
    assert made[0]["channels"] == [["990100200300411", True]]
    assert "ana@kopi.example" in made[0]["said"]
    assert made[0]["complaint"] == ""
    [demo] = [found for found in live.sandbox.control("GET", "/state")["accounts"] if found["demo"]]
    assert {number["callback"] for number in demo["numbers"]} == {f"{live.url}/hooks/cloud/{made[0]['channel']}"}


def test_a_demo_without_a_sandbox_says_so_and_does_not_fail(live: Live) -> None:
    live.environment["GRAPH_BASE_URL"], right = "http://127.0.0.1:9", live.environment["GRAPH_BASE_URL"]
    try:
        assert "not connected yet" in live.run(_DEMO)["complaint"]
    finally:
        live.environment["GRAPH_BASE_URL"] = right


_DEMO = """
import io, json
from django.core.management import call_command
from troth.channels.models import Channel
from troth.channels.steps import is_connected
from troth.workspaces.demo import ensure_demo_people
from troth.workspaces.scope import scope
said, complaint = io.StringIO(), io.StringIO()
call_command("demo", wait=1.0, stdout=said, stderr=complaint)
with scope(ensure_demo_people().workspace_id):
    channels = list(Channel.objects.all())
    print(json.dumps({
        "said": said.getvalue(), "complaint": complaint.getvalue(), "channel": str(channels[0].pk),
        "channels": [[one.number_id, is_connected(one)] for one in channels],
    }))
"""
