"""Whether a new connection works, step by step, asked of Meta itself.

Each check answers with a `Check`: a short code whose words stand in `words.CHECKS`, and facts. None raises for
anything that Meta or the network does, and none puts a token into its answer.
"""

from collections.abc import Awaitable
from typing import Any

from msgspec import Struct

from troth.base.http import Ambiguous, NotSent, Refused, Response, Streamed, TooLarge
from troth.channels.cloud.graph import ANSWER_BYTES_MAX, GraphError, Outside, address, error_in, object_in, proof_of
from troth.channels.cloud.sent import CONNECTING, checked
from troth.channels.cloud.wire.reading import identifier, instant, is_true, items, piece, whole, word

TIMEOUT_S = 15.0
FORM_TIMEOUT_S = 300.0
CALLBACK_CHARS_MAX = 200
PAGES_MAX = 20
SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")
CONNECTED = "CONNECTED"
NUMBER_FIELDS = (
    "id,display_phone_number,verified_name,quality_rating,status,name_status,code_verification_status,platform_type,"
    "throughput,account_mode,is_on_biz_app,whatsapp_business_manager_messaging_limit"
)

# Graph codes that mean the same in every step.
_KINDS: dict[int, str] = {
    0: "token_invalid",
    1: "meta_down",
    2: "meta_down",
    3: "no_permission",
    4: "throttled",
    10: "no_permission",
    33: "no_permission",
    102: "token_invalid",
    104: "token_invalid",
    190: "token_invalid",
    341: "throttled",
    80007: "throttled",
    80008: "throttled",
    131000: "meta_down",
    131005: "no_permission",
    131016: "meta_down",
    131057: "meta_down",
    133004: "meta_down",
}
EXPIRED_SUBCODES = (463,)


class Check(Struct, frozen=True, kw_only=True):
    """The outcome of one step. A step may be all right and still carry a code that deserves a word ("token_expires")."""

    ok: bool
    code: str = "ok"
    facts: dict[str, Any] = {}


class Form(Struct, frozen=True):
    """A form with a file in it: its content type, which names the boundary, and its bytes as they come."""

    content_type: str
    body: Streamed


class Graph:
    """One account's way to the Graph API."""

    def __init__(self, client: Outside, *, base_url: str, version: str, token: str, app_secret: str | None) -> None:
        self._client = client
        self._base_url = base_url
        self._version = version
        self._token = token
        self._proof = proof_of(token, app_secret=app_secret)
        self.has_secret = self._proof is not None

    async def call(
        self,
        method: str,
        *path: str,
        body: dict[str, Any] | None = None,
        form: Form | None = None,
        proven: bool = True,
        declared: frozenset[str] = CONNECTING,
        max_bytes: int = ANSWER_BYTES_MAX,
        **parameters: str | None,
    ) -> dict[str, Any]:
        """Return the object that Meta answers with. `declared` are the keys that the body may carry; a form may take
        minutes to be sent.

        Raises: CallFailed.
        """
        url = address(
            self._base_url, self._version, *path, **parameters, appsecret_proof=self._proof if proven else None
        )
        headers = {"Authorization": f"Bearer {self._token}"}
        if body is not None:
            checked(body, declared)
        if form is not None:
            headers["Content-Type"] = form.content_type
        response = await answered(
            self._client.request(
                method,
                url,
                headers=headers,
                json=body,
                data=form.body if form else None,
                timeout_s=FORM_TIMEOUT_S if form else TIMEOUT_S,
                max_bytes=max_bytes,
            )
        )
        answer = object_in(response)
        if (error := error_in(response, answer)) is not None:
            raise CallFailed(_kind(error), error=error, answer=answer)
        if answer is None:
            raise CallFailed("unreadable")
        return answer

    async def debug_token(self, *, proven: bool) -> dict[str, Any]:
        """Return what Meta says of our token.

        Raises: CallFailed.
        """
        return piece((await self.call("GET", "debug_token", proven=proven, input_token=self._token)).get("data"))


class CallFailed(Exception):
    """A call did not give an answer that a step can go on with. The argument is the code of the check."""

    def __init__(self, code: str, *, error: GraphError | None = None, answer: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.error = error
        self.answer = answer or {}

    def check(self, *, code: str | None = None) -> Check:
        """Return this failure as the outcome of a step, under another code where the step knows better."""
        error = self.error
        facts = (
            {"http_status": error.http_status, "graph_code": error.code, "trace_id": error.trace_id} if error else {}
        )
        return Check(ok=False, code=code or self.code, facts=facts)


async def answered(request: Awaitable[Response]) -> Response:
    """Return what a request is answered with. Raises: CallFailed, where none came or none that may be read."""
    try:
        return await request
    except NotSent:
        raise CallFailed("unreachable") from None
    except Ambiguous:
        raise CallFailed("no_answer") from None
    except Refused:
        raise CallFailed("address_refused") from None
    except TooLarge:
        raise CallFailed("unreadable") from None


async def check_token(graph: Graph) -> Check:
    """Return whether the token is valid, lasts, and may do what the product does.

    Facts: app_id, app_name, kind, expires_at (UTC or None for never), scopes, missing.
    """
    try:
        data = await _debugged(graph)
    except CallFailed as failed:
        return failed.check()
    facts: dict[str, Any] = {
        "app_id": identifier(data.get("app_id")),
        "app_name": word(data.get("application")),
        "kind": word(data.get("type")),
        "expires_at": instant(data.get("expires_at")),
        "scopes": _scopes(data),
    }
    if not is_true(data.get("is_valid")):
        subcode = whole(piece(data.get("error")).get("subcode"))
        return Check(ok=False, code="token_expired" if subcode in EXPIRED_SUBCODES else "token_invalid", facts=facts)
    if missing := [scope for scope in SCOPES if scope not in facts["scopes"]]:
        return Check(ok=False, code="scopes_missing", facts={**facts, "missing": missing})
    return Check(ok=True, code="token_expires" if facts["expires_at"] else "ok", facts=facts)


async def _debugged(graph: Graph) -> dict[str, Any]:
    """Return what Meta says of the token. A wrong secret must not make a good token look bad: it is not used at first."""
    try:
        return await graph.debug_token(proven=False)
    except CallFailed as failed:
        if failed.code != "secret_wrong" or not graph.has_secret:
            raise
    return await graph.debug_token(proven=True)


def _scopes(data: dict[str, Any]) -> list[str]:
    granular = (piece(grant).get("scope") for grant in items(data.get("granular_scopes")))
    return sorted({scope for scope in (*items(data.get("scopes")), *granular) if isinstance(scope, str)})


async def check_app_secret(graph: Graph, *, number_id: str) -> Check:
    """Return whether the secret is that of the token's app: Meta checks the proof of any call that carries one."""
    try:
        await graph.call("GET", number_id, fields="id")
    except CallFailed as failed:
        return failed.check()
    return Check(ok=True)


async def check_number(graph: Graph, *, account_id: str, number_id: str) -> Check:
    """Return whether the number belongs to the account and is connected.

    Facts: display_number, verified_name, quality, status, throughput, limit, on_phone_app, platform, and, where Meta says
    so, storage and storage_region: where it keeps the messages.
    """
    after: str | None = None
    try:
        for _ in range(PAGES_MAX):
            answer = await graph.call(
                "GET", account_id, "phone_numbers", fields=NUMBER_FIELDS, limit="100", after=after
            )
            for number in items(answer.get("data")):
                if identifier(piece(number).get("id")) == number_id:
                    return _number(piece(number) | await _storage(graph, number_id))
            paging = piece(answer.get("paging"))
            after = identifier(piece(paging.get("cursors")).get("after")) if paging.get("next") else None
            if after is None:
                break
    except CallFailed as failed:
        return failed.check(code="account_missing" if _is_missing(failed) else None)
    return Check(ok=False, code="number_missing")


async def _storage(graph: Graph, number_id: str) -> dict[str, Any]:
    """Return where Meta keeps the messages of a number. That it does not say spoils nothing else."""
    try:
        settings = await graph.call("GET", number_id, "settings")
    except CallFailed:
        return {}
    return {"storage": settings.get("storage_configuration")}


def _number(number: dict[str, Any]) -> Check:
    status = word(number.get("status"))
    facts = {
        "display_number": word(number.get("display_phone_number")),
        "verified_name": word(number.get("verified_name")),
        "quality": word(number.get("quality_rating")),
        "status": status,
        "throughput": word(piece(number.get("throughput")).get("level")),
        "limit": word(number.get("whatsapp_business_manager_messaging_limit")),
        "on_phone_app": is_true(number.get("is_on_biz_app")),
        "platform": word(number.get("platform_type")),
    }
    if storage := piece(number.get("storage")):
        # Meta's pages write these words in capitals and in small letters.
        facts["storage"] = (word(storage.get("status")) or "").upper()
        facts["storage_region"] = (word(storage.get("data_localization_region")) or "").upper()
    if status is not None and status != CONNECTED:
        return Check(ok=False, code="number_not_connected", facts=facts)
    return Check(ok=True, facts=facts)


async def check_subscription(graph: Graph, *, account_id: str, app_id: str, callback_url: str) -> Check:
    """Return whether the account's news goes to our callback.

    Facts: callback (the address set for this account, or None for the app's own).
    """
    try:
        subscribed, callback = await _subscription(graph, account_id=account_id, app_id=app_id)
    except CallFailed as failed:
        return failed.check(code="account_missing" if _is_missing(failed) else None)
    return _judged(subscribed, callback, callback_url=callback_url)


async def subscribe_account(
    graph: Graph,
    *,
    account_id: str,
    app_id: str,
    callback_url: str,
    verify_token: str,
    replace_other: bool = False,
) -> Check:
    """Send the account's news to our callback, and return what Meta then says of it.

    An address of somebody else's is left alone unless `replace_other`. Meta opens our callback during this call, so
    the door must already know `verify_token`.
    """
    if len(callback_url) > CALLBACK_CHARS_MAX:
        return Check(ok=False, code="callback_too_long")
    before = await check_subscription(graph, account_id=account_id, app_id=app_id, callback_url=callback_url)
    if before.ok or before.code not in ("not_subscribed", "no_override", "other_callback"):
        return before
    if before.code == "other_callback" and not replace_other:
        return before
    # The body must never be missing here: a call without one takes an existing override away.
    body = {"override_callback_uri": callback_url, "verify_token": verify_token}
    try:
        await graph.call("POST", account_id, "subscribed_apps", body=body)
    except CallFailed as failed:
        return failed.check(code="callback_unreachable" if failed.code == "graph_error" else None)
    return await check_subscription(graph, account_id=account_id, app_id=app_id, callback_url=callback_url)


async def _subscription(graph: Graph, *, account_id: str, app_id: str) -> tuple[bool, str | None]:
    """Return whether our app listens to the account, and the address set for it there."""
    answer = await graph.call("GET", account_id, "subscribed_apps")
    for listed in map(piece, items(answer.get("data"))):
        app = piece(listed.get("whatsapp_business_api_data")) or listed
        if identifier(app.get("id")) == app_id:
            return True, word(listed.get("override_callback_uri"), chars_max=2_000)
    return False, None


def _judged(subscribed: bool, callback: str | None, *, callback_url: str) -> Check:
    facts = {"callback": callback}
    if not subscribed:
        return Check(ok=False, code="not_subscribed", facts=facts)
    if callback is None:
        return Check(ok=False, code="no_override", facts=facts)
    if callback != callback_url:
        return Check(ok=False, code="other_callback", facts=facts)
    return Check(ok=True, facts=facts)


def _is_missing(failed: CallFailed) -> bool:
    error = failed.error
    return error is not None and error.code == 100 and error.subcode == 33


def _kind(error: GraphError) -> str:
    """Return the code of a check for an error of the Graph API."""
    code = error.code
    if code is None:
        return "meta_down" if error.http_status >= 500 else "unreadable"
    if code == 190 and error.subcode in EXPIRED_SUBCODES:
        return "token_expired"
    if code == 100 and "appsecret_proof" in error.message:
        # The one place where Meta's text decides: this fault has no code of its own.
        return "secret_wrong"
    if (code == 100 and error.subcode == 33) or 200 <= code <= 299:
        return "no_permission"
    if code in _KINDS:
        return _KINDS[code]
    return "meta_down" if error.is_transient or error.http_status >= 500 else "graph_error"
