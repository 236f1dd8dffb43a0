"""The parts of a bubble beside its words: what we offered to tap on, what a customer chose, filled in or ordered."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast
from uuid import UUID

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from troth.contacts.masking import Veil
from troth.inbox.files.places import HEADER, card_slot
from troth.inbox.models import Direction, Message
from troth.inbox.screens.offers import Shown, dict_of, dicts, offered

MEDIA_ABOVE = ("image", "video", "document")  # what may stand above something to tap on
ANSWERS_MAX = 60
ANSWER_CHARS_MAX = 2_000
Files = Mapping[str, Shown]  # what a bubble shows of a message's files, by their places in it


def pieces_of(kind: str, direction: str, data: dict[str, Any], veil: Veil, files: Files) -> Shown:
    """Return the parts of a message by name; each is empty where the message has none."""
    shown = _pieces(kind, direction, data, veil)
    shown = shown if veil.is_open else cast("Shown", veiled(shown, veil))
    for number, card in enumerate(shown.get("cards") or []):
        card["file"] = files.get(card_slot(number))
    if media := shown.get("media"):
        media["file"] = files.get(HEADER)
        media["size"] = (media["file"] or {}).get("size")
    return shown


def occasion_of(content: Mapping[str, Any], veil: Veil) -> Shown:
    """Return what led somebody to write: an advertisement or post of ours, a product; empty where nothing did."""
    occasion = dict_of(content.get("occasion"))
    ad, product = dict_of(occasion.get("ad")), dict_of(occasion.get("product"))
    shown: Shown = {}
    if ad:
        shown["ad"] = {
            "label": _("From a post of yours") if ad.get("kind") == "post" else _("From an advertisement"),
            "title": str(ad.get("title") or ""),
            "text": str(ad.get("text") or ad.get("greeting") or ""),
            "url": str(ad.get("url") or ""),
        }
    if product:
        shown["product"] = str(product.get("id") or "")
    return cast("Shown", veiled(shown, veil))


def with_files(look: Any, files: Files) -> Any:
    """Return what a template of ours said with the files that it showed."""
    if not isinstance(look, dict) or not files:
        return look
    made = _with_file(look, files.get(HEADER))
    if cards := look.get("cards"):
        made["cards"] = [_with_file(card, files.get(card_slot(number))) for number, card in enumerate(cards)]
    return made


def _with_file(part: Shown, file: Shown | None) -> Shown:
    return {**part, "header": {**part["header"], "file": file}} if file and part.get("header") else {**part}


def veiled(shown: Any, veil: Veil) -> Any:
    """Return parts with the words in them as the reader may see them."""
    if isinstance(shown, str):
        return veil.said(shown)
    if isinstance(shown, list):
        return [veiled(one, veil) for one in shown]
    if isinstance(shown, dict):
        return {key: veiled(one, veil) for key, one in shown.items()}
    return shown


def _pieces(kind: str, direction: str, data: dict[str, Any], veil: Veil) -> Shown:
    if kind == "order":
        return {"order": _order(data)}
    if kind != "interactive":
        return {}
    if direction == Direction.IN and data.get("type") == "call_permission_reply":
        return {"description": _may_call(dict_of(data.get("answer")))}
    if direction == Direction.IN:
        return {
            "answers": _answers(data.get("answer"), veil),
            "description": veil.said(str(data.get("description") or "")),
        }
    header = dict_of(data.get("header"))
    shown: Shown = {"header": str(header.get("text") or ""), "footer": str(data.get("footer") or "")}
    if header.get("type") in MEDIA_ABOVE:
        shown["media"] = {"kind": header["type"], "name": str(header.get("name") or "")}
    return shown | offered(str(data.get("type") or ""), data)


def _may_call(answer: dict[str, Any]) -> str:
    return _("You may call this person.") if answer.get("response") == "accept" else _("This person wants no calls.")


def _answers(answer: Any, veil: Veil) -> list[Shown]:
    """Return what was filled into a form, as labels with values. Forms name their fields as they like."""
    if answer is None:
        return []
    if not isinstance(answer, dict):
        return [{"label": "", "value": veil.any(_value(answer))}]
    return [
        {"label": str(key).replace("_", " ").strip(), "value": veil.any(_value(value))}
        for key, value in list(answer.items())[:ANSWERS_MAX]
        if key != "flow_token"
    ]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(_value(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_value(one)}" for key, one in value.items())
    return str("—" if value is None or value == "" else value)[:ANSWER_CHARS_MAX]


def _order(data: dict[str, Any]) -> Shown:
    """Return the lines of an order and its totals, one for each currency."""
    lines, totals = [], dict[str, Decimal]()
    for item in dicts(data.get("items")):
        quantity, price = _decimal(item.get("quantity")) or Decimal(1), _decimal(item.get("price"))
        currency = str(item.get("currency") or "")
        sum_ = price * quantity if price is not None else None
        if sum_ is not None:
            totals[currency] = totals.get(currency, Decimal(0)) + sum_
        lines.append(
            {
                "product": str(item.get("retailer_id") or _("Product")),
                "quantity": f"{quantity.normalize():f}",
                "sum": _money(sum_, currency),
            }
        )
    return {"lines": lines, "totals": [_money(total, currency) for currency, total in totals.items()]}


def _decimal(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < 10**12 else None


def _money(value: Decimal | None, currency: str) -> str:
    return "" if value is None else f"{currency} {number_format(value, decimal_pos=2, use_l10n=True)}".strip()


def acts_of(message: Message, *, can_write: bool, can_forward: bool) -> dict[str, bool]:
    """Return what can be done with a message."""
    known = message.external_hash is not None and message.revoked_at is None
    writes = can_write and message.kind != "system"
    return {"reply": writes and known, "react": writes and known, "forward": writes and can_forward}


def map_url(latitude: Any, longitude: Any) -> str:
    """Return the address of a map of a place, to be opened by whoever wants to."""
    return f"https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"


def card_url(handle: str, conversation_id: UUID, message_id: UUID, number: int) -> str:
    """Return the address at which a contact card is saved."""
    return reverse("card", args=[handle, conversation_id, message_id, number])
