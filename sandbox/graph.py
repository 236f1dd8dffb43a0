"""Which Graph API address does what. Objects are told apart by which store knows their id."""

import re

from sandbox import (
    access,
    catalogs,
    faces,
    flows,
    media_calls,
    numbers,
    phone_app,
    signup,
    subscriptions,
    template_calls,
    uploads,
    versions,
)
from sandbox.accounts import Account, Token
from sandbox.errors import GraphError, missing_object
from sandbox.http import Request, Response, answer
from sandbox.messages import messages, usage
from sandbox.nodes import ACCOUNT_DEFAULTS, NUMBER_DEFAULTS, account_node, chosen, number_node, paged
from sandbox.world import World

VERSIONED = re.compile(r"/v(\d+)\.\d+(/.*)")
OLDEST_VERSION, LATEST_VERSION = 20, 26


def without_version(path: str) -> str:
    """Return a path without its version.

    Raises: GraphError 2500 for a version that never was.
    """
    found = VERSIONED.fullmatch(path)
    versions.speak(int(found[1]) if found else LATEST_VERSION)
    if found is None:
        return path
    if not OLDEST_VERSION <= int(found[1]) <= max(LATEST_VERSION, versions.newest()):
        raise GraphError(2500, message=f"Unknown path components: /v{found[1]}.0", http=400)
    return found[2]


async def graph(world: World, request: Request, path: str) -> Response:
    """Answer one Graph API call.

    Raises: GraphError.
    """
    parts = path.strip("/").split("/")
    if parts == ["debug_token"] and request.method == "GET":
        return subscriptions.debug_token(world, request)
    if parts == ["oauth", "access_token"]:
        return signup.exchange(world, request)
    if parts[0].startswith("upload:"):
        return uploads.transfer(world, request, "/".join(parts))
    object_id, edge = parts[0], "/".join(parts[1:])
    if edge == "messages" and request.method == "POST":
        return await messages(world, request, object_id)
    if edge == "subscriptions" and object_id in world.apps:
        return await _app(world, request, object_id)
    if edge == "uploads":
        return uploads.begin(world, request, object_id)
    scope = access.MESSAGING if edge in {"media", "block_users"} else None
    token = access.check(world.tokens, request, scope=scope, now=world.now())
    response = await _object(world, request, token, object_id, edge)
    response.headers.append((b"x-business-use-case-usage", usage(token.account).encode()))
    return response


async def _object(world: World, request: Request, token: Token, object_id: str, edge: str) -> Response:
    token = _on_its_account(world, token, object_id)
    if object_id in world.numbers and world.numbers[object_id][0] is token.account:
        return await _number(world, request, token, object_id, edge)
    if object_id == token.account.id:
        return await _account(world, request, token, edge)
    if object_id in world.templates and world.templates[object_id][0] is token.account and not edge:
        return template_calls.one(world, request, token, world.templates[object_id][1])
    if edge == "products" and object_id == catalogs.id_of(token.account) and request.method == "GET":
        return catalogs.products(request, token, address=_address(world, request))
    if edge == "assets" and request.method == "GET":
        return flows.assets(world, token.account, object_id)
    if not edge and object_id.isdigit():
        return media_calls.one(world, request, token, object_id)
    if object_id == "me" and request.method == "GET" and not edge:
        return answer({"id": f"1220{token.account.id[-12:]}", "name": "Sandbox system user"})
    raise missing_object(object_id)


def _on_its_account(world: World, token: Token, object_id: str) -> Token:
    """Return the token as it works on the account that an object belongs to, where it reaches that."""
    found = world.accounts.get(object_id)
    for known in (world.numbers, world.templates):
        if object_id in known:
            found = known[object_id][0]
    return token.on(found) if found is not None and any(found is one for one in token.reach) else token


async def _app(world: World, request: Request, app_id: str) -> Response:
    app = subscriptions.app_of_token(world, request, app_id)
    if request.method == "POST":
        return await subscriptions.subscribe_app(world, request, app)
    if request.method == "DELETE":
        return subscriptions.unsubscribe_app(world, app)
    return subscriptions.subscriptions_of_app(app)


async def _number(world: World, request: Request, token: Token, number_id: str, edge: str) -> Response:
    account, number = world.numbers[number_id]
    world.use(number)
    what = (request.method, edge)
    if what == ("GET", ""):
        return numbers.read_number(account, number, request)
    if what == ("GET", "whatsapp_business_profile"):
        return numbers.read_profile(number, request)
    if what == ("GET", "settings"):
        return numbers.read_settings(number)
    if what == ("GET", "block_users"):
        return numbers.blocked(number, request, address=_address(world, request))
    if what in {("GET", "username"), ("GET", "username_suggestions")}:
        return faces.username(number, edge)
    if request.method == "GET" and edge.partition("/")[0] == "message_qrdls":
        return faces.links(number, request, edge.partition("/")[2])
    if what == ("POST", "media"):
        return media_calls.upload(world, request, number)
    if edge == "block_users" and request.method in {"POST", "DELETE"}:
        return numbers.change_blocks(world, request, account, number, block=request.method == "POST")
    _manages(token)
    if what == ("POST", ""):
        return await numbers.change_number(world, request, number)
    if what == ("POST", "settings"):
        return numbers.change_settings(world, request, number)
    if what == ("POST", "smb_app_data"):
        return phone_app.hand_over(world, request, account, number)
    if what == ("POST", "register"):
        return numbers.register(world, request, number)
    if what == ("POST", "deregister"):
        return numbers.deregister(world, number)
    if edge == "username" and request.method in {"POST", "DELETE"}:
        return faces.change_username(world, request, account, number)
    if edge.partition("/")[0] == "message_qrdls" and request.method in {"POST", "DELETE"}:
        return faces.change_links(world, request, number, edge.partition("/")[2])
    if what == ("POST", "whatsapp_business_profile"):
        return numbers.change_profile(world, request, number)
    raise _unsupported(request, edge)


async def _account(world: World, request: Request, token: Token, edge: str) -> Response:
    account = token.account
    _manages(token)
    what = (request.method, edge)
    if what == ("GET", ""):
        return answer(chosen(account_node(account), request.query.get("fields"), ACCOUNT_DEFAULTS))
    if what == ("GET", "phone_numbers"):
        return _phone_numbers(world, request, account)
    if what == ("POST", "subscribed_apps"):
        return await subscriptions.subscribe_account(world, request, account)
    if what == ("GET", "subscribed_apps"):
        return subscriptions.subscriptions_of_account(account)
    if what == ("DELETE", "subscribed_apps"):
        return subscriptions.unsubscribe_account(world, account)
    if edge == "message_templates":
        return template_calls.many(world, request, account, address=_address(world, request))
    if what == ("GET", "flows"):
        return flows.many(request, account, address=_address(world, request))
    if what in {("POST", "message_templates/archive"), ("POST", "message_templates/unarchive")}:
        return template_calls.archive(world, request, account, away=edge.endswith("/archive"))
    raise _unsupported(request, edge)


def _phone_numbers(world: World, request: Request, account: Account) -> Response:
    fields = request.query.get("fields")
    nodes = [chosen(number_node(account, number), fields, NUMBER_DEFAULTS) for number in account.numbers]
    return answer(paged(nodes, request.query, address=_address(world, request)))


def _manages(token: Token) -> None:
    if access.MANAGEMENT not in token.scopes:
        raise GraphError(200, message=f"(#200) Requires {access.MANAGEMENT} permission to manage the object")


def _address(world: World, request: Request) -> str:
    return f"{world.settings.own_url}{request.path}"


def _unsupported(request: Request, edge: str) -> GraphError:
    return GraphError(
        100, message=f"Unsupported {request.method.lower()} request. Unknown path components: /{edge}", subcode=33
    )
