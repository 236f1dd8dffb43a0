"""What somebody had before their eyes when they wrote: an advertisement or post of ours, or one of our products.

The click's own id (ctwa_clid) is not kept: nothing here is told to Meta about who became a customer.
Source: Meta, "Messages webhook reference", referral and context.referred_product (read 2026-11-29).
"""

from typing import Any

from troth.channels.cloud.wire.contents import URL_CHARS_MAX
from troth.channels.cloud.wire.reading import identifier, piece, word
from troth.channels.contract import Raw

WORDS_CHARS_MAX = 1_024


def occasion(referral: Any, context: Any) -> Raw | None:
    """Return it in the contract's words, or None where somebody wrote by themselves."""
    found = {"ad": _ad(piece(referral)), "product": _product(piece(piece(context).get("referred_product")))}
    return {name: part for name, part in found.items() if part} or None


def _ad(part: Raw) -> Raw:
    address = word(part.get("source_url"), chars_max=URL_CHARS_MAX)
    return _known(
        kind=(word(part.get("source_type")) or "").lower() or None,
        id=identifier(part.get("source_id")),
        title=word(part.get("headline"), chars_max=WORDS_CHARS_MAX),
        text=word(part.get("body"), chars_max=WORDS_CHARS_MAX),
        greeting=word(piece(part.get("welcome_message")).get("text"), chars_max=WORDS_CHARS_MAX),
        url=address if address and address.startswith("https://") else None,
        ref=word(part.get("ref"), chars_max=WORDS_CHARS_MAX),
    )


def _product(part: Raw) -> Raw:
    return _known(id=identifier(part.get("product_retailer_id")), catalog_id=identifier(part.get("catalog_id")))


def _known(**facts: str | None) -> Raw:
    return {name: fact for name, fact in facts.items() if fact}
