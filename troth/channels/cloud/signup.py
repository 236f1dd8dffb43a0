"""Numbers that somebody gave our app access to on Meta's own page: from the code that Meta's page sends back to a token, and
from the token to what it reaches.

The page is opened by a link and comes back by a link; no script of Meta's runs in ours. So Meta's page cannot say which
account and number were chosen, and Meta is asked for all that the token reaches.
Source: Meta, "Embedded Signup", "Facebook Login for Business: manually build a login flow", "Onboarding WhatsApp Business
app users" (read 2026-11-29).
"""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from troth.channels.cloud.checks import (
    CONNECTED,
    NUMBER_FIELDS,
    PAGES_MAX,
    CallFailed,
    Check,
    Graph,
    check_token,
)
from troth.channels.cloud.wire.reading import identifier, is_true, items, piece, word
from troth.channels.cloud.words import _

MANAGING = "whatsapp_business_management"
ACCOUNTS_MAX = 20
SESSION_INFO_VERSION = "3"
FEATURES = {"signup": "", "phone": "whatsapp_business_app_onboarding"}
# What the sub-code of a refused exchange means: the code has run out, or it was used before, or the address differs.
CODE_OVER = (36007, 36009)
ADDRESS_DIFFERS = 36008

SIGNUP_CHECKS: dict[str, str] = {
    "code_over": _("Meta's answer has run out: it is good for half a minute, and for once. Begin again."),
    "address_differs": _(
        "Meta does not know the address that its page comes back to. Ask whoever runs this installation to enter it among "
        "the app's valid OAuth redirect URIs."
    ),
    "cancelled": _("You stopped at Meta, so nothing was connected. Begin again whenever you like."),
    "scopes_missing": _(
        "Not everything was allowed at Meta that connecting takes. Begin again, and allow both: to manage and to send."
    ),
    "number_taken": _(
        "This number is connected in another workspace. It has to be removed there before it can be connected here."
    ),
    "other_app": _("Meta's answer was for another app. Ask whoever runs this installation."),
    "nothing_granted": _(
        "You were at Meta, but no WhatsApp Business account was chosen there, so there is nothing to connect. Begin again "
        "and go on to the last step."
    ),
    "no_number": _(
        "The WhatsApp Business account is there, but it has no number yet. Begin again, choose the same account and add a "
        "number."
    ),
}


@dataclass(frozen=True)
class Found:
    """A number that a token reaches. `is_ready` is whether it is registered with the platform."""

    number_id: str
    account_id: str
    display_number: str
    verified_name: str
    on_phone_app: bool
    is_ready: bool


@dataclass(frozen=True)
class SignedUp:
    """What came of it. Where `check` is not ok, its code says why, and nothing else is set."""

    check: Check
    token: str = field(default="", repr=False)
    numbers: tuple[Found, ...] = ()


def dialog(base_url: str, version: str, *, app_id: str, config_id: str, back_url: str, state: str, way: str) -> str:
    """Return the address of Meta's page. `way` is "signup", or "phone" for a number that stays in the phone app."""
    extras = {"setup": {}, "featureType": FEATURES[way], "sessionInfoVersion": SESSION_INFO_VERSION}
    asked = {
        "client_id": app_id,
        "config_id": config_id,
        "redirect_uri": back_url,
        "state": state,
        "response_type": "code",
        "override_default_response_type": "true",
        "extras": json.dumps(extras, separators=(",", ":")),
    }
    return f"{base_url.rstrip('/')}/{version}/dialog/oauth?{urlencode(asked)}"


async def exchange(graph: Graph, *, app_id: str, app_secret: str, code: str, back_url: str) -> Check:
    """Exchange a code for a token; at most half a minute may have passed. `graph` speaks as the app. Facts: token."""
    try:
        answer = await graph.call(
            "GET",
            "oauth",
            "access_token",
            client_id=app_id,
            client_secret=app_secret,
            redirect_uri=back_url,
            code=code,
        )
    except CallFailed as failed:
        return failed.check(code=_code_of(failed))
    token = word(answer.get("access_token"), chars_max=1_024)
    return Check(ok=True, facts={"token": token}) if token else Check(ok=False, code="unreadable")


def _code_of(failed: CallFailed) -> str | None:
    subcode = failed.error.subcode if failed.error is not None else None
    if subcode in CODE_OVER:
        return "code_over"
    return "address_differs" if subcode == ADDRESS_DIFFERS else None


async def reached(graph: Graph, *, app_id: str, token: str) -> SignedUp:
    """Return the numbers that a new token reaches. Raises nothing that Meta or the network does."""
    check = await check_token(graph)
    if not check.ok:
        return SignedUp(check)
    if check.facts.get("app_id") != app_id:
        return SignedUp(Check(ok=False, code="other_app"))
    try:
        accounts = _accounts(await graph.debug_token(proven=True))
        if not accounts:
            return SignedUp(Check(ok=False, code="nothing_granted"))
        numbers = [number for account in accounts for number in await _numbers(graph, account)]
    except CallFailed as failed:
        return SignedUp(failed.check())
    if not numbers:
        return SignedUp(Check(ok=False, code="no_number"))
    return SignedUp(Check(ok=True), token, tuple(numbers))


def _accounts(data: dict[str, Any]) -> list[str]:
    """Return the accounts that were chosen, from what Meta says that the token may manage."""
    chosen = [
        account
        for grant in map(piece, items(data.get("granular_scopes")))
        if grant.get("scope") == MANAGING
        for account in map(identifier, items(grant.get("target_ids")))
        if account
    ]
    return list(dict.fromkeys(chosen))[:ACCOUNTS_MAX]


async def _numbers(graph: Graph, account_id: str) -> list[Found]:
    """Return the numbers of an account. Raises: CallFailed."""
    found: list[Found] = []
    after: str | None = None
    for _page in range(PAGES_MAX):
        answer = await graph.call("GET", account_id, "phone_numbers", fields=NUMBER_FIELDS, limit="100", after=after)
        found += [one for part in items(answer.get("data")) if (one := _found(piece(part), account_id)) is not None]
        paging = piece(answer.get("paging"))
        after = identifier(piece(paging.get("cursors")).get("after")) if paging.get("next") else None
        if after is None:
            break
    return found


def _found(number: dict[str, Any], account_id: str) -> Found | None:
    number_id = identifier(number.get("id"))
    if number_id is None:
        return None
    return Found(
        number_id=number_id,
        account_id=account_id,
        display_number=word(number.get("display_phone_number")) or "",
        verified_name=word(number.get("verified_name")) or "",
        on_phone_app=is_true(number.get("is_on_biz_app")),
        is_ready=word(number.get("status")) in (None, CONNECTED),
    )
