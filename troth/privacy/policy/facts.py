"""The facts of SECURITY.md, taken apart for the page: what stands against what, what stays readable, and the limits."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[3] / "SECURITY.md"
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


@dataclass(frozen=True)
class Guard:
    """Something that is guarded against, what stands in the way, and what proves it."""

    against: str
    stands: str
    proven: str


@dataclass(frozen=True)
class Facts:
    """SECURITY.md without its marks. Paragraphs are by heading."""

    guards: tuple[Guard, ...]
    paragraphs: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def facts() -> Facts:
    """Return what SECURITY.md of this release says."""
    return read(SOURCE.read_text(encoding="utf-8"))


def read(text: str) -> Facts:
    """Return the table and the paragraphs of a text of this shape."""
    guards: list[Guard] = []
    paragraphs: dict[str, tuple[str, ...]] = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        rows = [_cells(line) for line in body.splitlines() if line.startswith("|")]
        # The first two lines of a table are its head.
        guards += [Guard(against=row[0], stands=row[1], proven=row[3]) for row in rows[2:]]
        said = (_plain(" ".join(block.split())) for block in body.split("\n\n") if not block.lstrip().startswith("|"))
        paragraphs[heading.strip()] = tuple(words for words in said if words)
    return Facts(tuple(guards), paragraphs)


def _cells(line: str) -> list[str]:
    return [_plain(cell.strip()) for cell in line.strip().strip("|").split("|")]


def _plain(words: str) -> str:
    return _LINK.sub(r"\1", words).replace("`", "")
