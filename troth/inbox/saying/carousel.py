"""Cards to swipe: pictures or films, each with the button of a page or with answers to tap.

Source: Meta, "Interactive media carousel messages" (read 2026-11-30): all cards show the same kind of file, and have buttons
of the same kind and number; a card with answers is of the type `cta_url` too.
"""

from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _
from msgspec import Struct

from troth.channels.contract import Content
from troth.inbox.files.places import card_slot
from troth.inbox.outbox import CannotSend
from troth.inbox.saying.said import Chosen, Said, chosen, interactive, is_address

CARD_KINDS = ("image", "video")
LABEL_CHARS_MAX = 20
_FILMS = (".mp4", ".3gp")


class Card(Struct, forbid_unknown_fields=True):
    """One card: a picture or film (`file`, the id of one that was chosen here, else its address `link`), words, a button that
    opens `url`, or up to two answers: `label` and `second`."""

    file: str = ""
    file_kind: str = ""
    link: str = ""
    text: str = ""
    label: str = ""
    url: str = ""
    second: str = ""

    @property
    def kind(self) -> str:
        """What it shows: of an address, what its ending says."""
        if self.file:
            return self.file_kind
        return "video" if urlsplit(self.link.strip()).path.lower().endswith(_FILMS) else "image"

    @property
    def answers(self) -> list[str]:
        return [title for title in (self.label.strip(), self.second.strip()) if title]


class Carousel(Said, tag="carousel"):
    """Two to ten cards side by side. `buttons` says what theirs do: "reply" answers, everything else opens a page."""

    buttons: str = ""
    cards: list[Card] = []

    def content(self) -> Content:
        cards = [self._card(number, one) for number, one in enumerate(self.cards)]
        if len({one.kind for one in self.cards}) > 1:
            raise CannotSend(_("All cards need a picture, or all a video: WhatsApp takes no mixture."))
        if self.buttons == "reply" and len({len(one.answers) for one in self.cards}) > 1:
            raise CannotSend(_("All cards need the same number of answers."))
        return interactive(self, {"action": {"cards": cards}})

    def files(self) -> dict[str, Chosen]:
        return {
            card_slot(n): chosen(one.file, one.file_kind, CARD_KINDS) for n, one in enumerate(self.cards) if one.file
        }

    def _card(self, number: int, card: Card) -> dict[str, Any]:
        if not card.file and not is_address(card.link):
            raise CannotSend(
                _("Each card needs a picture or a video: choose one, or give its address with https:// before it.")
            )
        body = {"body": {"text": card.text.strip()}} if card.text.strip() else {}
        return {
            "card_index": number,
            "type": "cta_url",
            "header": {"type": card.kind, card.kind: {} if card.file else {"link": card.link.strip()}},
            **body,
            "action": _answers(number, card) if self.buttons == "reply" else _page(card),
        }


def _page(card: Card) -> dict[str, Any]:
    if not is_address(card.url):
        raise CannotSend(_("Each card's button needs the address that it opens, with https:// before it."))
    if not card.label.strip() or len(card.label.strip()) > LABEL_CHARS_MAX:
        raise CannotSend(_("Each card's button needs words, at most 20 characters."))
    return {"name": "cta_url", "parameters": {"display_text": card.label.strip(), "url": card.url.strip()}}


def _answers(number: int, card: Card) -> dict[str, Any]:
    titles = card.answers
    if not titles or any(len(title) > LABEL_CHARS_MAX for title in titles):
        raise CannotSend(_("Each card's button needs words, at most 20 characters."))
    if len(set(titles)) != len(titles):
        raise CannotSend(_("The two answers of a card cannot be the same."))
    return {
        "buttons": [
            {"type": "quick_reply", "quick_reply": {"id": f"c{number + 1}b{n}", "title": title}}
            for n, title in enumerate(titles, 1)
        ]
    }
