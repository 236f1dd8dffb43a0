"""Customers' text, shown as what it is: text. WhatsApp's marks become elements, everything else is escaped.

One pass over each line; the time grows with the length of the text and nothing else.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

TAGS = {"*": "strong", "_": "em", "~": "s", "`": "code"}
OPENING = {tag: f"<{tag}>" for tag in TAGS.values()} | {
    "quote": '<span class="text-quote">',
    "item": '<span class="text-item">',
    "mark": '<span class="text-mark">',
    "fence": '<code class="fenced">',
}
CLOSING = {tag: f"</{tag}>" for tag in TAGS.values()} | {
    **dict.fromkeys(("quote", "item", "mark"), "</span>"),
    "fence": "</code>",
}
MARKS = "".join(TAGS)

# Embeddings, overrides and isolates could turn the rest of the page round; marks (LRM, RLM) are harmless and needed.
DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
INVISIBLE = re.compile("[\u200b\u2060-\u2064\ufeff\u00ad\u115f\u1160\u3164\uffa0]")
# Signs that stand on the one before them. Languages pile up a few; towers of them reach over the lines around.
COMBINING = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7-\u06e8\u06ea-\u06ed\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
TOWER = re.compile(f"([{COMBINING}]{{4}})[{COMBINING}]+")
LINE_ENDS = re.compile("\r\n?|\u2028|\u2029")
# As WhatsApp reads a line of a list: a dash or a star, or a number, each with one space behind it.
ITEM = re.compile(r"(?:[-*]|([0-9]{1,3})\.) (?=\S)")
BULLET = "\u2022"
FENCE = re.compile(r"```")
ADDRESS = re.compile(r"https?://[^\s<>\"\u201c\u201d`]+", re.IGNORECASE)
TRAILING = ".,;:!?'\"*_~\u2026\u060c\u061b\u061f\u3002\uff0c"
LONGEST_ADDRESS = 2048


class Part(NamedTuple):
    """One stretch of a line: words, a tag that opens or closes, or an address."""

    kind: str
    value: str


class Opened:
    """The marks of a line that wait for their partner, innermost last."""

    def __init__(self) -> None:
        self._marks: list[tuple[str, int]] = []
        self._count = dict.fromkeys(TAGS, 0)

    def open(self, mark: str, place: int) -> None:
        """Remember that `mark` was opened at `place`."""
        self._marks.append((mark, place))
        self._count[mark] += 1

    def close(self, mark: str) -> int:
        """Return the place of the innermost open `mark`; those inside it were never closed and stay as typed."""
        while True:
            other, place = self._marks.pop()
            self._count[other] -= 1
            if other == mark:
                return place

    def holds(self, mark: str) -> bool:
        """Tell whether `mark` is open."""
        return self._count[mark] > 0

    def innermost(self) -> str:
        """Return the mark opened last, or nothing."""
        return self._marks[-1][0] if self._marks else ""


def clean(text: str) -> str:
    """Return the text without what could disturb its surroundings: direction and other controls, towers of accents."""
    text = LINE_ENDS.sub("\n", text)
    return CONTROL.sub("\ufffd", TOWER.sub(r"\1", DIRECTION.sub("", text)))


def clean_name(text: str) -> str:
    """Return the name on one line, without controls and invisible characters that could imitate another name."""
    return " ".join(INVISIBLE.sub("", clean(text)).split())


def to_html(text: str) -> SafeString:
    """Return WhatsApp's text as escaped HTML with its bold, italic, struck, quoted and monospaced stretches."""
    return mark_safe("".join(_html(part) for part in _parts(clean(text))))  # noqa: S308  every part is escaped in _html


def to_plain(text: str) -> str:
    """Return the text on one line without the marks, for previews."""
    words = "".join(part.value for part in _parts(clean(text)) if part.kind not in ("open", "close"))
    return " ".join(words.split())


def _html(part: Part) -> str:
    if part.kind == "open":
        return OPENING[part.value]
    if part.kind == "close":
        return CLOSING[part.value]
    if part.kind == "break":
        return ""  # the block before it has already ended the line
    words = escape(part.value)
    if part.kind == "address":
        return f'<a href="{words}" target="_blank" rel="noopener noreferrer nofollow">{words}</a>'
    return words


def _parts(text: str) -> Iterator[Part]:
    """Split at fences first: between two of them nothing else is a mark."""
    pieces = FENCE.split(text)
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            yield from _lines(piece, begins=index == 0, ends=index == len(pieces) - 1)
        elif index == len(pieces) - 1:
            yield Part("words", "```")
            yield from _lines(piece, begins=False)
        elif not piece.strip():
            yield Part("words", f"```{piece}```")
        else:
            inside = piece.strip("\n")
            tag = "fence" if "\n" in inside else "code"
            if tag == "fence" and pieces[index + 1].startswith("\n"):
                pieces[index + 1] = pieces[index + 1][1:]  # the block ends its line by itself
            yield from (Part("open", tag), Part("words", inside), Part("close", tag))


def _lines(text: str, *, begins: bool = True, ends: bool = True) -> Iterator[Part]:
    """Return the parts of some lines. `begins` and `ends` say whether the first and the last are whole, or go on in a fence."""
    lines = text.split("\n")
    was_block = False
    for number, line in enumerate(lines):
        whole = (number > 0 or begins) and (number < len(lines) - 1 or ends)
        quoted = line.startswith("> ") and line[2:].strip() != ""
        item = None if quoted or not whole else ITEM.match(line)
        if number:
            yield Part("break" if was_block else "words", "\n")
        if quoted:
            yield from (Part("open", "quote"), *_line(line[2:]), Part("close", "quote"))
        elif item:
            mark = f"{item[1]}. " if item[1] else f"{BULLET} "
            yield from (Part("open", "item"), Part("open", "mark"), Part("words", mark), Part("close", "mark"))
            yield from (*_line(line[item.end() :]), Part("close", "item"))
        else:
            yield from _line(line)
        was_block = quoted or item is not None


def _line(line: str) -> list[Part]:
    """Return the line's parts: addresses are set apart, marks between them are paired."""
    parts: list[Part] = []
    opened = Opened()
    start = 0
    for match in ADDRESS.finditer(line):
        address = _trimmed(match.group())
        if _is_address(address):
            _marks(line, start, match.start(), parts, opened)
            parts.append(Part("address", address))
            start = match.start() + len(address)
    _marks(line, start, len(line), parts, opened)
    return parts


def _marks(line: str, start: int, end: int, parts: list[Part], opened: Opened) -> None:
    """Append what stands between `start` and `end`, turning each pair of marks into tags."""
    words = start
    for place in range(start, end):
        mark = line[place]
        if mark not in MARKS:
            continue
        closes = opened.holds(mark) and _can_close(line, place)
        in_code = opened.innermost() == "`"
        if not closes and (in_code or not _can_open(line, place)):
            continue
        if closes and in_code and mark != "`":
            continue
        if place > words:
            parts.append(Part("words", line[words:place]))
        words = place + 1
        if closes:
            parts[opened.close(mark)] = Part("open", TAGS[mark])
            parts.append(Part("close", TAGS[mark]))
        else:
            opened.open(mark, len(parts))
            parts.append(Part("words", mark))
    if end > words:
        parts.append(Part("words", line[words:end]))


def _can_open(line: str, place: int) -> bool:
    before = line[place - 1] if place else " "
    after = line[place + 1] if place + 1 < len(line) else " "
    return _is_edge(before) and not after.isspace() and after != line[place]


def _can_close(line: str, place: int) -> bool:
    before = line[place - 1]
    after = line[place + 1] if place + 1 < len(line) else " "
    return not before.isspace() and before != line[place] and _is_edge(after)


def _is_edge(character: str) -> bool:
    return not character.isalnum()


def _trimmed(address: str) -> str:
    """Return the address without the punctuation of the sentence around it, brackets that it did not open included."""
    stray = max(0, address.count(")") - address.count("("))
    while True:
        shorter = address.rstrip(TRAILING)
        end = len(shorter) - len(shorter.rstrip(")"))
        cut = min(stray, end)
        if cut == 0:
            return shorter
        address, stray = shorter[:-cut], stray - cut


def _is_address(address: str) -> bool:
    if len(address) > LONGEST_ADDRESS:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def emoji_alone(text: str) -> int:
    """Return how many emoji the text is made of, when it is one to three and nothing else; 0 otherwise."""
    if not text or len(text) > 64:
        return 0
    count, joined, flags = 0, False, 0
    for character in text.strip():
        point = ord(character)
        if point in (0xFE0F, 0x20E3) or 0x1F3FB <= point <= 0x1F3FF or 0xE0020 <= point <= 0xE007F:
            if count == 0:
                return 0
        elif point == 0x200D:
            joined = True
        elif _is_picture(point):
            flags = flags + 1 if 0x1F1E6 <= point <= 0x1F1FF else 0
            count += 0 if joined or (flags and flags % 2 == 0) else 1
            joined = False
        else:
            return 0
    return count if count <= 3 else 0


def _is_picture(point: int) -> bool:
    return 0x1F000 <= point <= 0x1FAFF or 0x2600 <= point <= 0x27BF or point in (0x2B50, 0x2B55, 0x231A, 0x231B, 0x2B1B)
