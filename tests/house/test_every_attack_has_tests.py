"""The page of attacks and the tests hold to each other: every id is there, every file carries it, none is left out."""

import re
from functools import cache

import pytest

from tests.house.test_every_promise_has_proof import ROOT, marks_of

PAGE = ROOT / "docs" / "attacks.md"
ALL = [f"X{number}" for number in range(1, 43)]
ROW = re.compile(r"\| (X\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
FILE = re.compile(r"`([^`]+)`")


@cache
def rows() -> dict[str, str]:
    """Return by id where each attack is tried."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| X")]
    found = [ROW.fullmatch(line) for line in lines]
    assert all(found), "a row has four parts"
    return {row[1]: row[4] for row in found if row}


@cache
def marked() -> dict[str, set[str]]:
    """Return by id the files of tests that carry it."""
    found: dict[str, set[str]] = {}
    for path in [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("troth/**/test_*.py")]:
        for mark in marks_of(path):
            if re.fullmatch(r"X\d+", mark):
                found.setdefault(mark, set()).add(str(path.relative_to(ROOT)))
    return found


def test_no_attack_is_missing_and_none_stands_twice() -> None:
    assert re.findall(r"^\| (X\d+) ", PAGE.read_text(encoding="utf-8"), re.MULTILINE) == ALL


@pytest.mark.parametrize("attack", ALL)
def test_an_attack_has_tests_that_carry_it_or_says_what_it_waits_for(attack: str) -> None:
    where = rows()[attack]
    assert FILE.findall(where) or re.search(r"waits for: \w", where)


@pytest.mark.parametrize("attack", ALL)
def test_the_files_named_are_those_that_carry_its_id(attack: str) -> None:
    assert set(FILE.findall(rows()[attack])) == marked().get(attack, set())


def test_no_test_carries_an_attack_that_is_on_no_page() -> None:
    assert set(marked()) <= set(ALL)


@pytest.mark.parametrize("page", ["asvs.md", "attacks.md"])
def test_every_file_that_the_pages_name_is_there(page: str) -> None:
    named = FILE.findall((PAGE.parent / page).read_text(encoding="utf-8"))
    tree = {
        str(path.relative_to(ROOT)) for part in ("tests", "troth", "config") for path in (ROOT / part).rglob("*.py")
    }
    names = {path.rpartition("/")[2] for path in tree}
    files = [one for one in named if one.endswith(".py") and "*" not in one]
    assert files
    assert [one for one in files if one not in tree and one not in names] == []
