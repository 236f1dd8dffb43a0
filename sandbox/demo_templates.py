"""Templates that the demo account has from the start, approved: so that a newcomer can write to somebody first."""

from typing import Any

from sandbox.accounts import Template

_ORDER = "Hello {{1}}, your order {{2}} is ready. You can pick it up until {{3}}."
_ORDER_MS = "Hai {{1}}, pesanan {{2}} sudah siap. Boleh diambil hingga {{3}}."
_AGAIN = "Hi {{1}}, it has been a while! This week you get a free single stem with every bouquet."


def _body(text: str, *examples: str) -> dict[str, Any]:
    return {"type": "BODY", "text": text, "example": {"body_text": [list(examples)]}}


def demo_templates() -> dict[str, Template]:
    """Return them by id. Their ids are made up and fixed."""
    found = [
        Template(
            "990100200300421",
            "order_ready",
            "en",
            "UTILITY",
            [
                {"type": "HEADER", "format": "TEXT", "text": "Your flowers are ready"},
                _body(_ORDER, "Mei", "1042", "6 pm"),
                {"type": "FOOTER", "text": "Kedai Teratai"},
                {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "I am on my way"}]},
            ],
        ),
        Template("990100200300422", "order_ready", "ms", "UTILITY", [_body(_ORDER_MS, "Mei", "1042", "6 petang")]),
        Template("990100200300423", "welcome_back", "en", "MARKETING", [_body(_AGAIN, "Mei")]),
    ]
    for one in found:
        one.status, one.quality = "APPROVED", "GREEN"
    return {one.id: one for one in found}
