"""Whether Meta's app tells us what it should: which kinds of news it passes on at all, and where those go that follow no
account's own address (decisions on templates, changes of quality, warnings).

Meta documents writing this by API for WhatsApp, and leaves WhatsApp out on the general page; so a refusal is not an end:
the same can be set by hand in the app's dashboard. Source: Meta, "Webhooks" of the Cloud API and "Graph API: app
subscriptions" (read 2026-11-22).
"""

from collections.abc import Collection
from typing import Any

from msgspec import Struct

from troth.channels.cloud.checks import CALLBACK_CHARS_MAX, CallFailed, Check, Graph
from troth.channels.cloud.wire.reading import is_true, items, piece, word
from troth.channels.cloud.words import _

OBJECT = "whatsapp_business_account"
MESSAGES = "messages"
FIELDS = (
    MESSAGES,
    "message_template_status_update",
    "message_template_quality_update",
    "template_category_update",
    "message_template_components_update",
    "account_update",
    "account_alerts",
    "account_review_update",
    "phone_number_quality_update",
    "phone_number_name_update",
    "business_capability_update",
    "security",
    "user_preferences",
    "flows",
)
# What a number's phone app says and has: without these, its half of the conversations is missing.
PHONE_FIELDS = ("smb_message_echoes", "smb_app_state_sync", "history")
# Asked for as well, and not missed where Meta does not offer them to an app.
OFFERED = (*PHONE_FIELDS, "standby", "messaging_handovers")
CALLBACK_REFUSED = 2200  # the sub-code of "the callback could not be verified"

APP_CHECKS: dict[str, str] = {
    "app_unknown": _(
        "Meta did not say which app this token belongs to. Make the token for a system user, with your app chosen."
    ),
    "app_by_hand": _(
        "Meta did not take the app's settings from here. Set them by hand: in your app, open WhatsApp › Configuration, "
        "enter the callback address and the verify token from below, and tick the fields named here."
    ),
    "app_no_messages": _(
        "The app does not pass on messages: the field “messages” is not ticked, so nothing can arrive. In your app, open "
        "WhatsApp › Configuration and subscribe to it."
    ),
    "app_fields_missing": _(
        "Messages arrive. Some other news does not, since the app is not subscribed to it: tick the fields named here in "
        "your app, under WhatsApp › Configuration."
    ),
    "app_other_callback": _(
        "Messages of this account come here all the same. Other news of the app, such as decisions on templates and "
        "changes of quality, goes to another address."
    ),
}


class _Subscription(Struct, frozen=True, kw_only=True):
    """What the app is set to now. `callback` is None where nothing is set."""

    callback: str | None = None
    fields: frozenset[str] = frozenset()
    active: bool = False


async def subscribe_app(
    graph: Graph,
    *,
    app_id: str,
    callback_url: str,
    verify_token: str,
    ours: Collection[str] = (),
    replace_other: bool = False,
    from_phone: bool = False,
) -> Check:
    """Let the app pass on all that we read, to our callback or one of `ours`, and return what Meta then says of it.

    `graph` speaks as the app itself: its token is "<app id>|<app secret>". An address of somebody else's is left alone
    unless `replace_other`. Meta opens our callback during this call. `from_phone` is whether news of a phone app are
    needed too.
    Facts: callback, fields (those that are missing).
    """
    if len(callback_url) > CALLBACK_CHARS_MAX:
        return Check(ok=False, code="callback_too_long")
    addresses = {callback_url, *ours}
    try:
        found = await _subscription(graph, app_id=app_id)
        if _is_settled(found, addresses, replace_other=replace_other):
            return _judged(found, addresses, from_phone=from_phone)
        await _set(graph, app_id=app_id, callback_url=callback_url, verify_token=verify_token)
        return _judged(await _subscription(graph, app_id=app_id), addresses, from_phone=from_phone)
    except CallFailed as failed:
        return failed.check(code=_code(failed))


async def move_app(graph: Graph, *, app_id: str, old_url: str, callback_url: str, verify_token: str) -> None:
    """Let the app call another address of ours, if it calls this old one. Raises: CallFailed."""
    found = await _subscription(graph, app_id=app_id)
    if found.callback == old_url:
        await _set(graph, app_id=app_id, callback_url=callback_url, verify_token=verify_token)


async def release_account(graph: Graph, *, account_id: str) -> None:
    """Take our callback away from the account, so that its news goes where the app says. Raises: CallFailed."""
    # A call without a body is how Meta takes an override away; the app stays subscribed, since others may use it.
    await graph.call("POST", account_id, "subscribed_apps")


async def _subscription(graph: Graph, *, app_id: str) -> _Subscription:
    answer = await graph.call("GET", app_id, "subscriptions")
    for listed in map(piece, items(answer.get("data"))):
        if word(listed.get("object")) == OBJECT:
            names = (piece(one).get("name") if isinstance(one, dict) else one for one in items(listed.get("fields")))
            return _Subscription(
                callback=word(listed.get("callback_url"), chars_max=2_000),
                fields=frozenset(name for name in names if isinstance(name, str)),
                active=is_true(listed.get("active")),
            )
    return _Subscription()


async def _set(graph: Graph, *, app_id: str, callback_url: str, verify_token: str) -> None:
    body: dict[str, Any] = {
        "object": OBJECT,
        "callback_url": callback_url,
        "verify_token": verify_token,
        "fields": ",".join((*FIELDS, *OFFERED)),
        "include_values": True,
    }
    try:
        try:
            await graph.call("POST", app_id, "subscriptions", body=body)
        except CallFailed as failed:
            if _code_of_setting(failed) != "app_by_hand":
                raise
            # One field that an app may not have refuses them all.
            await graph.call("POST", app_id, "subscriptions", body={**body, "fields": ",".join(FIELDS)})
    except CallFailed as failed:
        raise CallFailed(_code_of_setting(failed), error=failed.error) from None


def _is_settled(found: _Subscription, addresses: Collection[str], *, replace_other: bool) -> bool:
    """Return whether nothing is to be set: all is right already, or the address is somebody else's."""
    if found.callback is None:
        return False
    if found.callback not in addresses:
        return not replace_other
    return found.active and found.fields.issuperset((*FIELDS, *OFFERED))


def _judged(found: _Subscription, addresses: Collection[str], *, from_phone: bool) -> Check:
    needed = (*FIELDS, *(PHONE_FIELDS if from_phone else ()))
    missing = [name for name in needed if name not in found.fields]
    facts: dict[str, Any] = {"callback": found.callback, "fields": missing}
    if MESSAGES in missing:
        return Check(ok=False, code="app_no_messages", facts=facts)
    if found.callback not in addresses:
        return Check(ok=True, code="app_other_callback", facts=facts)
    return Check(ok=True, code="app_fields_missing" if missing else "ok", facts=facts)


def _code(failed: CallFailed) -> str:
    # The "token" of these calls is made of the app's id and secret, and the id is Meta's own word.
    return "secret_wrong" if failed.code == "token_invalid" else failed.code


def _code_of_setting(failed: CallFailed) -> str:
    if failed.error is not None and failed.error.subcode == CALLBACK_REFUSED:
        return "callback_unreachable"
    return "app_by_hand" if failed.code in ("graph_error", "no_permission") else failed.code
