"""The file of clauses is either right or refused, and every promise that we set out to make is in it."""

from typing import Any

import pytest

from troth.privacy.policy.clauses import PolicyError, clauses, read

# Everything that we set out to promise, by the ids under which it was written down.
PLANNED = """
    A0.1 A0.2 A0.3 A0.4 A1.1 A1.2 A2.1 A2.2a A2.2b A2.2c A2.3a A2.3b A3.1 A3.2 A3.3 A3.4 A4.1 A4.2a A4.2b A4.3a A4.3b A4.3c
    A4.3d A4.3e A5.1a A5.1b A5.2 A5.3a A5.3b A5.3c A5.3d A6.1 B0.1 B0.2 B1.1 B1.2 B1.3 B1.4 B1.5 B2.1 B2.2 B2.3 B2.4 B2.5
    B3.1 B3.2 B3.3 B3.4 B3.5 B3.6 B4.1 B4.2 B4.3 B5.1 B5.2 B5.3 B6.1 B6.2 B6.3 B6.4 B7.1 B7.2 B7.3 B7.4 B7.5 B8.1 B8.2 B8.3
    B9.1 B9.2 B10.1 B10.2 B11.1 L1 L2 L3 L4 L5 L6 L7 L8 L9 L10 L11 L12 L13 L14
"""
GOOD: dict[str, Any] = {
    "id": "Z1",
    "section": "one",
    "sentence": "We keep it.",
    "why_it_holds": "It is kept.",
    "feature": "/here/",
}


def file(*made: dict[str, Any]) -> dict[str, Any]:
    return {"sections": [{"id": "one", "title": "One"}], "clauses": list(made)}


def test_every_promise_that_was_planned_has_its_sentence() -> None:
    for id in PLANNED.split():
        assert clauses().named(id).sentence


def test_a_good_clause_is_read_with_its_defaults() -> None:
    (clause,) = read(file(GOOD)).all
    assert (clause.part, clause.kind, clause.probe, clause.address) == ("core", "tested", "", "/here/")
    assert clause.needs_tests


@pytest.mark.parametrize("part", ["google", "billing", "web"])
def test_what_comes_with_a_part_asks_for_no_tests_yet(part: str) -> None:
    assert not read(file({**GOOD, "part": part})).all[0].needs_tests


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([{**GOOD, "sentense": "x"}], "unknown fields: sentense"),
        ([{name: value for name, value in GOOD.items() if name != "sentence"}], "lacks `sentence`"),
        ([{**GOOD, "feature": " "}], "lacks `feature`"),
        ([{**GOOD, "why_it_holds": ""}], "lacks `why_it_holds`"),
        ([{**GOOD, "section": "two"}], "no known section"),
        ([{**GOOD, "part": "fax"}], "part is one of"),
        ([{**GOOD, "kind": "hoped"}], "kind one of"),
        ([GOOD, {**GOOD, "sentence": "Another."}], "clause Z1 stands twice"),
        ([GOOD, {**GOOD, "id": "Z2", "covers": ["Z1"], "sentence": "Another."}], "clause Z1 stands twice"),
        ([GOOD, {**GOOD, "id": "Z2"}], "stands twice"),
        ([], "section one has no clause"),
    ],
)
def test_what_is_wrong_is_refused_by_name(wrong: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        read(file(*wrong))


def test_an_unknown_id_names_nothing() -> None:
    with pytest.raises(PolicyError, match=r"no clause A99\.9"):
        clauses().named("A99.9")
