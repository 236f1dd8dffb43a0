"""The order of what stands in a row in a template. WhatsApp wants the quick replies together: before all other buttons, or
after them."""

from itertools import pairwise

from troth.channels.definition.drafting import Button, Draft

CARD = "card"


def with_button_moved(buttons: list[Button], at: int, *, step: int) -> tuple[list[Button], int]:
    """Return the buttons with one moved by a place, up (-1) or down (1), and where it stands then. Where that would leave the
    quick replies apart, they and the other buttons change sides as wholes."""
    if not (0 <= at < len(buttons) and 0 <= at + step < len(buttons)):
        return buttons, at
    order = list(range(len(buttons)))
    replies = [one.kind == "QUICK_REPLY" for one in buttons]
    if replies[at] != replies[at + step] and sum(left != right for left, right in pairwise(replies)) == 1:
        order.sort(key=lambda one: replies[one] == replies[0])
    else:
        order[at], order[at + step] = order[at + step], order[at]
    return [buttons[old] for old in order], order.index(at)


def move_card(draft: Draft, at: int, *, step: int) -> int:
    """Move a card by a place, with the examples of its variables; return where it stands then."""
    if not (0 <= at < len(draft.cards) and 0 <= at + step < len(draft.cards)):
        return at
    order = list(range(len(draft.cards)))
    order[at], order[at + step] = order[at + step], order[at]
    _take_order(draft, order)
    return at + step


def drop_card(draft: Draft, at: int) -> None:
    """Take a card away, with the examples of its variables."""
    if 0 <= at < len(draft.cards):
        _take_order(draft, [old for old in range(len(draft.cards)) if old != at])


def _take_order(draft: Draft, order: list[int]) -> None:
    """Leave the cards that stood at these places, in this order."""
    examples = {key: value for key, value in draft.examples.items() if not key.startswith(CARD)}
    for new, old in enumerate(order):
        before = f"{CARD}{old}."
        examples |= {
            f"{CARD}{new}.{key.removeprefix(before)}": value
            for key, value in draft.examples.items()
            if key.startswith(before)
        }
    draft.cards, draft.examples = [draft.cards[old] for old in order], examples
