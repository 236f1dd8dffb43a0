"""The catalogue that is linked to a number, at its provider."""

import asyncio

from troth.channels.cloud.catalog import Products, products
from troth.channels.cloud.checks import Check
from troth.channels.link import Link
from troth.channels.registry.asking import managing


def catalog_products(link: Link, *, catalog_id: str, words: str) -> Products:
    """Return products of a catalogue to choose from. Waits as `ask` does."""
    asked = managing(link, lambda graph: products(graph, catalog_id=catalog_id, words=words))
    return asyncio.run(asked) or Products(check=Check(ok=False, code="no_answer"))
