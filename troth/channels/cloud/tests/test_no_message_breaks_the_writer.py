"""Whatever a message holds, it becomes a body or a refusal, never another error."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.outgoing import EVERY_KIND, outbound
from troth.channels.cloud.build import body_for
from troth.channels.cloud.refusal import Refusal
from troth.channels.contract import Content

anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def _paths(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(found for key, child in inner for found in _paths(child, (*path, key)))]


PLACES = [(name, path) for name, content in EVERY_KIND.items() for path in _paths(content.data or {}) if path]


def _replaced(tree: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = _replaced(tree[path[0]], path[1:], new)
    return copy


@given(st.sampled_from(PLACES), anything)
def test_any_part_of_any_message_is_written_or_refused(place: tuple[str, tuple[Any, ...]], new: Any) -> None:
    name, path = place
    content = EVERY_KIND[name]
    changed = Content(
        kind=content.kind, text=content.text, media=content.media, data=_replaced(content.data, path, new)
    )
    try:
        body = body_for(outbound(changed))
    except Refusal:
        return
    assert msgspec.json.encode(body)
