"""A version of the policy never changes, never doubles another, and gives notice where it must."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from troth.privacy.policy.clauses import Clauses, PolicyError, clauses
from troth.privacy.policy.differences import ADDED, CHANGED, REMOVED, differences
from troth.privacy.policy.versions import INDEX, VERSIONS, Version, freeze, frozen, load, versions

pytestmark = pytest.mark.clause("A0.1")
FIRST, SECOND = date(2027, 1, 10), date(2027, 3, 1)


def changed(text: Clauses, *, sentence: str = "We keep it shorter.") -> Clauses:
    first, *others = text.all
    return replace(text, all=(replace(first, sentence=sentence), *others))


def write(folder: Path, text: Clauses, *, on: date, effective: date | None = None, significant: bool = False) -> None:
    freeze(text, on=on, effective=effective or on, significant=significant, summary="Something.", folder=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, clauses(), on=FIRST)
    return tmp_path


def test_the_versions_of_this_release_are_whole() -> None:
    assert load(VERSIONS) == versions()


def test_the_newest_version_says_what_the_clauses_say() -> None:
    """Whoever changes a sentence freezes a new version: bin/promises --freeze."""
    assert frozen(versions()[-1].text) == frozen(clauses())


def test_a_changed_file_is_refused(folder: Path) -> None:
    path = folder / f"{FIRST}.yaml"
    path.write_text(path.read_text().replace("We do not sell", "We sell"))
    with pytest.raises(PolicyError, match="changed after it was frozen"):
        load(folder)


def test_two_versions_with_the_same_words_are_refused_and_leave_nothing(folder: Path) -> None:
    with pytest.raises(PolicyError, match="same text"):
        write(folder, clauses(), on=SECOND)
    assert [version.name for version in load(folder)] == [str(FIRST)]


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / f"{FIRST}.yaml").unlink()
    with pytest.raises(PolicyError, match="has no file"):
        load(folder)


def test_a_file_that_is_not_listed_is_refused(folder: Path) -> None:
    (folder / f"{SECOND}.yaml").write_text("{}")
    with pytest.raises(PolicyError, match="differ"):
        load(folder)


def test_a_day_has_one_version(folder: Path) -> None:
    with pytest.raises(PolicyError, match="already"):
        write(folder, changed(clauses()), on=FIRST)


def test_versions_stand_in_the_order_of_their_days(folder: Path) -> None:
    with pytest.raises(PolicyError, match="order"):
        write(folder, changed(clauses()), on=date(2026, 1, 1))


@pytest.mark.clause("B10.2")
def test_what_matters_takes_effect_thirty_days_after_it_was_published_at_the_earliest(folder: Path) -> None:
    with pytest.raises(PolicyError, match="2027-03-31 at the earliest"):
        write(folder, changed(clauses()), on=SECOND, effective=date(2027, 3, 30), significant=True)
    write(folder, changed(clauses()), on=SECOND, effective=date(2027, 3, 31), significant=True)
    assert load(folder)[-1].significant


def test_no_version_takes_effect_before_it_was_published(folder: Path) -> None:
    with pytest.raises(PolicyError, match="at the earliest"):
        write(folder, changed(clauses()), on=SECOND, effective=date(2027, 2, 28))


def test_the_first_version_changes_nothing(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="first version"):
        write(tmp_path, clauses(), on=FIRST, effective=date(2027, 6, 1), significant=True)


def test_an_index_holds_what_it_must_and_no_more(folder: Path) -> None:
    entries = yaml.safe_load((folder / INDEX).read_text())
    (folder / INDEX).write_text(yaml.safe_dump([{**entries[0], "more": 1}]))
    with pytest.raises(PolicyError, match="other fields"):
        load(folder)


def two(folder: Path, text: Clauses) -> tuple[Version, Version]:
    write(folder, text, on=SECOND)
    first, second = load(folder)
    return first, second


def test_a_changed_sentence_is_shown_word_by_word(folder: Path) -> None:
    was = clauses().all[0].sentence
    old, new = two(folder, changed(clauses(), sentence=was.replace("named", "listed")))
    (difference,) = differences(old, new)
    assert (difference.kind, difference.before) == (CHANGED, was)
    pieces = [(piece.kind, piece.words) for piece in difference.pieces]
    assert (REMOVED, "named") in pieces
    assert (ADDED, "listed") in pieces


def test_a_new_sentence_and_one_that_is_gone_are_named_so(folder: Path) -> None:
    first, *others = clauses().all
    text = replace(clauses(), all=(replace(first, id="Z9", sentence="Something new."), *others))
    old, new = two(folder, text)
    assert {(one.clause, one.kind) for one in differences(old, new)} == {("Z9", ADDED), (first.id, REMOVED)}
    assert differences(old, old) == []
