"""The products of a catalogue at Meta, to choose from.

Source: Meta, "Product Catalog: products" and "Product Item" (read 2026-11-30): a list that can be narrowed to the names in which
some words stand. It takes a permission of its own, `catalog_management`.
"""

from typing import Any

import msgspec
from msgspec import Struct

from troth.channels.cloud.checks import CallFailed, Check, Graph
from troth.channels.cloud.wire.reading import identifier, items, piece

FIELDS = "id,retailer_id,name,price,availability"
SHOWN_MAX = 50
ANSWER_BYTES_MAX = 1024 * 1024
CHARS_MAX = 200
GONE = ("out of stock", "discontinued")


class Product(Struct, frozen=True, kw_only=True):
    """A product: `id` is the one that the business gave it, and by which messages name it."""

    id: str
    name: str
    price: str = ""
    sold_out: bool = False


class Products(Struct, frozen=True, kw_only=True):
    """The first products that were found, by name. `more` is whether there are others."""

    check: Check
    found: tuple[Product, ...] = ()
    more: bool = False


async def products(graph: Graph, *, catalog_id: str, words: str = "") -> Products:
    """Return the first products of a catalogue, those in whose name these words stand where there are any. Raises nothing that
    Meta or the network does."""
    wanted = msgspec.json.encode({"name": {"i_contains": words}}).decode() if words else None
    try:
        answer = await graph.call(
            "GET",
            catalog_id,
            "products",
            fields=FIELDS,
            limit=str(SHOWN_MAX),
            filter=wanted,
            max_bytes=ANSWER_BYTES_MAX,
        )
    except CallFailed as failed:
        return Products(check=failed.check())
    found = [product for one in items(answer.get("data")) if (product := _product(piece(one))) is not None]
    listed = sorted(found[:SHOWN_MAX], key=lambda one: one.name.casefold())
    return Products(check=Check(ok=True), found=tuple(listed), more=bool(piece(answer.get("paging")).get("next")))


def _product(node: dict[str, Any]) -> Product | None:
    id, name = identifier(node.get("retailer_id")), node.get("name")
    if id is None:
        return None
    return Product(
        id=id,
        name=name.strip()[:CHARS_MAX] if isinstance(name, str) and name.strip() else id,
        price=price[:CHARS_MAX] if isinstance(price := node.get("price"), str) else "",
        sold_out=node.get("availability") in GONE,
    )
