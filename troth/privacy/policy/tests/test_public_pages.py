"""The pages that everybody may read say what stands in the files, and nothing else."""

import re
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from troth.base import figures
from troth.privacy.policy.clauses import clauses
from troth.privacy.policy.facts import facts, read
from troth.privacy.policy.tests.conftest import Policy

pytestmark = pytest.mark.django_db
TAGS = re.compile(r"<[^>]+>")


def page(path: str, *, status: int = 200, **headers: str) -> str:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == status
    return " ".join(unescape(TAGS.sub(" ", answer.content.decode())).split())


@pytest.mark.clause("A0.1")
def test_the_policy_says_every_sentence_and_its_day() -> None:
    shown = page("/privacy/")
    assert [clause.id for clause in clauses().all if " ".join(clause.sentence.split()) not in shown] == []
    assert [clause.id for clause in clauses().all if clause.limit and clause.limit not in shown] == []
    assert "Version of Nov. 28, 2026" in shown


@pytest.mark.clause("A0.1")
def test_no_sentence_of_the_policy_stands_in_a_template() -> None:
    written = " ".join(path.read_text() for path in Path(__file__).parents[2].glob("templates/**/*.*"))
    assert [clause.id for clause in clauses().all if clause.sentence in written] == []


@pytest.mark.clause("A0.1")
def test_every_version_is_reachable_and_differences_are_told(policy: Policy) -> None:
    day = date(2027, 2, 1)
    policy.publish(on=day, effective=day, significant=False)
    assert "2027-01-01/2027-02-01" in Client().get("/privacy/versions/").content.decode()
    assert "We are somebody else since" in page("/privacy/versions/2027-02-01/")
    changed = Client().get("/privacy/versions/2027-01-01/2027-02-01/").content.decode()
    assert "<ins>" in changed
    assert "<del>" in changed
    for missing in ("/privacy/versions/2030-01-01/", "/privacy/versions/2027-01-01/2030-01-01/"):
        page(missing, status=404)


def test_what_comes_with_a_part_says_that_it_does_not_apply_yet() -> None:
    shown = page("/privacy/")
    assert shown.count("Does not apply here yet: it comes with Google.") == sum(
        c.part == "google" for c in clauses().all
    )


@pytest.mark.clause("A6.1", "B0.2")
def test_everybody_finds_the_people_behind_it() -> None:
    shown = page("/contact/")
    operator = settings.OPERATOR
    for said in (operator.name, operator.email, operator.privacy_email, operator.phone, *operator.address_lines):
        assert said in shown


@pytest.mark.clause("A6.1")
@pytest.mark.parametrize("path", ["/privacy/", "/promises/", "/account/login/", "/account/terms/"])
def test_public_pages_lead_to_the_contact_page(path: str) -> None:
    assert 'href="/contact/"' in Client().get(path).content.decode()


@pytest.mark.clause("A3.2")
def test_the_security_page_says_what_security_md_says() -> None:
    shown = page("/security/")
    assert len(facts().guards) >= 7
    for guard in facts().guards:
        assert guard.stands[1:] in shown
    assert settings.OPERATOR.security_email in shown
    assert "Whoever can read the memory" in shown


def test_marks_of_the_file_are_not_shown() -> None:
    found = read(
        "# T\n\n## A\n\nSee [there](x.md) and `code`.\n\n| a | b | c | d |\n|---|---|---|---|\n| `x` | [y](z) | w | v |\n"
    )
    assert found.paragraphs == {"A": ("See there and code.",)}
    assert [(guard.against, guard.stands, guard.proven) for guard in found.guards] == [("x", "y", "v")]


def test_without_a_register_no_zero_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_figures", {})
    assert "no number to show" in page("/transparency/")


def test_a_zero_that_a_register_counted_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_figures", {})
    year = timezone.now().year
    figures.register_figure("legal", lambda: {year - 1: 2}, label="Demands by authorities")
    assert re.search(rf"{year} {year - 1} Demands by authorities 0 2", page("/transparency/"))


def test_every_page_is_there_in_other_languages() -> None:
    for path in ("/privacy/", "/privacy/versions/", "/promises/", "/security/", "/transparency/", "/contact/"):
        answer: Any = Client().get(path, headers={"accept-language": "ar"})
        assert 'dir="rtl"' in answer.content.decode()
