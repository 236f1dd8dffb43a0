"""Meta's hosted page for connecting a number, and the exchange of the code that it sends back.

Source: Meta, "Embedded Signup", "Facebook Login for Business: manually build a login flow" (as digested in the project's
reference on 2026-11-22). One page stands for the many of the real one: which accounts, how it ends.
"""

import hmac
import html
import json
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from sandbox.accounts import Account, App, Number, Token
from sandbox.errors import GraphError
from sandbox.http import Request, Response, answer
from sandbox.post import NotLoopback, check_loopback
from sandbox.world import World

PATHS = ("/dialog/oauth", "/dialog/oauth/done")
CODE_GOOD_FOR_S = 30
CODE_OVER, ADDRESS_DIFFERS, CODE_USED = 36007, 36008, 36009
FEATURES = {"", "whatsapp_business_app_onboarding"}
POLICY = b"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
ASKED = ("client_id", "config_id", "redirect_uri", "state", "response_type", "override_default_response_type", "extras")


class NoDialog(Exception):
    """The page cannot be shown; the message says why, as Meta's would."""


@dataclass(slots=True)
class Code:
    """A code on its way back: for which app and accounts, to which address, from when."""

    app: App
    accounts: tuple[Account, ...]
    address: str
    at: int
    used: bool = False


def serves(path: str) -> bool:
    """Return whether a path, without its version, is one of the page's."""
    return path in PATHS


def serve(world: World, request: Request, path: str) -> Response:
    """Show the page, or send the person back from it."""
    try:
        app, feature = _checked(world, request)
        return _page(world, request, app, feature) if path == PATHS[0] else _done(world, request, app, feature)
    except NoDialog as trouble:
        return _html(f"<h1>Sorry, something went wrong</h1><p>{html.escape(str(trouble))}</p>", status=400)


def _checked(world: World, request: Request) -> tuple[App, str]:
    """Return the app that asks and the flow that it asks for. Raises: NoDialog."""
    asked = request.query
    app = world.apps.get(asked.get("client_id", ""))
    if app is None:
        raise NoDialog("Invalid App ID")
    if not asked.get("config_id", "").isdigit():
        raise NoDialog("The configuration does not belong to the app")
    if asked.get("response_type") != "code" or asked.get("override_default_response_type") != "true":
        raise NoDialog("This configuration only gives codes")
    try:
        check_loopback(asked.get("redirect_uri", ""))
        extras = json.loads(asked.get("extras", ""))
        feature = extras["featureType"]
    except (NotLoopback, ValueError, KeyError, TypeError) as trouble:
        raise NoDialog("URL blocked, or the extras are not valid") from trouble
    if feature not in FEATURES or extras.get("sessionInfoVersion") != "3" or not isinstance(extras.get("setup"), dict):
        raise NoDialog("The extras are not valid")
    return app, feature


def _offered(world: World, app: App, feature: str) -> list[tuple[Account, list[Number]]]:
    """Return the app's accounts with what of their numbers this flow is about."""
    phones = feature == "whatsapp_business_app_onboarding"
    accounts = [one for one in world.accounts.values() if one.app is app]
    listed = [(one, [number for number in one.numbers if bool(number.phone) is phones]) for one in accounts]
    return [(account, numbers) for account, numbers in listed if numbers or not phones]


def _page(world: World, request: Request, app: App, feature: str) -> Response:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(request.query.get(name, ""))}">' for name in ASKED
    )
    lines = "".join(
        f'<p><label><input type="checkbox" name="account" value="{account.id}"> {html.escape(account.name)}: '
        f"{html.escape(', '.join(number.display for number in numbers) or 'no number yet')}</label></p>"
        for account, numbers in _offered(world, app, feature)
    )
    title = "Connect the WhatsApp Business app" if feature else "Connect a WhatsApp number"
    return _html(
        f"<h1>{title}</h1><p>{html.escape(app.name)} asks to manage and to send for:</p>"
        f'<form method="get" action="{html.escape(request.path.rstrip("/"))}/done">{hidden}{lines}'
        '<p><button name="end" value="finish">Continue</button> <button name="end" value="cancel">Cancel</button>'
        ' <button name="end" value="slow">Continue, and dawdle</button></p></form>'
    )


def _done(world: World, request: Request, app: App, feature: str) -> Response:
    asked, end = request.query, request.query.get("end")
    if end == "cancel":
        words = {"error": "access_denied", "error_code": "200", "error_description": "Permissions error"}
        return _away(asked["redirect_uri"], {**words, "error_reason": "user_denied", "state": asked.get("state", "")})
    chosen = set(request.values("account"))
    offered = [(account, numbers) for account, numbers in _offered(world, app, feature) if account.id in chosen]
    for _account, numbers in offered:
        for number in numbers:
            if feature and number.phone is not None:
                number.phone.shared_at, number.phone.synced = world.now(), []
    code = "AQ" + world.mint.hexadecimal(80)
    at = world.now() - (CODE_GOOD_FOR_S + 1 if end == "slow" else 0)
    world.codes[code] = Code(app, tuple(account for account, _ in offered), asked["redirect_uri"], at)
    world.changed()
    return _away(asked["redirect_uri"], {"code": code, "state": asked.get("state", "")})


def exchange(world: World, request: Request) -> Response:
    """`GET /oauth/access_token`: a token for a code, once, within half a minute."""
    asked = request.parameters
    app = world.apps.get(str(asked.get("client_id")))
    if app is None or not hmac.compare_digest(app.secret.encode(), str(asked.get("client_secret")).encode()):
        raise GraphError(1, message="Error validating client secret.")
    code = world.codes.get(str(asked.get("code")))
    if code is None or code.app is not app:
        raise GraphError(100, message="Invalid verification code format.", subcode=CODE_USED)
    if code.address != asked.get("redirect_uri"):
        raise GraphError(100, message="Error validating verification code.", subcode=ADDRESS_DIFFERS)
    if code.used:
        raise GraphError(100, message="This authorization code has been used.", subcode=CODE_USED)
    code.used = True
    if world.now() - code.at > CODE_GOOD_FOR_S:
        raise GraphError(100, message="This authorization code has expired.", subcode=CODE_OVER)
    token = "EAA" + world.mint.hexadecimal(96)
    first, *others = code.accounts or (
        Account("", "", "", app, behaviour=next(iter(world.accounts.values())).behaviour),
    )
    world.tokens[token] = Token(token, first, tuple(others), issued_at=world.now())
    return answer({"access_token": token, "token_type": "bearer"})


def _away(address: str, words: dict[str, str]) -> Response:
    parts = urlsplit(address)
    target = urlunsplit(parts._replace(query=urlencode(words)))
    return Response(b"", status=302, headers=[(b"location", target.encode()), (b"cache-control", b"no-store")])


def _html(body: str, *, status: int = 200) -> Response:
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Sandbox of Meta</title>'
    head += '<link rel="stylesheet" href="/static/page.css"><main>'
    headers = [(b"content-security-policy", POLICY), (b"cache-control", b"no-store")]
    whole = f"{head}{body}</main></html>".encode()
    return Response(whole, status=status, content_type=b"text/html; charset=utf-8", headers=headers)
