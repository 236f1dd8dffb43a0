"""Customers' text: WhatsApp's marks become elements, and nothing else does."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troth.ui.formatting import clean_name, emoji_alone, to_html, to_plain

pytestmark = pytest.mark.clause("X14")

ALLOWED = {"strong", "em", "s", "code", "span", "a"}

INJECTIONS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "*<b onmouseover=alert(1)>x</b>*",
    "```<svg/onload=alert(1)>```",
    "`<iframe src=javascript:alert(1)>`",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    'https://a.example/"onmouseover="alert(1)',
    "https://a.example/'onmouseover='alert(1)",
    "https://a.example/<script>alert(1)</script>",
    "https://user:secret@a.example/",
    "http://[::1",
    "> <script>alert(1)</script>",
    '"><script>alert(1)</script>',
    "</div></body><script>alert(1)</script>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "{{ 7*7 }}{% load x %}",
    "*_~`*_~`<a href=javascript:alert(1)>",
    "https://a.example/\u202ecod.exe",
    "&lt;script&gt;",
    '<div hx-get="/x" hx-trigger="load">',
]


class Reader(HTMLParser):
    """Notes the tags, attributes and text of a piece of HTML, and whether it is nested properly."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.open.append(tag)
        given = dict(attrs)
        expected = {"a": {"href", "target", "rel"}, "span": {"class"}}.get(tag, set())
        assert set(given) <= expected | ({"class"} if tag == "code" else set())
        if tag == "a":
            self.links.append(given["href"] or "")
            assert given["rel"] == "noopener noreferrer nofollow"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment came through")


def read(text: str) -> Reader:
    found = Reader(to_html(text))
    assert found.open == []
    assert found.tags <= ALLOWED
    assert all(link.lower().startswith(("http://", "https://")) for link in found.links)
    return found


def item(mark: str, words: str) -> str:
    return f'<span class="text-item"><span class="text-mark">{mark}</span>{words}</span>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _italic_ ~struck~", "<strong>bold</strong> <em>italic</em> <s>struck</s>"),
        ("`code` and ```more *code*```", "<code>code</code> and <code>more *code*</code>"),
        ("*_both_*", "<strong><em>both</em></strong>"),
        ("*never closed", "*never closed"),
        ("*a _b* c_", "<strong>a _b</strong> c_"),
        ("snake_case_name, 2*3*4", "snake_case_name, 2*3*4"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("**", "**"),
        ("*one\ntwo*", "*one\ntwo*"),
        ("```\na\nb\n```\nafter", '<code class="fenced">a\nb</code>after'),
        ("> said\nanswer", '<span class="text-quote">said</span>answer'),
        ("```never closed", "```never closed"),
        ("- *one*\n* two\nafter", f"{item('• ', '<strong>one</strong>')}{item('• ', 'two')}after"),
        ("First:\n1. one\n12. two", f"First:\n{item('1. ', 'one')}{item('12. ', 'two')}"),
        ("-no\n-  \n1.no\n1234. no\n- ", "-no\n-  \n1.no\n1234. no\n- "),
        ("2026. A year", "2026. A year"),
        ("- one ```two``` three", "- one <code>two</code> three"),
        ("```one```- two", "<code>one</code>- two"),
        ("> - one", '<span class="text-quote">- one</span>'),
        ("a < b & c", "a &lt; b &amp; c"),
    ],
)
def test_marks_become_what_whatsapp_shows(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.example/x.", "https://a.example/x"),
        ("*https://a.example/a_b_c*", "https://a.example/a_b_c"),
        ("(https://a.example/A_(b)).", "https://a.example/A_(b)"),
        ("HTTP://A.EXAMPLE/?q=1&r=2", "HTTP://A.EXAMPLE/?q=1&r=2"),
    ],
)
def test_addresses_become_links_without_the_sentence_around_them(text: str, address: str) -> None:
    assert read(text).links == [address]


@pytest.mark.parametrize(
    "text", ["www.a.example", "ftp://a.example", "https://u:p@a.example", "http://", "mailto:a@b.c"]
)
def test_what_is_not_a_plain_web_address_stays_text(text: str) -> None:
    assert read(text).links == []


@pytest.mark.parametrize("text", INJECTIONS)
def test_injected_markup_stays_text(text: str) -> None:
    read(text)


def test_direction_controls_are_taken_out_of_text_and_links() -> None:
    assert to_html("a\u202eb\u2066c") == "abc"
    assert read("https://a.example/\u202eabc").links == ["https://a.example/abc"]


def test_control_characters_and_halves_of_pairs_can_be_written_out() -> None:
    assert to_html("a\x00b\ud800c") == "a\ufffdb\ufffdc"
    to_html("\ud800").encode()


@given(st.text())
def test_any_text_gives_well_formed_harmless_html(text: str) -> None:
    read(text)


@given(st.text(alphabet="*_~`>-1. \n\\ab<&(http://x.y)"))
def test_any_mixture_of_marks_gives_well_formed_harmless_html(text: str) -> None:
    read(text)


@given(st.lists(st.sampled_from([*INJECTIONS, "*", "_", "`", "```", "\n", "> ", "- ", "1. ", "x"])).map("".join))
def test_injections_mixed_with_marks_stay_text(text: str) -> None:
    read(text)


@pytest.mark.parametrize("unit", ["*_", "*a", "`a", "```", "_a_ ", "https://a.example/ ", "https://a.", ")", ">> "])
def test_long_texts_cost_no_more_than_their_length(unit: str) -> None:
    # A quadratic step would make this run for minutes instead of a second.
    assert to_html(unit * (200_000 // len(unit)))
    assert to_html("https://a.example/" + unit.strip() * 100_000)


def test_previews_are_one_line_without_marks() -> None:
    assert to_plain("*Hello*\n> you\n_there_ https://a.example") == "Hello you there https://a.example"
    assert to_plain("Bring:\n- milk\n2. eggs") == "Bring: • milk 2. eggs"


def test_accents_do_not_pile_up_beyond_their_line() -> None:
    assert to_html("Za" + "\u0301" * 400 + "lgo" + "\u0489" * 9) == "Za" + "\u0301" * 4 + "lgo" + "\u0489" * 4
    assert clean_name("a" + "\u0301" * 9) == "a" + "\u0301" * 4
    for word in ("Việt", "Vie\u0302\u0323t", "ผู้ที่", "שָׁלוֹם", "مُحَمَّدٌ"):
        assert to_plain(word) == word


def test_names_cannot_hide_anything() -> None:
    assert clean_name(" A\u200bn\u202ena\n  B\ufeff ") == "Anna B"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("👍", 1),
        ("👍🏽", 1),
        ("👨‍👩‍👧", 1),
        ("🇧🇷", 1),
        ("🇧🇷🇲🇾", 2),
        ("❤️", 1),
        ("😍😍😍", 3),
        ("😍😍😍😍", 0),
        ("ok 👍", 0),
        ("5", 0),
        ("", 0),
    ],
)
def test_a_few_emoji_alone_are_counted(text: str, count: int) -> None:
    assert emoji_alone(text) == count
