"""Who gets webhooks: app, business account, number; and the round trip that proves a callback."""

import hmac
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sandbox import access
from sandbox.accounts import Account, App, Callback, Number, Token
from sandbox.errors import GraphError
from sandbox.http import Request, Response, answer
from sandbox.post import NotLoopback, Unreachable, check_loopback
from sandbox.webhooks import AGENT
from sandbox.world import World

ADDRESS_CHARACTERS_MAX = 200
VERIFY_TIMEOUT_S = 10.0
KNOWN_FIELDS = frozenset(
    {
        "account_alerts", "account_review_update", "account_settings_update", "account_update", "automatic_events",
        "business_capability_update", "business_status_update", "business_username_update", "calls", "flows",
        "group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update",
        "history", "message_echoes", "message_template_components_update", "message_template_quality_update",
        "message_template_status_update", "messages", "messaging_handovers", "partner_solutions",
        "payment_configuration_update", "phone_number_name_update", "phone_number_quality_update", "security",
        "smb_app_state_sync", "smb_message_echoes", "standby", "template_category_update",
        "template_correct_category_detection", "tracking_events", "user_preferences",
    }
)  # fmt: skip


async def subscribe_account(world: World, request: Request, account: Account) -> Response:
    """`POST /{WABA}/subscribed_apps`: subscribe; with an override set it, without one clear it."""
    body = request.parameters
    url, verify_token = body.get("override_callback_uri"), body.get("verify_token")
    if url is None:
        account.subscribed, account.callback = True, None
        world.changed()
        return answer({"success": True})
    account.callback = await verified(world, url, verify_token)
    account.subscribed = True
    world.changed()
    return answer({"success": True})


def subscriptions_of_account(account: Account) -> Response:
    """`GET /{WABA}/subscribed_apps`."""
    if not account.subscribed:
        return answer({"data": []})
    app = account.app
    data = {"id": app.id, "name": app.name, "link": f"https://www.facebook.com/games/?app_id={app.id}"}
    entry: dict[str, Any] = {"whatsapp_business_api_data": data}
    if account.callback:
        entry["override_callback_uri"] = account.callback.url
    return answer({"data": [entry]})


def unsubscribe_account(world: World, account: Account) -> Response:
    """`DELETE /{WABA}/subscribed_apps`."""
    account.subscribed, account.callback = False, None
    world.changed()
    return answer({"success": True})


async def configure_number(world: World, number: Number, configuration: Any) -> None:
    """Set or clear a number's own callback from `webhook_configuration`.

    Raises: GraphError.
    """
    if not isinstance(configuration, dict):
        raise GraphError(100, message="(#100) Param webhook_configuration must be a JSON object.")
    url = configuration.get("override_callback_uri")
    number.callback = await verified(world, url, configuration.get("verify_token")) if url else None
    world.changed()


async def subscribe_app(world: World, request: Request, app: App) -> Response:
    """`POST /{APP_ID}/subscriptions`, with the app's own token."""
    body = request.parameters
    if body.get("object") != "whatsapp_business_account":
        raise GraphError(100, message="(#100) Param object must be one of {WHATSAPP_BUSINESS_ACCOUNT}.")
    fields = body.get("fields", [])
    names = [name.strip() for name in fields.split(",")] if isinstance(fields, str) else fields
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise GraphError(100, message="(#100) Param fields must be an array.")
    for name in names:
        if name not in KNOWN_FIELDS:
            raise GraphError(100, message=f"(#100) Invalid field: {name}")
    app.callback = await verified(world, body.get("callback_url"), body.get("verify_token"))
    app.fields = names or None
    world.changed()
    return answer({"success": True})


def subscriptions_of_app(app: App) -> Response:
    """`GET /{APP_ID}/subscriptions`."""
    if app.callback is None:
        return answer({"data": []})
    fields = app.fields if app.fields is not None else sorted(KNOWN_FIELDS)
    entry = {
        "object": "whatsapp_business_account",
        "callback_url": app.callback.url,
        "active": True,
        "fields": [{"name": name, "version": "v26.0"} for name in fields],
    }
    return answer({"data": [entry]})


def unsubscribe_app(world: World, app: App) -> Response:
    """`DELETE /{APP_ID}/subscriptions`."""
    app.callback, app.fields = None, None
    world.changed()
    return answer({"success": True})


def app_of_token(world: World, request: Request, app_id: str) -> App:
    """Return the app that `APP_ID|APP_SECRET` speaks for.

    Raises: GraphError 104, 190, 100.
    """
    value = access.bearer(request)
    if value is None:
        raise GraphError(104)
    named, _, secret = value.partition("|")
    app = world.apps.get(named)
    if app is None or not hmac.compare_digest(app.secret.encode(), secret.encode()):
        if value in world.tokens:
            raise GraphError(15, message="(#15) This method must be called with an app access_token.")
        raise GraphError(190, message="Invalid OAuth access token signature.")
    if app.id != app_id:
        raise GraphError(100, message=f"(#100) App id {app_id} does not match the token.")
    return app


async def verified(world: World, url: Any, verify_token: Any) -> Callback:
    """Return a callback that has just answered the verification request rightly.

    Raises: GraphError 100, when the address is unusable or answers anything but the challenge.
    """
    if not isinstance(url, str) or len(url) > ADDRESS_CHARACTERS_MAX:
        raise GraphError(100, message=f"(#100) The callback must be an address of at most {ADDRESS_CHARACTERS_MAX}.")
    if not isinstance(verify_token, str) or not verify_token:
        raise GraphError(100, message="(#100) The parameter verify_token is required.")
    try:
        check_loopback(url)
    except NotLoopback as error:
        raise GraphError(100, str(error), subcode=2200) from error
    challenge = str(world.mint.chance.randrange(10**8, 10**10))
    query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    try:
        status, body = await world.client.call(
            "GET", _with_query(url, query), headers={"User-Agent": AGENT, "Accept": "*/*"}, timeout_s=VERIFY_TIMEOUT_S
        )
    except Unreachable as error:
        raise _unverified(f"The URL couldn't be validated. Callback unreachable: {error}") from error
    if status != 200:
        raise _unverified(f"The URL couldn't be validated. Response does not match challenge, status {status}")
    if body.decode("utf-8", "replace") != challenge:
        raise _unverified("The URL couldn't be validated. Response does not match challenge")
    return Callback(url, verify_token)


def _unverified(reason: str) -> GraphError:
    return GraphError(100, reason, message="(#2200) Callback verification failed", subcode=2200)


def _with_query(url: str, query: dict[str, str]) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *query.items()])))


def debug_token(world: World, request: Request) -> Response:
    """`GET /debug_token`: what a token is; asked by the app it belongs to or by the token itself."""
    asking = access.bearer(request)
    if asking is None:
        raise GraphError(104)
    inspected = request.query.get("input_token")
    if not inspected:
        raise GraphError(100, message="(#100) The parameter input_token is required.")
    asking_app = _asking_app(world, asking)
    token = world.tokens.get(inspected)
    if token is None:
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return answer({"data": {"error": error, "is_valid": False, "scopes": []}})
    if token.account.app is not asking_app:
        raise GraphError(100, message="(#100) You must provide an app access token, or a user access token of the app")
    return answer({"data": _token_facts(world, token)})


def _asking_app(world: World, asking: str) -> App:
    if token := world.tokens.get(asking):
        access.usable(token, now=world.now())
        return token.account.app
    named, _, secret = asking.partition("|")
    app = world.apps.get(named)
    if app is None or not hmac.compare_digest(app.secret.encode(), secret.encode()):
        raise GraphError(190, message="Invalid OAuth access token signature.")
    return app


def _token_facts(world: World, token: Token) -> dict[str, Any]:
    expired = bool(token.expires_at) and token.expires_at <= world.now()
    facts: dict[str, Any] = {
        "app_id": token.account.app.id,
        "type": "SYSTEM_USER",
        "application": token.account.app.name,
        "data_access_expires_at": 0,
        "expires_at": token.expires_at,
        "is_valid": token.valid and not expired,
        "issued_at": token.issued_at,
        "scopes": [*token.scopes, "public_profile"],
        "granular_scopes": [
            {"scope": scope, "target_ids": [one.id for one in token.reach if one.id]}
            for scope in token.scopes
            if scope.startswith("whatsapp_business")
        ],
        "user_id": f"1220{token.account.id[-12:]}",
    }
    if not token.valid or expired:
        subcode = access.EXPIRED_SUBCODE if expired else access.INVALIDATED_SUBCODE
        facts["error"] = {"code": 190, "message": "Error validating access token", "subcode": subcode}
    return facts
