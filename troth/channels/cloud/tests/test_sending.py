"""Offering a message to Meta: once, and with an honest account of what became of it."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from tests.outgoing import BSUID, OUR_ID, outbound, text
from troth.base.http import Ambiguous, NotSent, Refused, Response, TooLarge
from troth.channels.cloud.adapter import CloudAdapter
from troth.channels.cloud.words import SENDING
from troth.channels.contract import NO_REASON, Accepted, Adapter, Content, Forged, SendError, Unsupported, Who

TOKEN = "EAAtoken"
SECRET = "0123456789abcdef"
TAKEN = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": "+34600111222", "wa_id": "34600111222"}],
    "messages": [{"id": "wamid.out1"}],
}


class Outside:
    """The outside world: it answers, or fails, as it is told, and remembers what it was asked."""

    def __init__(self, answer: Any = TAKEN, *, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        self.answer = answer
        self.status = status
        self.headers = headers or {}
        self.calls: list[dict[str, Any]] = []

    async def request(self, method: str, url: str, **call: Any) -> Response:
        self.calls.append({"method": method, "url": url, **call})
        if isinstance(self.answer, Exception):
            raise self.answer
        body = self.answer if isinstance(self.answer, bytes) else msgspec.json.encode(self.answer)
        return Response(self.status, self.headers, body, 0.01)


def adapter(outside: Outside, *, app_secret: str | None = SECRET) -> CloudAdapter:
    return CloudAdapter(
        outside, base_url="https://graph.test/", version="v26.0", number_id="7008", token=TOKEN, app_secret=app_secret
    )


async def failure(outside: Outside) -> SendError:
    with pytest.raises(SendError) as caught:
        await adapter(outside).send(outbound(text("private words")))
    assert len(outside.calls) == 1
    shown = f"{caught.value!r} {caught.value} {caught.value.user_text}"
    assert "private" not in shown
    assert TOKEN not in shown
    return caught.value


def refusal(code: int, *, status: int = 400, headers: Mapping[str, str] | None = None, **parts: Any) -> Outside:
    error = {"message": f"(#{code}) no", "type": "OAuthException", "code": code, "fbtrace_id": "A1", **parts}
    return Outside({"error": error}, status=status, headers=headers)


async def test_a_message_is_offered_once_to_its_numbers_address() -> None:
    outside = Outside()
    accepted = await adapter(outside).send(outbound(text()))
    assert accepted == Accepted(external_id="wamid.out1", who=Who(phone="34600111222"))
    [call] = outside.calls
    address, _, proof = call["url"].partition("?")
    assert (call["method"], address) == ("POST", "https://graph.test/v26.0/7008/messages")
    # echo -n EAAtoken | openssl dgst -sha256 -hmac 0123456789abcdef
    assert proof == "appsecret_proof=3508961ed8673dc2bd6a0c23d8058680aa36f5bdd57ebe8eb95850229676d8d8"
    assert call["headers"]["Authorization"] == f"Bearer {TOKEN}"
    assert call["json"]["biz_opaque_callback_data"] == str(OUR_ID)
    assert call["timeout_s"] <= 30
    assert call["max_bytes"] <= 1024 * 1024


async def test_without_a_secret_there_is_no_proof() -> None:
    outside = Outside()
    await adapter(outside, app_secret=None).send(outbound(text()))
    assert "appsecret_proof" not in outside.calls[0]["url"]


async def test_a_number_that_whatsapp_writes_differently_is_told() -> None:
    contact = {"input": "+5511987654321", "wa_id": "551187654321"}
    accepted = await adapter(Outside({**TAKEN, "contacts": [contact]})).send(outbound(text(), phone="+5511987654321"))
    assert accepted.who.phone == "551187654321"


async def test_a_person_without_a_number_is_told_by_user_id() -> None:
    outside = Outside({**TAKEN, "contacts": [{"input": BSUID, "user_id": BSUID}]})
    accepted = await adapter(outside).send(outbound(text(), phone=None, bsuid=BSUID))
    assert accepted.who == Who(bsuid=BSUID)


@pytest.mark.parametrize(
    ("status", "held"), [("accepted", False), ("held_for_quality_assessment", True), ("paused", True), (None, False)]
)
async def test_a_message_may_be_held(status: str | None, held: bool) -> None:
    outside = Outside({**TAKEN, "messages": [{"id": "wamid.out1", "message_status": status}]})
    assert (await adapter(outside).send(outbound(text()))).held is held


async def test_what_cannot_be_said_is_not_offered() -> None:
    outside = Outside()
    with pytest.raises(Unsupported):
        await adapter(outside).send(outbound(Content(kind="order")))
    assert outside.calls == []


@pytest.mark.parametrize("reason", ["dns", "connect", "tls", "timeout", "closed"])
async def test_what_never_left_may_be_offered_again(reason: str) -> None:
    error = await failure(Outside(NotSent(reason)))
    assert (error.retryable, error.uncertain, error.scope) == (True, False, "number")
    assert error.attempts_max > 1
    assert error.retry_after_s


@pytest.mark.parametrize("trouble", [Ambiguous("timeout"), Ambiguous("broken", status=200), TooLarge(status=200)])
async def test_what_may_have_left_is_never_offered_again_by_itself(trouble: Exception) -> None:
    error = await failure(Outside(trouble))
    assert (error.retryable, error.uncertain, error.attempts_max) == (False, True, 1)
    assert error.user_text == SENDING["uncertain"]


async def test_a_forbidden_address_is_a_matter_of_the_installation() -> None:
    error = await failure(Outside(Refused()))
    assert (error.retryable, error.uncertain, error.scope) == (False, False, "account")


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [b"<html>Bad gateway</html>", b"", b"{}", b"[1]", b'{"error": "text"}'])
async def test_a_proxys_page_tells_nothing_so_we_do_not_know(status: int, body: bytes) -> None:
    error = await failure(Outside(body, status=status))
    assert (error.retryable, error.uncertain) == (False, True)


@pytest.mark.parametrize(
    "body", [b"OK", b"", b"{}", b'{"messages": []}', b'{"messages": [{}]}', b'{"messages": "x"}', b"\xff", b"[" * 9_000]
)
async def test_a_yes_that_cannot_be_read_is_uncertain(body: bytes) -> None:
    error = await failure(Outside(body))
    assert (error.retryable, error.uncertain) == (False, True)


@pytest.mark.parametrize("status", [301, 302, 400, 404])
async def test_another_answer_without_words_is_final(status: int) -> None:
    error = await failure(Outside(b"<html></html>", status=status))
    assert (error.retryable, error.uncertain, error.code) == (False, False, NO_REASON)


@pytest.mark.parametrize(
    ("code", "status", "retryable", "scope", "words"),
    [
        (131047, 400, False, "pair", "window_closed"),
        (131026, 400, False, "message", "undeliverable"),
        (131049, 400, False, "message", "not_now"),
        (190, 401, False, "account", "token"),
        (131056, 400, True, "pair", "too_fast_for_one"),
        (130429, 429, True, "number", "too_fast"),
        (131016, 500, True, "number", "meta_down"),
        (131000, 500, True, "message", "unknown_fault"),
        (2, 503, True, "number", "meta_down"),
        (999_999, 400, False, "message", "refused"),
        (999_999, 500, True, "message", "unknown_fault"),
    ],
)
async def test_the_code_decides(code: int, status: int, retryable: bool, scope: str, words: str) -> None:
    error = await failure(refusal(code, status=status))
    assert (error.code, error.retryable, error.scope, error.user_text) == (code, retryable, scope, SENDING[words])
    assert not error.uncertain


async def test_the_code_decides_also_where_the_status_says_all_is_well() -> None:
    assert (await failure(refusal(131047, status=200))).code == 131047


async def test_a_code_may_be_text() -> None:
    assert (await failure(Outside({"error": {"code": "131056"}}, status=400))).scope == "pair"


async def test_a_passing_unknown_fault_is_offered_again() -> None:
    assert (await failure(refusal(999_999, is_transient=True))).retryable


async def test_the_first_wait_and_its_growth_are_told() -> None:
    error = await failure(refusal(131056))
    assert (error.retry_after_s, error.retry_growth) == (4.0, 4.0)


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "soon"}, 60.0),
        ({"Retry-After": "999999999"}, 86_400.0),
        ({"X-Business-Use-Case-Usage": '{"1": [{"estimated_time_to_regain_access": 5}]}'}, 300.0),
        ({"X-Business-Use-Case-Usage": "odd"}, 60.0),
        ({"X-Business-Use-Case-Usage": '{"1": 5}'}, 60.0),
        ({}, 60.0),
    ],
)
async def test_a_wait_that_is_asked_for_is_kept(headers: Mapping[str, str], wait_s: float) -> None:
    assert (await failure(refusal(80007, headers=headers))).retry_after_s == wait_s


def test_it_is_an_adapter_of_the_contract() -> None:
    ours: Adapter = adapter(Outside())
    assert ours.capabilities.window_s == 24 * 3600
    assert ours.capabilities.text_max == 4_096
    assert "text" in ours.capabilities.kinds
    assert ours.parse(b"")
    with pytest.raises(Forged):
        ours.verify({}, b"", secrets=[])
