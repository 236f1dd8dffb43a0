"""Catalogues: the products of one, for tokens that may read it."""

from typing import Any

import msgspec

from sandbox.access import CATALOGS
from sandbox.accounts import Account, Token
from sandbox.errors import GraphError
from sandbox.http import Request, Response, answer
from sandbox.nodes import chosen, paged

DEFAULTS = ("id", "name", "retailer_id")
PRODUCTS: tuple[tuple[str, str, str, str], ...] = (
    ("cup-20", "Cup of clay, 20 cl", "RM 24.00", "in stock"),
    ("cup-30", "Cup of clay, 30 cl", "RM 29.00", "out of stock"),
    ("beans-dark", "Dark beans, 500 g", "RM 38.00", "in stock"),
    ("beans-light", "Light beans, 500 g", "RM 36.00", "in stock"),
)
BEHIND = 56  # and as many again as fill more than a page


def id_of(account: Account) -> str:
    """Return the id of an account's catalogue."""
    return f"88{account.id[-12:]}"


def products(request: Request, token: Token, *, address: str) -> Response:
    """`GET /{CATALOG_ID}/products`, narrowed by `filter` to names that hold some words.

    Raises: GraphError 10 for a token without the permission, 100 for a filter that is none.
    """
    if CATALOGS not in token.scopes:
        raise GraphError(10, message=f"(#10) Application does not have permission for this action: {CATALOGS}")
    wanted = _wanted(request.query.get("filter"))
    nodes = [node for node in _nodes(token.account) if wanted in str(node["name"]).casefold()]
    found = [chosen(node, request.query.get("fields"), DEFAULTS) for node in nodes]
    return answer(paged(found, request.query, address=address))


def _nodes(account: Account) -> list[dict[str, Any]]:
    more = tuple((f"tin-{n:02}", f"Tin of tea no. {n:02}", f"RM {10 + n}.00", "in stock") for n in range(1, BEHIND + 1))
    return [
        {"id": f"{id_of(account)}{at:03}", "retailer_id": id, "name": name, "price": price, "availability": stock}
        for at, (id, name, price, stock) in enumerate((*PRODUCTS, *more))
    ]


def _wanted(written: str | None) -> str:
    if not written:
        return ""
    try:
        return str(msgspec.json.decode(written)["name"]["i_contains"]).casefold()
    except (msgspec.DecodeError, KeyError, TypeError):
        raise GraphError(100, message="(#100) Param filter is not a filter of products") from None
