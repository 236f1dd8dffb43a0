"""The steps of connecting a number, each asked of Meta, each with a clear outcome."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from troth.base.http import Ambiguous, NotSent, Refused, Response, TooLarge
from troth.channels.cloud import checks
from troth.channels.cloud.checks import Check, Graph
from troth.channels.cloud.words import CHECKS

TOKEN = "EAAtoken"
SECRET = "s3cret"
APP, ACCOUNT, NUMBER = "555", "100200", "700800"
CALLBACK = "https://crm.example.com/hooks/cloud/1"
SCOPES = ["whatsapp_business_messaging", "whatsapp_business_management"]
DEBUGGED = {
    "app_id": APP,
    "application": "Acme",
    "type": "SYSTEM_USER",
    "is_valid": True,
    "expires_at": 0,
    "scopes": SCOPES,
}
PHONE = {
    "id": NUMBER,
    "display_phone_number": "+1 555-777-0100",
    "verified_name": "Acme",
    "quality_rating": "GREEN",
    "status": "CONNECTED",
    "throughput": {"level": "STANDARD"},
    "is_on_biz_app": False,
    "platform_type": "CLOUD_API",
}

Answer = Any
STEPS = ("token", "secret", "number", "subscription", "subscribe")


class Meta:
    """A stand-in that answers by method and path, in the order given, and remembers what it was asked."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers
        self.asked: list[tuple[str, dict[str, str], Any]] = []

    async def request(self, method: str, url: str, *, json: Any = None, **call: Any) -> Response:
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        assert call["headers"] == {"Authorization": f"Bearer {TOKEN}"}
        assert 0 < call["timeout_s"] <= 30
        name = f"{method}_{parts.path.rsplit('/', 1)[-1]}"
        self.asked.append((name, query, json))
        answer = self.answers.get(name, self.answers.get("anything"))
        if callable(answer):
            answer = answer(query)
        elif isinstance(answer, list):
            answer = answer.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status = 400 if isinstance(answer, dict) and "error" in answer else 200
        if isinstance(answer, tuple):
            status, answer = answer
        return Response(status, {}, answer if isinstance(answer, bytes) else msgspec.json.encode(answer), 0.01)


def graph(meta: Meta, *, app_secret: str | None = SECRET) -> Graph:
    return Graph(meta, base_url="https://graph.test", version="v26.0", token=TOKEN, app_secret=app_secret)


def error(code: int, **parts: Any) -> dict[str, Any]:
    return {"error": {"code": code, "message": f"(#{code})", "fbtrace_id": "A1", **parts}}


PROOF_WRONG = error(100, message="Invalid appsecret_proof provided in the API argument", type="GraphMethodException")
PROOF_WANTED = error(100, message="API calls from the server require an appsecret_proof argument")


async def step(name: str, meta: Meta, **parts: Any) -> Check:
    if name == "token":
        return await checks.check_token(graph(meta))
    if name == "secret":
        return await checks.check_app_secret(graph(meta), number_id=NUMBER)
    if name == "number":
        return await checks.check_number(graph(meta), account_id=ACCOUNT, number_id=NUMBER)
    place: dict[str, Any] = {"account_id": ACCOUNT, "app_id": APP, "callback_url": CALLBACK}
    if name == "subscription":
        return await checks.check_subscription(graph(meta), **place)
    return await checks.subscribe_account(graph(meta), **place, verify_token="v", **parts)


# --- what can happen to any step


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (NotSent("dns"), "unreachable"),
        (Ambiguous("timeout"), "no_answer"),
        (Refused(), "address_refused"),
        (TooLarge(status=200), "unreadable"),
        (b"<html>hello</html>", "unreadable"),
        ((404, b"<html></html>"), "unreadable"),
        ((503, b"<html></html>"), "meta_down"),
        (error(2), "meta_down"),
        (error(131016), "meta_down"),
        (error(987, is_transient=True), "meta_down"),
        (error(4), "throttled"),
        (error(80008), "throttled"),
        (error(190), "token_invalid"),
        (error(190, error_subcode=463), "token_expired"),
        (error(10), "no_permission"),
        (error(200), "no_permission"),
        (PROOF_WRONG, "secret_wrong"),
        (error(987), "graph_error"),
    ],
)
async def test_a_step_that_fails_says_why_and_keeps_the_token(name: str, answer: Answer, code: str) -> None:
    check = await step(name, Meta(anything=answer))
    assert (check.ok, check.code) == (False, code)
    assert TOKEN not in repr(check)
    assert code in CHECKS


async def test_the_facts_of_a_failure_name_the_call_for_metas_support() -> None:
    check = await step("number", Meta(anything=error(10)))
    assert check.facts == {"http_status": 400, "graph_code": 10, "trace_id": "A1"}


# --- the token


async def test_a_token_without_an_end_is_all_right() -> None:
    meta = Meta(GET_debug_token={"data": DEBUGGED})
    check = await step("token", meta)
    assert check == Check(
        ok=True,
        facts={
            "app_id": APP,
            "app_name": "Acme",
            "kind": "SYSTEM_USER",
            "expires_at": None,
            "scopes": sorted(SCOPES),
        },
    )
    [(_, query, _)] = meta.asked
    assert query == {"input_token": TOKEN}


async def test_a_token_that_will_end_is_all_right_with_a_word() -> None:
    check = await step("token", Meta(GET_debug_token={"data": {**DEBUGGED, "expires_at": 1_800_000_000}}))
    assert (check.ok, check.code) == (True, "token_expires")
    assert check.facts["expires_at"].timestamp() == 1_800_000_000


@pytest.mark.parametrize(("subcode", "code"), [(463, "token_expired"), (467, "token_invalid"), (None, "token_invalid")])
async def test_a_token_that_is_over(subcode: int | None, code: str) -> None:
    data = {**DEBUGGED, "is_valid": False, "error": {"code": 190, "subcode": subcode}}
    check = await step("token", Meta(GET_debug_token={"data": data}))
    assert (check.ok, check.code) == (False, code)


async def test_a_missing_permission_is_named() -> None:
    data = {**DEBUGGED, "scopes": SCOPES[:1]}
    check = await step("token", Meta(GET_debug_token={"data": data}))
    assert (check.ok, check.code, check.facts["missing"]) == (False, "scopes_missing", SCOPES[1:])


async def test_a_permission_may_be_granted_for_single_accounts() -> None:
    data = {**DEBUGGED, "scopes": [], "granular_scopes": [{"scope": scope, "target_ids": ["1"]} for scope in SCOPES]}
    assert (await step("token", Meta(GET_debug_token={"data": data}))).ok


async def test_an_app_that_wants_proof_gets_it() -> None:
    meta = Meta(GET_debug_token=lambda query: {"data": DEBUGGED} if "appsecret_proof" in query else PROOF_WANTED)
    assert (await step("token", meta)).ok


async def test_a_wrong_secret_does_not_make_a_good_token_look_bad() -> None:
    meta = Meta(GET_debug_token=lambda query: PROOF_WRONG if "appsecret_proof" in query else {"data": DEBUGGED})
    assert (await step("token", meta)).ok


@pytest.mark.parametrize("answer", [{}, {"data": []}, {"data": "x"}])
async def test_an_answer_without_facts_proves_no_token(answer: Any) -> None:
    check = await step("token", Meta(GET_debug_token=answer))
    assert (check.ok, check.code) == (False, "token_invalid")


# --- the secret


async def test_a_secret_fits_where_its_proof_is_taken() -> None:
    meta = Meta(GET_700800={"id": NUMBER})
    assert (await step("secret", meta)).ok
    [(_, query, _)] = meta.asked
    assert len(query["appsecret_proof"]) == 64


# --- the number


async def test_a_number_of_the_account() -> None:
    meta = Meta(GET_phone_numbers={"data": [{"id": "1"}, PHONE]})
    check = await step("number", meta)
    assert check == Check(
        ok=True,
        facts={
            "display_number": "+1 555-777-0100",
            "verified_name": "Acme",
            "quality": "GREEN",
            "status": "CONNECTED",
            "throughput": "STANDARD",
            "limit": None,
            "on_phone_app": False,
            "platform": "CLOUD_API",
        },
    )


async def test_a_number_may_stand_on_a_later_page() -> None:
    first = {"data": [{"id": "1"}], "paging": {"cursors": {"after": "c1"}, "next": "https://graph.test/next"}}
    meta = Meta(GET_phone_numbers=[first, {"data": [PHONE], "paging": {"cursors": {"after": "c2"}}}])
    assert (await step("number", meta)).ok
    pages = [query for name, query, _ in meta.asked if name == "GET_phone_numbers"]
    assert [query.get("after") for query in pages] == [None, "c1"]


@pytest.mark.clause("L9")
@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"storage_configuration": {"status": "DEFAULT"}}, ("DEFAULT", "")),
        (
            {"storage_configuration": {"status": "in_country_storage_enabled", "data_localization_region": "in"}},
            ("IN_COUNTRY_STORAGE_ENABLED", "IN"),
        ),
        ({"calling": {}}, (None, None)),
        ({"storage_configuration": "odd"}, (None, None)),
        (error(10), (None, None)),
        (b"<html></html>", (None, None)),
    ],
)
async def test_where_messages_are_kept_is_what_meta_says_and_nothing_where_it_says_nothing(
    settings: Answer, said: tuple[str | None, str | None]
) -> None:
    check = await step("number", Meta(GET_phone_numbers={"data": [PHONE]}, GET_settings=settings))
    assert check.ok
    assert (check.facts.get("storage"), check.facts.get("storage_region")) == said


async def test_pages_without_end_are_left() -> None:
    page = {"data": [], "paging": {"cursors": {"after": "c1"}, "next": "https://graph.test/next"}}
    meta = Meta(GET_phone_numbers=page)
    assert (await step("number", meta)).code == "number_missing"
    assert len(meta.asked) <= 20


async def test_a_number_of_another_account() -> None:
    check = await step("number", Meta(GET_phone_numbers={"data": [{"id": "1"}, "odd"]}))
    assert (check.ok, check.code) == (False, "number_missing")


async def test_an_account_that_is_not_there() -> None:
    for name in ("number", "subscription", "subscribe"):
        check = await step(name, Meta(anything=error(100, error_subcode=33)))
        assert (check.ok, check.code) == (False, "account_missing")


async def test_a_number_that_is_not_connected() -> None:
    check = await step("number", Meta(GET_phone_numbers={"data": [{**PHONE, "status": "PENDING"}]}))
    assert (check.ok, check.code, check.facts["status"]) == (False, "number_not_connected", "PENDING")


# --- the subscription


def listening(callback: str | None = CALLBACK, *, app: str = APP) -> dict[str, Any]:
    entry: dict[str, Any] = {"whatsapp_business_api_data": {"id": app, "name": "Acme"}}
    if callback:
        entry["override_callback_uri"] = callback
    return {"data": [{"whatsapp_business_api_data": {"id": "9"}, "override_callback_uri": "https://x"}, entry]}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (listening(), "ok"),
        (listening(None), "no_override"),
        (listening("https://elsewhere.example.com/"), "other_callback"),
        (listening(app="8"), "not_subscribed"),
        ({"data": []}, "not_subscribed"),
        ({"data": "odd"}, "not_subscribed"),
    ],
)
async def test_where_the_accounts_news_goes(answer: Answer, code: str) -> None:
    check = await step("subscription", Meta(GET_subscribed_apps=answer))
    assert (check.ok, check.code) == (code == "ok", code)


@pytest.mark.parametrize("before", [{"data": []}, listening(None)])
async def test_an_account_is_subscribed_with_our_callback(before: Answer) -> None:
    meta = Meta(GET_subscribed_apps=[before, listening()], POST_subscribed_apps={"success": True})
    assert (await step("subscribe", meta)).ok
    assert [(name, body) for name, _, body in meta.asked] == [
        ("GET_subscribed_apps", None),
        ("POST_subscribed_apps", {"override_callback_uri": CALLBACK, "verify_token": "v"}),
        ("GET_subscribed_apps", None),
    ]


async def test_what_is_right_already_is_left_alone() -> None:
    meta = Meta(GET_subscribed_apps=listening())
    assert (await step("subscribe", meta)).ok
    assert len(meta.asked) == 1


async def test_somebody_elses_callback_is_only_replaced_on_demand() -> None:
    other = listening("https://elsewhere.example.com/")
    meta = Meta(GET_subscribed_apps=other)
    check = await step("subscribe", meta)
    assert (check.ok, check.code, len(meta.asked)) == (False, "other_callback", 1)
    meta = Meta(GET_subscribed_apps=[other, listening()], POST_subscribed_apps={"success": True})
    assert (await step("subscribe", meta, replace_other=True)).ok


async def test_a_callback_that_meta_cannot_open() -> None:
    refused = error(100, error_subcode=2_200, message="(#2200) Callback verification failed")
    meta = Meta(GET_subscribed_apps={"data": []}, POST_subscribed_apps=refused)
    assert (await step("subscribe", meta)).code == "callback_unreachable"


async def test_a_callback_that_is_too_long_is_not_tried() -> None:
    meta = Meta()
    check = await checks.subscribe_account(
        graph(meta), account_id=ACCOUNT, app_id=APP, callback_url="https://x/" + "y" * 200, verify_token="v"
    )
    assert (check.code, meta.asked) == ("callback_too_long", [])


async def test_a_subscription_that_does_not_stick_is_not_called_done() -> None:
    meta = Meta(GET_subscribed_apps=[{"data": []}, listening(None)], POST_subscribed_apps={"success": True})
    assert (await step("subscribe", meta)).code == "no_override"


def test_every_outcome_has_words() -> None:
    assert {"token_expires", "number_missing", "account_missing", "callback_unreachable"} <= set(CHECKS)
