"""Scripts are small, independent modules: no circles, no HTML or code from strings, and a budget."""

import os
import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest

from troth.ui.tests.product import STATIC, TROTH, name_of, scripts

IMPORT = re.compile(r"""^import\s(?:[^;]*?from\s)?["']([^"']+)["'];""", re.MULTILINE)
FORBIDDEN = re.compile(
    r"\.(?:innerHTML|outerHTML)\s*=|\b(?:insertAdjacentHTML|document\.write|eval\(|new Function|setTimeout\(\s*[\"'`])"
)
JAVASCRIPT_BYTES_MAX = 50_000
FIRST_PAGE_BYTES_MAX = 100_000

every_script = pytest.mark.parametrize("path", scripts(), ids=name_of)


def _imports(path: Path) -> list[Path]:
    """Return the files that a script imports. All apps' static folders are served as one."""
    return [_file(path, address) for address in IMPORT.findall(path.read_text())]


def _file(path: Path, address: str) -> Path:
    root = TROTH / path.relative_to(TROTH).parts[0] / "static"
    served = Path(os.path.normpath(path.relative_to(root).parent / address))
    return TROTH / served.parts[0] / "static" / served


def _reached(start: Path) -> set[Path]:
    reached, waiting = {start}, [start]
    while waiting:
        for found in _imports(waiting.pop()):
            if found not in reached:
                reached.add(found)
                waiting.append(found)
    return reached


@every_script
def test_its_imports_exist(path: Path) -> None:
    assert [str(found) for found in _imports(path) if not found.is_file()] == []


@every_script
def test_it_is_in_no_circle_of_imports(path: Path) -> None:
    """Files in a circle cannot be named after their content: the fingerprints would never settle."""
    assert path not in {found for first in _imports(path) for found in _reached(first)}


@pytest.mark.clause("X15")
@every_script
def test_it_makes_neither_html_nor_code_from_strings(path: Path) -> None:
    assert FORBIDDEN.findall(path.read_text()) == []


@every_script
@pytest.mark.clause("A2.3b")
def test_it_asks_no_other_host(path: Path) -> None:
    source = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://", source)


@every_script
def test_it_says_what_it_does(path: Path) -> None:
    assert path.read_text().startswith("// ")


def _compressed(paths: set[Path]) -> int:
    return sum(len(brotli.compress(path.read_bytes())) for path in paths)


def _javascript() -> set[Path]:
    vendored = set((STATIC / "vendor").glob("*.js"))
    own = _reached(STATIC / "js" / "app.js") | _reached(TROTH / "inbox/static/inbox/js/inbox.js")
    return own | vendored | {STATIC / "js" / "trusted-types.js"}


def test_the_inbox_needs_at_most_fifty_kilobytes_of_script() -> None:
    assert _compressed(_javascript()) <= JAVASCRIPT_BYTES_MAX


def test_the_first_page_leaves_half_its_budget_to_the_page_itself() -> None:
    looks = {*(STATIC / "css").glob("*.css"), *TROTH.glob("inbox/static/**/*.css"), STATIC / "vendor/lucide-1.62.0.svg"}
    assert _compressed(_javascript() | looks) <= FIRST_PAGE_BYTES_MAX - 25_000
