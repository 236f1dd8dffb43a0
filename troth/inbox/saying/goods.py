"""What comes out of the catalogue that is linked to a number."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from msgspec import Struct

from troth.channels.contract import Content
from troth.inbox.outbox import CannotSend
from troth.inbox.saying.said import Framed, interactive

SECTION_TITLE_CHARS_MAX = 24


class Item(Struct, forbid_unknown_fields=True):
    """A product by its id in the catalogue, under the heading of a group, with the `name` that was read there, if any."""

    product: str = ""
    section: str = ""
    name: str = ""


class OfCatalog(Framed):
    """Something out of the catalogue that is linked to the number."""

    catalog_id: str = ""

    def action(self) -> dict[str, Any]:
        return {"catalog_id": self.catalog_id}


class Product(OfCatalog, tag="product"):
    """One product."""

    product: str = ""
    name: str = ""

    def content(self) -> Content:
        item = Item(product=_filled(self.product), name=self.name)
        action = {**self.action(), "product_retailer_id": item.product}
        return interactive(self, {"action": action, **_named([item])})


class Products(OfCatalog, tag="product_list"):
    """Several products in a list that opens, in groups with a heading each."""

    products: list[Item] = []

    def content(self) -> Content:
        if not self.header.strip():
            raise CannotSend(_("A list of products needs a heading."))
        items = [one for one in self.products if one.product.strip()]
        sections: dict[str, list[dict[str, str]]] = {}
        for one in items:
            line = {"product_retailer_id": one.product.strip()}
            sections.setdefault(one.section.strip(), []).append(line)
        if len(sections) > 1 and "" in sections:
            raise CannotSend(_("With several groups, each product needs the heading of its group."))
        whole = self.header.strip()[:SECTION_TITLE_CHARS_MAX]
        listed = [{"title": title or whole, "product_items": lines} for title, lines in sections.items()]
        return interactive(self, {"action": {**self.action(), "sections": listed}, **_named(items)})


class ProductCards(OfCatalog, tag="product_carousel"):
    """Two to ten products side by side, as cards to swipe."""

    products: list[Item] = []

    def content(self) -> Content:
        items = [one for one in self.products if one.product.strip()]
        cards = [
            {
                "card_index": number,
                "type": "product",
                "action": {"product_retailer_id": one.product.strip(), **self.action()},
            }
            for number, one in enumerate(items)
        ]
        data = {"type": "carousel", "action": {"cards": cards}, **_named(items)}
        return Content(kind="interactive", text=self.text.strip(), data=data)


class Catalog(OfCatalog, tag="catalog_message"):
    """A button that opens the whole catalogue."""

    product: str = ""
    name: str = ""

    def content(self) -> Content:
        product = self.product.strip()
        picture = {"parameters": {"thumbnail_product_retailer_id": product}} if product else {}
        return interactive(self, {"action": {"name": "catalog_message", **picture}})


def _named(items: Iterable[Item]) -> dict[str, Any]:
    """Return what products are called, for our own screens: it is kept here and never sent."""
    names = {one.product.strip(): one.name.strip() for one in items if one.name.strip()}
    return {"names": names} if names else {}


def _filled(written: str) -> str:
    if not written.strip():
        raise CannotSend(_("Say which product: the id that it has in your catalogue."))
    return written.strip()
