"""Well-formed templates of all kinds, made up."""

import string
from typing import Any

from hypothesis import strategies as st

from troth.channels.definition import Button, Card, Draft, needs_of

WORDS = st.lists(st.text(string.ascii_lowercase, min_size=2, max_size=6), min_size=4, max_size=8).map(" ".join)
NAMES = st.lists(st.text(string.ascii_lowercase, min_size=2, max_size=8), min_size=0, max_size=3, unique=True)


def texts(named: bool) -> st.SearchStrategy[str]:
    """Texts with variables in them, each between words."""

    def woven(parts: tuple[list[str], list[str]]) -> str:
        names, words = parts
        names = names if named else [str(number) for number in range(1, len(names) + 1)]
        return " ".join(f"{words[at]} {{{{{name}}}}}" for at, name in enumerate(names)) + f" {words[-1]} and so on"

    return st.tuples(NAMES, st.lists(WORDS, min_size=4, max_size=4)).map(woven)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    named = draw(st.booleans())
    draft = Draft(name="order_here", language="en", category="MARKETING", named=named, body=draw(texts(named)))
    draft.kind = draw(st.sampled_from(["standard", "carousel", "offer", "call"]))
    link = Button("URL", "See it", "https://example.org/{{1}}", "https://example.org/42")
    if draft.kind == "carousel":
        some = [[link], [Button("QUICK_REPLY", "Yes")], [Button("QUICK_REPLY", "Yes"), link], [Button("SPM", "View")]]
        kinds = draw(st.sampled_from(some))
        draft.card_media = "product" if kinds[0].kind == "SPM" else draw(st.sampled_from(["image", "video"]))
        draft.cards = [
            Card(
                handle="" if draft.card_media == "product" else "4::abc",
                body="Hello there again and again",
                buttons=list(kinds),
            )
            for _ in range(draw(st.integers(2, 4)))
        ]
    elif draft.kind == "offer":
        draft.offer_text, draft.buttons = "20 % off", [Button("COPY_CODE", value="SAVE20"), link]
    elif draft.kind == "standard":
        draft.header = draw(st.sampled_from(["", "text", "image", "video", "document", "location", "product"]))
        draft.header_text, draft.handle = "Your order", "4::abc"
        draft.footer = draw(st.sampled_from(["", "Kopi & Co"]))
        draft.buttons = draw(
            st.sampled_from(
                [
                    [],
                    [Button("QUICK_REPLY", "Yes")],
                    [link],
                    [Button("COPY_CODE", value="X")],
                    [Button("MPM", "View items")],
                    [Button("CATALOG", "View catalogue")],
                    [Button("FLOW", "Fill in", "123456"), Button("VOICE_CALL", "Call us")],
                    [Button("FLOW", "Fill in", "123456", screen="WELCOME")],
                    [Button("REQUEST_CONTACT_INFO", "Share it")],
                ]
            )
        )
    draft.examples = {key: "Ana" for key, _ in draft.variables()}
    return draft


def values_for(definition: Any, *, category: str = "MARKETING") -> dict[str, str]:
    given_by_kind = {
        "image": "https://example.org/a.png",
        "video": "123",
        "document": "https://example.org/a.pdf",
        "latitude": "3.139",
        "longitude": "-101.68",
        "expires": "1790000000000",
        "product": "SKU-1",
        "products": "SKU-1, SKU-2",
    }
    return {need.key: given_by_kind.get(need.kind, "Mei") for need in needs_of(definition, category=category)}
