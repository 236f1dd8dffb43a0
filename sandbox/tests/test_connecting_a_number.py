"""What a connect page asks: the token, the numbers, the subscriptions, and the round trip to the callback."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox import inbound
from sandbox.post import Unreachable
from sandbox.tests.conftest import APP_SECRET, TOKEN, Bench

DOOR = "http://127.0.0.1:8000/hooks/cloud/abc"


class Door:
    """A callback that answers verification as told."""

    def __init__(self, bench: Bench) -> None:
        self.asked: list[str] = []
        self.status = 200
        self.says: str | None = None
        self.down = False
        bench.world.client.call = self.call  # type: ignore[method-assign]  # stands in for the product's door

    async def call(self, method: str, url: str, **_rest: Any) -> tuple[int, bytes]:
        assert method == "GET"
        self.asked.append(url)
        if self.down:
            raise Unreachable("ConnectionRefusedError")
        challenge = parse_qs(urlsplit(url).query)["hub.challenge"][0]
        return self.status, (self.says if self.says is not None else challenge).encode()


@pytest.fixture
def door(bench: Bench) -> Door:
    return Door(bench)


async def test_a_token_can_be_looked_at_by_itself_and_by_its_app(bench: Bench) -> None:
    for asking in (TOKEN, f"2300|{APP_SECRET}"):
        data = (await bench.call("GET", f"/v26.0/debug_token?input_token={TOKEN}", token=asking)).json["data"]
        assert data["is_valid"] is True
        assert (data["app_id"], data["type"], data["expires_at"]) == ("2300", "SYSTEM_USER", 0)
        assert {"whatsapp_business_messaging", "whatsapp_business_management"} <= set(data["scopes"])
        assert data["granular_scopes"][0]["target_ids"] == ["300"]


async def test_an_unknown_token_is_told_to_be_invalid(bench: Bench) -> None:
    data = (await bench.call("GET", "/debug_token?input_token=EAAnone")).json["data"]
    assert data["is_valid"] is False
    assert data["error"]["code"] == 190


async def test_an_expired_token_is_told_to_be_expired(bench: Bench) -> None:
    await bench.control("POST", "/tokens", {"waba_id": "300", "expires_at": 5})
    data = (await bench.call("GET", f"/debug_token?input_token={TOKEN}", token=f"2300|{APP_SECRET}")).json["data"]
    assert (data["is_valid"], data["error"]["subcode"]) == (False, 463)


async def test_another_app_may_not_look(bench: Bench) -> None:
    answer = await bench.call("GET", f"/debug_token?input_token={TOKEN}", token=f"2310|{'f' * 32}")
    assert answer.status == 400


async def test_numbers_are_listed_with_the_fields_asked_for(bench: Bench) -> None:
    answer = await bench.call(
        "GET", "/v26.0/300/phone_numbers?fields=id,display_phone_number,status,throughput&limit=1"
    )
    assert answer.json["data"] == [
        {
            "id": "400",
            "display_phone_number": "+44 20 7946 0000",
            "status": "CONNECTED",
            "throughput": {"level": "STANDARD"},
        }
    ]
    after = answer.json["paging"]["cursors"]["after"]
    assert answer.json["paging"]["next"]
    second = await bench.call("GET", f"/v26.0/300/phone_numbers?limit=1&after={after}")
    assert [number["id"] for number in second.json["data"]] == ["401"]
    assert "next" not in second.json["paging"]


async def test_unknown_fields_and_cursors_are_errors(bench: Bench) -> None:
    assert (await bench.call("GET", "/v26.0/400?fields=id,shoe_size")).code == 100
    assert (await bench.call("GET", "/v26.0/300/phone_numbers?after=nonsense")).code == 131059


async def test_health_is_told(bench: Bench) -> None:
    number = (await bench.call("GET", "/v26.0/400?fields=health_status")).json
    assert number["health_status"]["can_send_message"] == "AVAILABLE"
    account = (await bench.call("GET", "/v26.0/300?fields=name,health_status")).json
    assert account["name"] == "Business 300"


async def test_an_override_is_verified_at_once_and_used_from_then_on(bench: Bench, door: Door) -> None:
    body = {"override_callback_uri": DOOR, "verify_token": "s3cret"}
    assert (await bench.call("POST", "/v26.0/300/subscribed_apps", body)).json == {"success": True}
    [asked] = door.asked
    query = parse_qs(urlsplit(asked).query)
    assert (query["hub.mode"], query["hub.verify_token"]) == (["subscribe"], ["s3cret"])
    listed = (await bench.call("GET", "/v26.0/300/subscribed_apps")).json["data"]
    assert listed[0]["override_callback_uri"] == DOOR
    assert listed[0]["whatsapp_business_api_data"]["id"] == "2300"
    inbound.text(bench.world, bench.account, bench.number, bench.person(), "hi")
    await bench.settle()
    assert [url for url, _headers, _body in bench.posts] == [DOOR]


@pytest.mark.parametrize(
    ("status", "says", "down"),
    [(403, None, False), (200, "something else", False), (200, None, True), (302, None, False)],
)
async def test_a_callback_that_fails_the_round_trip_is_not_taken(
    bench: Bench, door: Door, status: int, says: str | None, down: bool
) -> None:
    door.status, door.says, door.down = status, says, down
    body = {"override_callback_uri": DOOR, "verify_token": "x"}
    answer = await bench.call("POST", "/v26.0/300/subscribed_apps", body)
    assert (answer.status, answer.json["error"]["error_subcode"]) == (400, 2200)
    assert bench.account.callback is None


@pytest.mark.parametrize(
    "url",
    ["https://example.org/hooks", "http://10.0.0.1/hooks", "ftp://127.0.0.1/", "nonsense", "http://127.0.0.1@evil/"],
)
async def test_a_callback_beyond_this_machine_is_never_called(bench: Bench, door: Door, url: str) -> None:
    answer = await bench.call("POST", "/v26.0/300/subscribed_apps", {"override_callback_uri": url, "verify_token": "x"})
    assert answer.status == 400
    assert door.asked == []


async def test_a_bare_call_clears_the_override(bench: Bench, door: Door) -> None:
    await bench.call("POST", "/v26.0/300/subscribed_apps", {"override_callback_uri": DOOR, "verify_token": "x"})
    await bench.call("POST", "/v26.0/300/subscribed_apps")
    listed = (await bench.call("GET", "/v26.0/300/subscribed_apps")).json["data"]
    assert "override_callback_uri" not in listed[0]


async def test_unsubscribing_ends_everything(bench: Bench, door: Door) -> None:
    await bench.call("DELETE", "/v26.0/300/subscribed_apps")
    assert (await bench.call("GET", "/v26.0/300/subscribed_apps")).json == {"data": []}
    inbound.text(bench.world, bench.account, bench.number, bench.person(), "hi")
    await bench.settle()
    assert bench.posts == []


async def test_a_number_goes_before_its_account_and_that_before_the_app(bench: Bench, door: Door) -> None:
    own = {"webhook_configuration": {"override_callback_uri": f"{DOOR}/number", "verify_token": "x"}}
    await bench.call("POST", "/v26.0/401", own)
    await bench.call("POST", "/v26.0/300/subscribed_apps", {"override_callback_uri": DOOR, "verify_token": "x"})
    for number in bench.account.numbers:
        inbound.text(bench.world, bench.account, number, bench.person(), "hi")
    bench.world.emit(bench.account, None, "account_update", {"event": "ACCOUNT_DELETED"}, at=5)
    await bench.settle()
    assert {url for url, _headers, _body in bench.posts} == {"http://127.0.0.1:9/hooks/300", DOOR, f"{DOOR}/number"}
    read = (await bench.call("GET", "/v26.0/401?fields=webhook_configuration")).json["webhook_configuration"]
    assert read["phone_number"] == f"{DOOR}/number"


async def test_the_app_subscribes_with_its_own_token_and_to_known_fields(bench: Bench, door: Door) -> None:
    body = {
        "object": "whatsapp_business_account",
        "callback_url": DOOR,
        "verify_token": "x",
        "fields": "messages,flows",
    }
    app_token = f"2300|{APP_SECRET}"
    assert (await bench.call("POST", "/v26.0/2300/subscriptions", body)).status == 400
    assert (
        await bench.call("POST", "/v26.0/2300/subscriptions", {**body, "fields": "letters"}, token=app_token)
    ).code == 100
    assert (await bench.call("POST", "/v26.0/2300/subscriptions", body, token=app_token)).json == {"success": True}
    listed = (await bench.call("GET", "/v26.0/2300/subscriptions", token=app_token)).json["data"]
    assert [field["name"] for field in listed[0]["fields"]] == ["messages", "flows"]
    assert bench.world.emit(bench.account, None, "account_update", {}) is False
    assert bench.world.emit(bench.account, None, "flows", {}) is True


async def test_registering_needs_the_right_pin(bench: Bench) -> None:
    bench.number.status = "PENDING"
    path, body = "/v26.0/400/register", {"messaging_product": "whatsapp"}
    assert (await bench.call("POST", path, {**body, "pin": "12"})).code == 100
    assert (await bench.call("POST", path, {**body, "pin": "000000"})).code == 133005
    assert (await bench.call("POST", path, {**body, "pin": "123456"})).status == 200
    assert bench.number.status == "CONNECTED"
    await bench.call("POST", "/v26.0/400", {"pin": "654321"})
    assert (await bench.call("POST", path, {**body, "pin": "123456"})).code == 133005


async def test_too_many_registrations_are_refused(bench: Bench) -> None:
    body = {"messaging_product": "whatsapp", "pin": "123456"}
    answers = [(await bench.call("POST", "/v26.0/400/register", body)).status for _turn in range(11)]
    assert answers == [200] * 10 + [400]


async def test_a_profile_changes_only_where_told(bench: Bench) -> None:
    path = "/v26.0/400/whatsapp_business_profile"
    first = {"messaging_product": "whatsapp", "about": "Flowers", "email": "a@b.org", "websites": ["https://a.org"]}
    assert (await bench.call("POST", path, first)).json == {"success": True}
    await bench.call("POST", path, {"messaging_product": "whatsapp", "email": ""})
    [profile] = (await bench.call("GET", f"{path}?fields=about,email,websites")).json["data"]
    assert profile == {"messaging_product": "whatsapp", "about": "Flowers", "websites": ["https://a.org"]}
    for wrong in ({"about": "x" * 140}, {"websites": ["a", "b", "c"]}, {"vertical": "MAGIC"}, {"colour": "red"}):
        assert (await bench.call("POST", path, {"messaging_product": "whatsapp", **wrong})).code == 100
