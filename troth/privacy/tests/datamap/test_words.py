"""Whatever is declared has words for people: tables, fields, purposes, how long, who."""

import pytest
from django.apps import apps
from django.db import connection

from troth.base.registry import REGISTRY, Keep, Protection, Purpose, Seen, Staff, Subject
from troth.privacy.datamap.shown import Shown, at_a_glance, groups, of_a_person, of_a_workspace
from troth.privacy.datamap.words import FIELDS, KEEPS, KINDS, PURPOSES, SEEN, STAFF, SUBJECTS

pytestmark = pytest.mark.clause("A0.3", "A1.2")

every_table = pytest.mark.parametrize("label", sorted(REGISTRY))


@every_table
def test_every_table_has_a_title_and_a_sentence(label: str) -> None:
    assert str(KINDS[label].title)
    assert str(KINDS[label].what).endswith(".")


@every_table
def test_every_field_that_is_about_people_has_a_word(label: str) -> None:
    said = REGISTRY[label]
    assert [name for name in said.sensitive if name not in FIELDS and f"{label}.{name}" not in FIELDS] == []


def test_there_are_words_for_everything_that_can_be_declared() -> None:
    assert set(PURPOSES) == set(Purpose)
    assert set(KEEPS) == set(Keep)
    assert set(SUBJECTS) == set(Subject)
    assert set(SEEN) == set(Seen)
    assert set(STAFF) == set(Staff)


@every_table
def test_no_sentence_about_a_table_is_left_open(label: str) -> None:
    shown = Shown(label, REGISTRY[label])
    told = [shown.about, shown.why, shown.how_long, shown.seen, shown.staff, shown.forgotten]
    assert all(str(words).strip().endswith((".", "”")) or words is shown.about for words in told)
    assert len(shown.fields) == len(shown.sealed) + len(shown.hashed) + len(shown.clear)


@pytest.mark.clause("B5.2")
def test_the_list_of_sealed_fields_is_what_the_database_has() -> None:
    """What the page calls sealed is a sealed column, field by field; what it calls clear gives its reason."""
    for label, said in REGISTRY.items():
        for name, protection in Shown(label, said).fields:
            field = apps.get_model(label)._meta.get_field(name)
            column = field.db_type(connection)
            if protection != Protection.CLEAR:
                assert column == "bytea", f"{label}.{name}"
            else:
                assert said.clear[name]


def test_nothing_is_on_no_page() -> None:
    """What a workspace's page leaves out is on the person's, or nothing personal."""
    shown = {kind.label for found in (groups(of_a_workspace), groups(of_a_person)) for g in found for kind in g.kinds}
    left_out = {label for label, said in REGISTRY.items() if label not in shown and said.sensitive}
    assert left_out == set()


def test_the_glance_names_what_is_sealed_and_gives_reasons_for_what_is_clear() -> None:
    glance = at_a_glance(groups(of_a_workspace))
    assert "words, captions, files' names, places, cards" in glance["sealed"]
    assert glance["clear"]
    assert all(": " in line for line in glance["clear"])
    assert set(glance["sealed"]) & set(glance["hashed"]) == set()
