"""What is served says what its source says, in fewer bytes."""

import pytest

from troth.ui.shortening import shorten_script, shorten_style


@pytest.mark.parametrize(
    ("source", "served"),
    [
        ("/* Why. */\n.a {\n  b: c;\n\n  d: e;\n}\n", ".a{b: c;d: e;}"),
        (".a :hover { b: c }", ".a :hover{b: c}"),
        (".a:hover { b: c }", ".a:hover{b: c}"),
        ("@layer x { .a\n .b :is(c , d) /* or */ { e: f } }", "@layer x{.a .b :is(c,d){e: f}}"),
        (".a { w: calc(50% - 2rem); x: min(1px , 2px) }", ".a{w: calc(50% - 2rem);x: min(1px,2px)}"),
        ('.a::before { content: "a , b  /* c */" }', '.a::before{content: "a , b  /* c */"}'),
        ('[a = "b"] , c { d: e }', '[a = "b"],c{d: e}'),
        ("@media (min-width: 1px) and (hover) { a { b: c } }", "@media (min-width: 1px) and (hover){a{b: c}}"),
    ],
)
def test_styles_lose_what_means_nothing(source: str, served: str) -> None:
    assert shorten_style(source) == served


def test_scripts_lose_comments_and_keep_what_looks_like_them() -> None:
    source = '// Why.\nexport const a = "// not";  // but\nconst b = /[/]\\/x/g;\nconst c = `two\n  // lines`;\n'
    served = shorten_script(source)
    assert "Why" not in served
    assert "but" not in served
    for kept in ('"// not"', "/[/]\\/x/g", "`two\n  // lines`"):
        assert kept in served
