"""The samples of headers' files, as far as they can be handed in again.

Meta tells of a sample by an address of its own and takes only the handle of an upload. The handle of what was uploaded here
is kept beside what Meta tells later, for as long as both are the same template.
"""

from typing import Any

from troth.channels.definition.reading import (
    Part,
    buttons_of,
    cards_of,
    format_of,
    part_of,
    parts_of,
    sample_of,
    text_of,
    type_of,
)


def with_samples(told: Any, known: Any) -> Any:
    """Return a definition as Meta tells it, with the handles of the samples that are known of the same one."""
    if not isinstance(told, list) or _shape(told) != _shape(known):
        return told
    cards = iter(cards_of(known))
    return [_with_cards(part, cards) if type_of(part) == "CAROUSEL" else _with_sample(part, known) for part in told]


def _with_cards(carousel: Part, known: Any) -> Part:
    cards = [
        {**card, "components": [_with_sample(part, old) for part in parts_of(card.get("components"))]}
        for card, old in zip(parts_of(carousel.get("cards")), known, strict=True)
    ]
    return {**carousel, "cards": cards}


def _with_sample(part: Any, known: Any) -> Any:
    if not isinstance(part, dict) or type_of(part) != "HEADER":
        return part
    handle = sample_of(part_of(known, "HEADER"))
    return {**part, "example": {"header_handle": [handle]}} if handle and not sample_of(part) else part


def _shape(definition: Any) -> Any:
    """Return what makes a template this one, apart from how Meta writes it."""
    inner = [parts_of(definition), *cards_of(definition)]
    return [
        (
            format_of(part_of(one, "HEADER")),
            text_of(part_of(one, "BODY")),
            text_of(part_of(one, "FOOTER")),
            [(type_of(button), text_of(button)) for button in buttons_of(one)],
        )
        for one in inner
    ]
