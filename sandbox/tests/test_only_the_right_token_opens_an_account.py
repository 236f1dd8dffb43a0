"""Tokens, scopes, proofs and objects of others."""

import hashlib
import hmac

import pytest

from sandbox.tests.conftest import APP_SECRET, OTHER_TOKEN, TOKEN, Bench

TEXT = {"type": "text", "text": {"body": "hello"}}
PROOF = hmac.new(APP_SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()


async def test_without_a_token_nothing_opens(bench: Bench) -> None:
    answer = await bench.send(TEXT, token=None)
    assert (answer.status, answer.code) == (401, 104)


async def test_an_unknown_token_opens_nothing(bench: Bench) -> None:
    answer = await bench.send(TEXT, token="EAAunknown")
    assert (answer.status, answer.code) == (401, 190)


async def test_an_expired_token_says_so(bench: Bench) -> None:
    await bench.control("POST", "/tokens", {"waba_id": "300", "expires_at": int(bench.time)})
    answer = await bench.send(TEXT)
    assert (answer.code, answer.json["error"]["error_subcode"]) == (190, 463)


async def test_a_token_taken_back_says_so(bench: Bench) -> None:
    await bench.control("POST", "/tokens", {"waba_id": "300", "valid": False})
    answer = await bench.send(TEXT)
    assert (answer.code, answer.json["error"]["error_subcode"]) == (190, 467)


async def test_a_further_token_opens_the_same_account(bench: Bench) -> None:
    made = await bench.control("POST", "/tokens", {"waba_id": "300", "new": True})
    assert (await bench.send(TEXT, token=made.json["token"])).status == 200


async def test_sending_needs_the_messaging_scope(bench: Bench) -> None:
    await bench.control("POST", "/tokens", {"waba_id": "300", "scopes": ["whatsapp_business_management"]})
    assert (await bench.send(TEXT)).code == 200
    assert (await bench.call("GET", "/v26.0/300/phone_numbers")).status == 200


async def test_managing_needs_the_management_scope(bench: Bench) -> None:
    await bench.control("POST", "/tokens", {"waba_id": "300", "scopes": ["whatsapp_business_messaging"]})
    assert (await bench.call("GET", "/v26.0/300/phone_numbers")).status == 403
    assert (await bench.call("POST", "/v26.0/300/subscribed_apps")).status == 403
    assert (await bench.send(TEXT)).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v26.0/410/messages"),
        ("GET", "/v26.0/410"),
        ("GET", "/v26.0/310"),
        ("GET", "/v26.0/310/phone_numbers"),
        ("POST", "/v26.0/310/subscribed_apps"),
        ("GET", "/v26.0/999"),
        ("GET", "/v26.0/nonsense"),
        ("POST", "/v26.0/999/messages"),
    ],
)
async def test_what_belongs_to_others_is_as_missing_as_what_never_was(bench: Bench, method: str, path: str) -> None:
    answer = await bench.call(method, path, {"messaging_product": "whatsapp", "to": "+447700900123", **TEXT})
    assert (answer.status, answer.code, answer.json["error"]["error_subcode"]) == (400, 100, 33)


async def test_a_medium_of_others_is_missing_too(bench: Bench) -> None:
    medium = bench.world.media.keep(b"x", "image/png", number_id="410", now=int(bench.time), uploaded=True)
    assert (await bench.call("GET", f"/v26.0/{medium.id}")).json["error"]["error_subcode"] == 33
    assert (await bench.call("GET", f"/v26.0/{medium.id}", token=OTHER_TOKEN)).status == 200
    sent = await bench.send({"type": "image", "image": {"id": medium.id}})
    assert sent.code == 100


async def test_a_right_proof_is_welcome_and_a_wrong_one_is_not(bench: Bench) -> None:
    assert (await bench.call("GET", f"/v26.0/300?appsecret_proof={PROOF}")).status == 200
    wrong = await bench.call("GET", f"/v26.0/300?appsecret_proof={'0' * 64}")
    assert wrong.code == 100
    assert "appsecret_proof" in wrong.json["error"]["message"]


async def test_a_proof_in_the_body_counts(bench: Bench) -> None:
    assert (await bench.send({**TEXT, "appsecret_proof": PROOF})).status == 200
    assert (await bench.send({**TEXT, "appsecret_proof": "0" * 64})).code == 100


async def test_an_app_can_ask_for_the_proof(bench: Bench) -> None:
    await bench.control("POST", "/tokens", {"waba_id": "300", "require_proof": True})
    assert (await bench.send(TEXT)).code == 100
    assert (await bench.send({**TEXT, "appsecret_proof": PROOF})).status == 200


async def test_a_number_that_is_off_cannot_send(bench: Bench) -> None:
    await bench.control("POST", "/numbers", {"to": "400", "status": "DISCONNECTED"})
    assert (await bench.send(TEXT)).code == 133010


async def test_usage_is_told(bench: Bench) -> None:
    answer = await bench.send(TEXT)
    assert "300" in answer.headers["x-business-use-case-usage"]


@pytest.mark.parametrize(
    ("version", "status"), [("/v20.0", 200), ("/v26.0", 200), ("", 200), ("/v27.0", 400), ("/v19.0", 400)]
)
async def test_versions_that_live_are_served(bench: Bench, version: str, status: int) -> None:
    assert (await bench.call("GET", f"{version}/300")).status == status
