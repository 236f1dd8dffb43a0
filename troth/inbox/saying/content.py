"""What a dialog of the composer sends, read strictly, as the contract's Content."""

import math
import re
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _
from msgspec import Struct

from troth.base.phones import NotAPhone, Phone
from troth.channels.contract import Content
from troth.inbox.files.places import card_slot
from troth.inbox.outbox import CannotSend

BYTES_MAX = 64 * 1024
_DEGREES = r"(-?[0-9]{1,3}(?:\.[0-9]+)?)"
# As maps write a place: "3.139, 101.687", "@3.139,101.687,17z", "q=3.139,101.687", "#map=16/3.139/101.687".
_PLACES = (
    re.compile(rf"[?&](?:q|ll|query|destination)=(?:loc:)?{_DEGREES}(?:,|%2C)\s*{_DEGREES}", re.IGNORECASE),
    re.compile(rf"mlat={_DEGREES}&mlon={_DEGREES}"),
    re.compile(rf"@{_DEGREES},{_DEGREES}"),
    re.compile(rf"#map=[0-9]+/{_DEGREES}/{_DEGREES}"),
    re.compile(rf"\A\s*(?:geo:)?{_DEGREES}\s*[,;\s]\s*{_DEGREES}\s*\Z"),
)


class _Said(Struct, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    text: str = ""


class Text(_Said, tag="text"):
    """Plain words; `preview` lets WhatsApp show the first address in them."""

    preview: bool = False

    def content(self) -> Content:
        return Content(kind="text", text=self.text.strip(), data={"preview_links": True} if self.preview else None)


class Choice(Struct, forbid_unknown_fields=True):
    """The words of one button."""

    title: str = ""


class Buttons(_Said, tag="button"):
    """Up to three answers to tap."""

    buttons: list[Choice] = []
    header: str = ""
    footer: str = ""

    def content(self) -> Content:
        titles = [one.title.strip() for one in self.buttons if one.title.strip()]
        return _interactive(self, {"buttons": [{"id": f"b{n}", "title": title} for n, title in enumerate(titles, 1)]})


class Row(Struct, forbid_unknown_fields=True):
    """One line of a list. Rows with one `section` stand under it together."""

    title: str = ""
    description: str = ""
    section: str = ""


class Listed(_Said, tag="list"):
    """A list that opens over the conversation."""

    label: str = ""
    rows: list[Row] = []
    header: str = ""
    footer: str = ""

    def content(self) -> Content:
        sections: dict[str, list[dict[str, str]]] = {}
        for number, row in enumerate((one for one in self.rows if one.title.strip()), 1):
            line = {"id": f"r{number}", "title": row.title.strip()}
            line |= {"description": row.description.strip()} if row.description.strip() else {}
            sections.setdefault(row.section.strip(), []).append(line)
        listed = [{"title": title, "rows": rows} if title else {"rows": rows} for title, rows in sections.items()]
        return _interactive(self, {"label": self.label.strip(), "sections": listed})


class LinkButton(_Said, tag="cta_url"):
    """A button that opens an address."""

    label: str = ""
    url: str = ""
    header: str = ""
    footer: str = ""

    def content(self) -> Content:
        return _interactive(self, {"label": self.label.strip(), "url": self.url.strip()})


class Given(Struct, forbid_unknown_fields=True):
    """A value with which a form is opened: `kind` is string, number or boolean."""

    name: str = ""
    kind: str = "string"
    value: str = ""

    def typed(self) -> str | float | bool:
        """Return the value as what it is. Raises: CannotSend."""
        said = self.value.strip()
        if self.kind == "boolean":
            return said == "true"
        if self.kind != "number":
            return said
        try:
            number = float(said)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise CannotSend(_("%(name)s has to be a number.") % {"name": self.name})
        return int(number) if number.is_integer() else number


class FlowForm(_Said, tag="flow"):
    """A button that opens a form (Flow) of the business: at a `screen` with `values`, or, where it asks the business for its
    data (`asks_us`), wherever that says."""

    label: str = ""
    flow_id: str = ""
    header: str = ""
    footer: str = ""
    asks_us: str = ""
    screen: str = ""
    values: list[Given] = []

    def content(self) -> Content:
        if not self.flow_id.strip():
            raise CannotSend(_("Choose the form that the button opens."))
        data: dict[str, Any] = {"label": self.label.strip(), "flow_id": self.flow_id.strip(), "token": "unused"}
        values = {one.name: one.typed() for one in self.values if one.name and one.value.strip()}
        if self.asks_us:
            data |= {"action": "data_exchange"}
        elif self.screen.strip() and values:
            data |= {"action": "navigate", "screen": self.screen.strip(), "values": values}
        return _interactive(self, data)


class Card(Struct, forbid_unknown_fields=True):
    """One card to swipe: a picture (`file`, the id of one that was chosen here, else its address), words, a button."""

    file: str = ""
    image: str = ""
    text: str = ""
    label: str = ""
    url: str = ""


class Carousel(_Said, tag="carousel"):
    """Two to ten cards side by side."""

    cards: list[Card] = []

    def content(self) -> Content:
        return _interactive(self, {"action": {"cards": [self._card(n, one) for n, one in enumerate(self.cards)]}})

    def files(self) -> dict[str, UUID]:
        """Return the ids of the chosen pictures by their places. Raises: ValueError."""
        return {card_slot(n): UUID(one.file) for n, one in enumerate(self.cards) if one.file}

    def _card(self, number: int, card: Card) -> dict[str, Any]:
        if not card.file and not _is_address(card.image):
            raise CannotSend(_("Each card needs a picture: choose one, or give its address with https:// before it."))
        if not _is_address(card.url):
            raise CannotSend(_("Each card's button needs the address that it opens, with https:// before it."))
        if not card.label.strip() or len(card.label.strip()) > 20:
            raise CannotSend(_("Each card's button needs words, at most 20 characters."))
        parameters = {"display_text": card.label.strip(), "url": card.url.strip()}
        body = {"body": {"text": card.text.strip()}} if card.text.strip() else {}
        return {
            "card_index": number,
            "type": "cta_url",
            "header": {"type": "image", "image": {} if card.file else {"link": card.image.strip()}},
            **body,
            "action": {"name": "cta_url", "parameters": parameters},
        }


class _OfCatalog(_Said):
    """Something out of the catalogue that is linked to the number."""

    catalog_id: str = ""

    def action(self) -> dict[str, Any]:
        return {"catalog_id": self.catalog_id}


class Product(_OfCatalog, tag="product"):
    """One product."""

    product: str = ""

    def content(self) -> Content:
        return _interactive(self, {"action": {**self.action(), "product_retailer_id": _filled(self.product)}})


class Products(_OfCatalog, tag="product_list"):
    """Several products, as a list that opens."""

    header: str = ""
    products: list[Choice] = []

    def content(self) -> Content:
        if not self.header.strip():
            raise CannotSend(_("A list of products needs a heading."))
        items = [{"product_retailer_id": one.title.strip()} for one in self.products if one.title.strip()]
        section = {"title": self.header.strip()[:24], "product_items": items}
        return _interactive(self, {"action": {**self.action(), "sections": [section]}})


class Catalog(_OfCatalog, tag="catalog_message"):
    """A button that opens the whole catalogue."""

    product: str = ""

    def content(self) -> Content:
        picture = (
            {"parameters": {"thumbnail_product_retailer_id": self.product.strip()}} if self.product.strip() else {}
        )
        return _interactive(self, {"action": {"name": "catalog_message", **picture}})


class AskPlace(_Said, tag="location_request_message"):
    """Asks where somebody is."""

    def content(self) -> Content:
        return _interactive(self, {})


class AskContact(_Said, tag="request_contact_info"):
    """Asks for somebody's phone number."""

    def content(self) -> Content:
        return _interactive(self, {})


class Place(_Said, tag="location"):
    """A place, as coordinates or an address of a map."""

    place: str = ""
    name: str = ""
    address: str = ""

    def content(self) -> Content:
        latitude, longitude = _place(self.place)
        labels = {
            key: value.strip() for key, value in (("name", self.name), ("address", self.address)) if value.strip()
        }
        return Content(kind="location", data={"latitude": latitude, "longitude": longitude, **labels})


class Contact(_Said, tag="contacts"):
    """A contact card."""

    name: str = ""
    phone: str = ""
    email: str = ""
    org: str = ""
    title: str = ""
    url: str = ""
    address: str = ""

    def content(self) -> Content:
        card: dict[str, Any] = {"name": self.name.strip(), "phones": [], "emails": []}
        if self.phone.strip():
            card["phones"] = [_phone(self.phone)]
        if self.email.strip():
            card["emails"] = [self.email.strip()]
        card |= {key: said for key, said in (("org", self.org.strip()), ("title", self.title.strip())) if said}
        if self.url.strip():
            if not _is_address(self.url):
                raise CannotSend(_("The website needs its whole address, with https:// before it."))
            card["urls"] = [self.url.strip()]
        if self.address.strip():
            card["addresses"] = [{"street": self.address.strip(), "type": "WORK"}]
        if not card["name"]:
            raise CannotSend(_("A contact card needs a name."))
        if not card["phones"] and not card["emails"]:
            raise CannotSend(_("A contact card needs a phone number or an e-mail address."))
        return Content(kind="contacts", data={"cards": [card]})


Said = (
    Text
    | Buttons
    | Listed
    | LinkButton
    | FlowForm
    | Carousel
    | Product
    | Products
    | Catalog
    | AskPlace
    | AskContact
    | Place
    | Contact
)


def content_of(written: str, *, catalog_id: str = "") -> Content:
    """Return what a dialog's JSON says. Products are of the catalogue that is linked to the number. Raises: CannotSend."""
    said = _read(written)
    if isinstance(said, _OfCatalog):
        if not catalog_id:
            raise CannotSend(_("No catalogue is linked to this number. An admin can do that on the number's page."))
        said.catalog_id = catalog_id
    content: Content = said.content()
    return content


def files_of(written: str) -> dict[str, UUID]:
    """Return the ids of the files that a dialog's JSON names, by their places in the message. Raises: CannotSend."""
    said = _read(written)
    try:
        return said.files() if isinstance(said, Carousel) else {}
    except ValueError:
        raise CannotSend(_("The message was not understood. Reload the page and try again.")) from None


def _read(written: str) -> Any:
    try:
        if len(written) > BYTES_MAX:
            raise msgspec.DecodeError
        return msgspec.json.decode(written.encode(), type=Said)
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise CannotSend(_("The message was not understood. Reload the page and try again.")) from None


def _is_address(written: str) -> bool:
    return written.strip().startswith(("https://", "http://"))


def _interactive(said: Any, data: dict[str, Any]) -> Content:
    header, footer = getattr(said, "header", "").strip(), getattr(said, "footer", "").strip()
    parts: dict[str, Any] = {"type": said.__struct_config__.tag, **data}
    parts |= {"header": {"type": "text", "text": header}} if header else {}
    parts |= {"footer": footer} if footer else {}
    return Content(kind="interactive", text=said.text.strip(), data=parts)


def _filled(written: str) -> str:
    if not written.strip():
        raise CannotSend(_("Say which product: the id that it has in your catalogue."))
    return written.strip()


def _place(written: str) -> tuple[float, float]:
    for pattern in _PLACES:
        if found := pattern.search(written):
            return float(found[1]), float(found[2])
    raise CannotSend(
        _("Give the place as coordinates, such as 3.139, 101.687, or paste the link of a map that holds them.")
    )


def _phone(written: str) -> dict[str, str]:
    try:
        phone = Phone.parse(written)
    except NotAPhone as problem:
        raise CannotSend(_(str(problem))) from None
    return {"phone": phone.display(), "type": "CELL", "wa_id": phone.wa_id}
