"""A template as campaigns use them: a picture's place taken by a text header, three values, a footer, a link and a reply."""

from typing import Any

NAME, LANGUAGE, CATEGORY = "move_of_the_shop", "en_US", "UTILITY"
COMPONENTS: list[dict[str, Any]] = [
    {
        "type": "HEADER",
        "format": "TEXT",
        "text": "News for {{1}}",
        "example": {"header_text": ["Mei Ling"]},
    },
    {
        "type": "BODY",
        "text": "Our shop moves on {{1}}. Your voucher is {{2}}, valid until {{3}} at our new address.",
        "example": {"body_text": [["Friday", "000001", "Sunday"]]},
    },
    {"type": "FOOTER", "text": "Kopi & Co, 12 Jalan Sultan"},
    {
        "type": "BUTTONS",
        "buttons": [
            {
                "type": "URL",
                "text": "See the map",
                "url": "https://kopi.example/map/{{1}}",
                "example": ["https://kopi.example/map/1"],
            },
            {"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+60312345678"},
        ],
    },
]


def definition() -> dict[str, Any]:
    """Return what Meta is asked to approve."""
    return {"name": NAME, "language": LANGUAGE, "category": CATEGORY, "components": COMPONENTS}


def values(needed: list[str], place: int) -> dict[str, str]:
    """Return a value for each of these keys, another one for each message."""
    return {key: f"{place:06d}" for key in needed}
