"""What no template may hold: inline script or style, foreign hosts, unescaped values, words that nobody translates."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from troth.ui.tests.product import name_of, templates

TAGS = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", re.DOTALL)
BLOCKTRANSLATE = re.compile(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", re.DOTALL)
CLASS_BLOCK = re.compile(r"\{%\s*block \w+_class\s*%\}.*?\{%\s*endblock\s*%\}", re.DOTALL)
LOGIC = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "label"}
UNTRANSLATED = {"Troth", "Enter", "Esc", "Shift", "UTC"}

every_template = pytest.mark.parametrize("path", templates(), ids=name_of)


def _without_logic(source: str) -> str:
    source = CLASS_BLOCK.sub(" ", source)
    return LOGIC.sub(" ", BLOCKTRANSLATE.sub(" ", TAGS.sub(" ", source)))


class Page(HTMLParser):
    """Collects the words between tags and in attributes that are read aloud, and what is forbidden."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.forbidden: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.words += [value for name, value in given.items() if name in SPOKEN]
        self.forbidden += [name for name in given if name == "style" or name.startswith(("on", "hx-on", "hx-vals"))]
        if tag in ("style", "iframe", "object", "embed", "base"):
            self.forbidden.append(f"<{tag}>")
        if tag == "script" and "src" not in given:
            self.forbidden.append("inline <script>")
        foreign = [given[name] for name in ("src", "href", "action", "formaction") if "//" in given.get(name, "")]
        self.forbidden += foreign

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@every_template
@pytest.mark.clause("A2.3b")
def test_it_holds_no_inline_script_or_style_and_no_foreign_host(path: Path) -> None:
    assert Page(_without_logic(path.read_text())).forbidden == []


@every_template
def test_its_words_go_through_translation(path: Path) -> None:
    words = " ".join(Page(_without_logic(path.read_text())).words)
    assert [word for word in LETTERS.findall(words) if word not in UNTRANSLATED] == []


@every_template
def test_it_escapes_what_it_shows(path: Path) -> None:
    assert not re.search(r"\|\s*(safe|safeseq)\b|\{%\s*autoescape off", path.read_text())


@every_template
def test_its_scripts_carry_the_nonce(path: Path) -> None:
    for script in re.findall(r"<script\b[^>]*>", path.read_text()):
        assert "request.csp_nonce" in script


def test_the_check_sees_what_is_wrong() -> None:
    """The tests above would be worth nothing if they could not fail."""
    bad = Page('<p style="x" onclick="y">Bare words</p><script>1</script><img src="https://a.example/x" alt="Picture">')
    assert bad.forbidden == ["style", "onclick", "inline <script>", "https://a.example/x"]
    assert {"Bare words", "Picture"} <= set(bad.words)
