"""A report about a child's data becomes a case with a clock, from anybody, without an account."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.house.canaries import canary
from troth.base.ids import new_id
from troth.privacy.models import OperatorCase
from troth.privacy.rights import cases as register

pytestmark = [pytest.mark.django_db, pytest.mark.clause("B9.2")]

Opened = list[tuple[tuple[Any, ...], dict[str, Any]]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Stand in for the place where cases are opened; return what it was asked."""
    asked: Opened = []

    def open_case(*facts: Any, **more: Any) -> Any:
        asked.append((facts, more))
        return SimpleNamespace(case=SimpleNamespace(pk=new_id(), reference="AB12CD"), token="the-token")

    monkeypatch.setattr(register, "open_case", open_case)
    return asked


def test_the_report_opens_a_case_and_says_where_it_stands(opened: Opened) -> None:
    word = canary()
    answer = Client().post("/report/child/", {"words": f"My son {word}", "address": "parent@example.test"})
    page = answer.content.decode()
    ((facts, more),) = opened
    assert facts == ("child", "unknown", None, "form")
    assert more["words"] == f"My son {word}"
    assert more["address"] == "parent@example.test"
    assert "AB12CD" in page
    assert "/case/the-token/" in page
    assert word not in page


def test_the_case_is_due_within_three_days_and_its_page_is_there() -> None:
    page = Client().post("/report/child/", {"words": "My son", "address": "parent@example.test"}).content.decode()
    case = OperatorCase.objects.get()
    assert case.kind == "child"
    assert case.due_at - case.opened_at == timedelta(hours=72)
    link = page[page.index("/case/") :].partition('"')[0]
    assert Client().get(link).status_code == 200


def test_an_address_is_not_asked_for(opened: Opened) -> None:
    assert Client().post("/report/child/", {"words": "Look here"}).status_code == 200
    assert opened[0][1]["address"] is None


@pytest.mark.parametrize("typed", [{}, {"words": ""}, {"words": "x" * 2001}, {"words": "x", "address": "nobody"}])
def test_an_empty_or_broken_report_is_explained_and_opens_nothing(opened: Opened, typed: dict[str, str]) -> None:
    answer = Client().post("/report/child/", typed)
    assert answer.status_code == 200
    assert opened == []
    assert "field-error" in answer.content.decode() or not typed


@pytest.mark.clause("X41")
def test_many_reports_from_one_place_have_to_wait_and_lose_no_word(opened: Opened) -> None:
    client = Client()
    for _ in range(5):
        assert client.post("/report/child/", {"words": "Again"}).status_code == 200
    answer = client.post("/report/child/", {"words": "Once too often"})
    assert answer.status_code == 429
    assert "Once too often" in answer.content.decode()
    assert len(opened) == 5
