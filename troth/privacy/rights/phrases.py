"""What people write in WhatsApp when they want something done with their data, in the product's languages.

The whole message has to be one of these, give or take capitals, accents, punctuation and spaces. Nothing is guessed:
"delete me from the Saturday list" is not "delete me".
"""

import unicodedata
from typing import NamedTuple

from troth.privacy.rights.kinds import Kind

LONGEST = 60  # characters; longer messages are not looked at

PHRASES: dict[str, dict[Kind, tuple[str, ...]]] = {
    "en": {
        Kind.ACCESS: ("my data", "show my data", "show me my data", "send me my data", "what do you know about me"),
        Kind.ERASURE: ("delete me", "delete my data", "erase me", "erase my data", "forget me"),
        Kind.OBJECTION: ("no marketing", "no more marketing"),
    },
    "ms": {
        Kind.ACCESS: ("data saya", "tunjukkan data saya", "hantar data saya"),
        Kind.ERASURE: ("padam saya", "padam data saya", "padamkan saya", "padamkan data saya", "lupakan saya"),
        Kind.OBJECTION: ("tiada pemasaran", "jangan hantar pemasaran"),
    },
    "es": {
        Kind.ACCESS: ("mis datos", "quiero mis datos", "muéstrame mis datos", "envíame mis datos"),
        Kind.ERASURE: ("bórrame", "borra mis datos", "borrar mis datos", "elimíname", "elimina mis datos"),
        Kind.OBJECTION: ("sin publicidad", "no quiero publicidad"),
    },
    "pt": {
        Kind.ACCESS: ("meus dados", "os meus dados", "quero meus dados", "mostre meus dados", "envie meus dados"),
        Kind.ERASURE: (
            "apague-me",
            "me apague",
            "apague meus dados",
            "apagar meus dados",
            "exclua meus dados",
            "excluir meus dados",
        ),
        Kind.OBJECTION: ("sem publicidade", "não quero publicidade"),
    },
    "ar": {
        Kind.ACCESS: ("بياناتي", "أرني بياناتي", "أرسل بياناتي", "أرسل لي بياناتي"),
        Kind.ERASURE: ("احذفني", "احذف بياناتي", "امسح بياناتي", "حذف بياناتي"),
        Kind.OBJECTION: ("لا تسويق", "لا أريد إعلانات"),
    },
}


class Asked(NamedTuple):
    """What a message asks for, and in which language."""

    kind: Kind
    language: str


def plain(text: str) -> str:
    """Return a text as it is compared: compatibility forms folded, no accents, no marks, no punctuation, single spaces."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = []
    for character in folded:
        kind = unicodedata.category(character)
        if kind[0] == "M" or kind == "Cf" or character == "\u0640":  # accents, direction marks, the Arabic stretch
            continue
        kept.append(character if kind[0] in "LN" else " ")
    return " ".join("".join(kept).split())


_KNOWN = {
    plain(phrase): Asked(kind, language)
    for language, kinds in PHRASES.items()
    for kind, phrases in kinds.items()
    for phrase in phrases
}


def asked(text: str) -> Asked | None:
    """Return what a message asks for, None where it is not one of the phrases."""
    return _KNOWN.get(plain(text)) if 0 < len(text) <= LONGEST else None
