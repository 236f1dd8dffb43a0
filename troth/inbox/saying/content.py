"""What a dialog of the composer sends, read strictly, as the contract's Content."""

from typing import Any

import msgspec
from django.utils.translation import gettext as _

from troth.channels.contract import Content
from troth.inbox.outbox import CannotSend
from troth.inbox.saying.asking import AskAddress, AskContact, AskPlace, AskToCall, CallButton
from troth.inbox.saying.carousel import Carousel
from troth.inbox.saying.flow_forms import FlowForm
from troth.inbox.saying.goods import Catalog, OfCatalog, Product, ProductCards, Products
from troth.inbox.saying.orders import OrderStatus
from troth.inbox.saying.person_cards import Contacts
from troth.inbox.saying.places import Place
from troth.inbox.saying.said import Chosen, Said
from troth.inbox.saying.tapped import Buttons, LinkButton, Listed

BYTES_MAX = 64 * 1024


class Text(Said, tag="text"):
    """Plain words; `preview` lets WhatsApp show the first address in them."""

    preview: bool = False

    def content(self) -> Content:
        return Content(kind="text", text=self.text.strip(), data={"preview_links": True} if self.preview else None)


AnySaid = (
    Text
    | Buttons
    | Listed
    | LinkButton
    | FlowForm
    | Carousel
    | Product
    | Products
    | ProductCards
    | Catalog
    | AskPlace
    | AskContact
    | AskAddress
    | AskToCall
    | CallButton
    | OrderStatus
    | Place
    | Contacts
)


def content_of(written: str, *, catalog_id: str = "") -> Content:
    """Return what a dialog's JSON says. Products are of the catalogue that is linked to the number. Raises: CannotSend."""
    said = _read(written)
    if isinstance(said, OfCatalog):
        if not catalog_id:
            raise CannotSend(_("No catalogue is linked to this number. An admin can do that on the number's page."))
        said.catalog_id = catalog_id
    content: Content = said.content()
    return content


def files_of(written: str) -> dict[str, Chosen]:
    """Return the files that a dialog's JSON names, by their places in the message. Raises: CannotSend."""
    said: Said = _read(written)
    try:
        return said.files()
    except ValueError:
        raise CannotSend(_("The message was not understood. Reload the page and try again.")) from None


def _read(written: str) -> Any:
    try:
        if len(written) > BYTES_MAX:
            raise msgspec.DecodeError
        return msgspec.json.decode(written.encode(), type=AnySaid)
    except (msgspec.DecodeError, UnicodeEncodeError):
        raise CannotSend(_("The message was not understood. Reload the page and try again.")) from None
