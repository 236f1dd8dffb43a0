"""What no template may hold: inline script or style, foreign hosts, unescaped values, words that nobody translates."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from troth.ui.tests.product import TROTH, name_of, templates

TAGS = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", re.DOTALL)
BLOCKTRANSLATE = re.compile(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", re.DOTALL)
CLASS_BLOCK = re.compile(r"\{%\s*block \w+_class\s*%\}.*?\{%\s*endblock\s*%\}", re.DOTALL)
LOGIC = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
LETTERS = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"title", "alt", "placeholder", "aria-label", "aria-description", "label"}
UNTRANSLATED = {"Troth", "Enter", "Esc", "Shift", "UTC"}
# Files of a copy that somebody takes away. They are opened from a disk, where nothing of ours can be fetched and no header
# of ours stands over them: so they carry their style, and in head.html a policy that allows them nothing else.
TAKEN_AWAY = TROTH / "privacy" / "templates" / "privacy" / "export"
STYLE_TAKEN_AWAY = TAKEN_AWAY / "_style.html"

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
@pytest.mark.clause("A2.3b", "X15")
def test_it_holds_no_inline_script_or_style_and_no_foreign_host(path: Path) -> None:
    allowed = ["<style>"] if path.parent == TAKEN_AWAY else []
    assert [one for one in Page(_without_logic(path.read_text())).forbidden if one not in allowed] == []


@every_template
def test_its_words_go_through_translation(path: Path) -> None:
    source = _without_logic(path.read_text())
    # The words of a style are what it would write between quotes.
    words = " ".join(QUOTED.findall(source) if path == STYLE_TAKEN_AWAY else Page(source).words)
    assert [word for word in LETTERS.findall(words) if word not in UNTRANSLATED] == []


@pytest.mark.clause("X15")
@every_template
def test_it_escapes_what_it_shows(path: Path) -> None:
    assert not re.search(r"\|\s*(safe|safeseq)\b|\{%\s*autoescape off", path.read_text())


@every_template
def test_its_scripts_carry_the_nonce(path: Path) -> None:
    for script in re.findall(r"<script\b[^>]*>", path.read_text()):
        assert "request.csp_nonce" in script


@pytest.mark.clause("A2.3b")
def test_what_is_taken_away_fetches_nothing_and_runs_nothing() -> None:
    style = STYLE_TAKEN_AWAY.read_text()
    assert not re.search(r"url\(|@import|//|expression|behavior", style)
    assert "<" not in style, "it stands inside <style> and nowhere else"
    policy = re.search(
        r'http-equiv="Content-Security-Policy" content="([^"]*)"', (TAKEN_AWAY / "head.html").read_text()
    )
    assert policy is not None
    assert policy[1] == "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; media-src 'self'"
    assert not any("<script" in path.read_text() for path in TAKEN_AWAY.iterdir())


def test_the_check_sees_what_is_wrong() -> None:
    """The tests above would be worth nothing if they could not fail."""
    bad = Page('<p style="x" onclick="y">Bare words</p><script>1</script><img src="https://a.example/x" alt="Picture">')
    assert bad.forbidden == ["style", "onclick", "inline <script>", "https://a.example/x"]
    assert {"Bare words", "Picture"} <= set(bad.words)
