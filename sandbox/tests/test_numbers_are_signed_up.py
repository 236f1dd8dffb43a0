"""Meta's hosted page: who gets there, how it ends, and what its codes are good for."""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sandbox.tests.conftest import APP_SECRET, NUMBER, OTHER_WABA, SECOND_NUMBER, WABA, Answer, Bench

BACK = "http://127.0.0.1:9/connect/meta/"


def asked(bench: Bench, *, feature: str = "", **other: str) -> dict[str, str]:
    extras = json.dumps({"setup": {}, "featureType": feature, "sessionInfoVersion": "3"})
    words = {"client_id": bench.account.app.id, "config_id": "77", "redirect_uri": BACK, "state": "abc"}
    words |= {"response_type": "code", "override_default_response_type": "true", "extras": extras}
    return {**words, **other}


async def done(bench: Bench, *accounts: str, end: str = "finish", **other: str) -> dict[str, list[str]]:
    query = urlencode([*asked(bench, **other).items(), *(("account", one) for one in accounts), ("end", end)])
    answer = await bench.call("GET", f"/v26.0/dialog/oauth/done?{query}", token=None)
    assert answer.status == 302
    place = urlsplit(answer.headers["location"])
    assert place._replace(query="").geturl() == BACK
    return parse_qs(place.query)


async def exchanged(bench: Bench, code: str, **other: str) -> Answer:
    words = {"client_id": bench.account.app.id, "client_secret": APP_SECRET, "redirect_uri": BACK, "code": code}
    return await bench.call("GET", f"/v26.0/oauth/access_token?{urlencode(words | other)}", token=None)


async def test_the_page_names_the_accounts_of_the_app_and_loads_nothing(bench: Bench) -> None:
    answer = await bench.call("GET", f"/v26.0/dialog/oauth?{urlencode(asked(bench))}", token=None)
    page = answer.body.decode()
    assert answer.status == 200
    assert WABA in page
    assert OTHER_WABA not in page
    assert "<script" not in page
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "1"},
        {"config_id": ""},
        {"response_type": "token"},
        {"redirect_uri": "https://evil.example/"},
        {"extras": "{}"},
        {"extras": "nothing"},
    ],
)
async def test_what_is_not_asked_rightly_gets_no_page(bench: Bench, wrong: dict[str, str]) -> None:
    answer = await bench.call("GET", f"/v26.0/dialog/oauth?{urlencode(asked(bench) | wrong)}", token=None)
    assert answer.status == 400


async def test_a_code_becomes_a_token_once_which_reaches_what_was_chosen(bench: Bench) -> None:
    back = await done(bench, WABA)
    assert back["state"] == ["abc"]
    answer = await exchanged(bench, back["code"][0])
    token = answer.json["access_token"]
    about = (await bench.call("GET", f"/v26.0/debug_token?input_token={token}", token=token)).json["data"]
    assert {tuple(grant["target_ids"]) for grant in about["granular_scopes"]} == {(WABA,)}
    assert (await bench.call("GET", f"/v26.0/{WABA}/phone_numbers", token=token)).status == 200
    assert (await bench.call("GET", f"/v26.0/{OTHER_WABA}/phone_numbers", token=token)).code == 100
    again = await exchanged(bench, back["code"][0])
    assert again.json["error"]["error_subcode"] == 36009


async def test_a_code_runs_out_after_half_a_minute(bench: Bench) -> None:
    back = await done(bench, WABA)
    bench.time += 31
    assert (await exchanged(bench, back["code"][0])).json["error"]["error_subcode"] == 36007
    slow = await done(bench, WABA, end="slow")
    assert (await exchanged(bench, slow["code"][0])).json["error"]["error_subcode"] == 36007


async def test_a_code_is_for_one_address_and_one_app(bench: Bench) -> None:
    code = (await done(bench, WABA))["code"][0]
    assert (await exchanged(bench, code, redirect_uri="http://127.0.0.1:9/")).json["error"]["error_subcode"] == 36008
    assert (await exchanged(bench, code, client_secret="f" * 32)).code == 1
    assert (await exchanged(bench, code)).status == 200


async def test_whoever_cancels_comes_back_with_an_error_and_the_state(bench: Bench) -> None:
    back = await done(bench, end="cancel")
    assert (back["error"], back["state"]) == (["access_denied"], ["abc"])
    assert "code" not in back


async def test_whoever_chooses_nothing_gets_a_token_that_reaches_nothing(bench: Bench) -> None:
    token = (await exchanged(bench, (await done(bench))["code"][0])).json["access_token"]
    about = (await bench.call("GET", f"/v26.0/debug_token?input_token={token}", token=token)).json["data"]
    assert {tuple(grant["target_ids"]) for grant in about["granular_scopes"]} == {()}


async def put_into_phone(bench: Bench, **what: object) -> None:
    told = {"to": NUMBER, "contacts": [["447700900123", "Ann Lee"]], **what}
    assert (await bench.call("POST", "/_sandbox/phone", told, token="dev")).status == 201


async def test_a_number_in_the_phone_app_is_shared_by_its_own_flow_and_never_registered(bench: Bench) -> None:
    await put_into_phone(bench)
    plain = await bench.call("GET", f"/v26.0/dialog/oauth?{urlencode(asked(bench))}", token=None)
    assert bench.number.display not in plain.body.decode()
    assert (await bench.call("GET", f"/v26.0/{NUMBER}?fields=is_on_biz_app")).json["is_on_biz_app"] is False
    await done(bench, WABA, feature="whatsapp_business_app_onboarding")
    assert (await bench.call("GET", f"/v26.0/{NUMBER}?fields=is_on_biz_app")).json["is_on_biz_app"] is True
    for edge in ("register", "deregister"):
        body = {"messaging_product": "whatsapp", "pin": "123456"}
        assert (await bench.call("POST", f"/v26.0/{NUMBER}/{edge}", body)).code == 131005


async def ask(bench: Bench, kind: str, *, number: str = NUMBER) -> Answer:
    body = {"messaging_product": "whatsapp", "sync_type": kind}
    return await bench.call("POST", f"/v26.0/{number}/smb_app_data", body)


async def test_each_kind_is_handed_over_once_and_for_a_day(bench: Bench) -> None:
    assert (await ask(bench, "history", number=SECOND_NUMBER)).code == 100
    await put_into_phone(bench, shared_at=int(bench.time))
    assert (await ask(bench, "smb_app_state_sync")).status == 200
    assert (await ask(bench, "smb_app_state_sync")).code == 2593107
    bench.time += 24 * 3600 + 1
    assert (await ask(bench, "history")).code == 2593108


async def test_a_version_that_is_still_to_come_lacks_a_field_and_renames_another(bench: Bench) -> None:
    path = f"/v27.0/{NUMBER}?fields=id,quality_rating"
    assert (await bench.call("GET", path)).code == 2500
    coming = {"version": 27, "gone": ["quality_rating"], "renamed": {"throughput": "throughput_level"}}
    assert (await bench.call("POST", "/_sandbox/versions", coming, token="dev")).status == 200
    try:
        assert (await bench.call("GET", path)).code == 100
        assert (await bench.call("GET", f"/v27.0/{NUMBER}?fields=throughput_level")).status == 200
        assert (await bench.call("GET", f"/v26.0/{NUMBER}?fields=quality_rating,throughput")).status == 200
    finally:
        await bench.call("POST", "/_sandbox/versions", {"version": 27, "end": True}, token="dev")
