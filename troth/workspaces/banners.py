"""Banners of a workspace's pages, whose questions are put to the database as one: most pages have nothing to tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest

from troth.base.clock import now
from troth.ui.slots import Banner


@dataclass(frozen=True, kw_only=True)
class Question:
    """How many things there are to tell in a workspace: SQL that gives one number. It may name `%(workspace)s`, `%(now)s`
    and its own `facts`."""

    sql: str
    facts: Mapping[str, Any]


_asked: list[tuple[Question, Callable[[HttpRequest, int], list[Banner]]]] = []


def register_workspace_banner(question: Question, banners: Callable[[HttpRequest, int], list[Banner]]) -> None:
    """Ask this for banners on the pages of workspaces where the question's number is not 0. Called once, from an app's
    `ready`."""
    _asked.append((question, banners))


def banners(request: HttpRequest) -> list[Banner]:
    """Return what has to be seen on this page of a workspace; nothing on any other page."""
    workspace = getattr(request, "workspace", None)
    if workspace is None or getattr(request, "member", None) is None or not _asked:
        return []
    facts = {key: value for question, _ in _asked for key, value in question.facts.items()}
    with connection.cursor() as cursor:
        wanted = ", ".join(f"({question.sql})" for question, _ in _asked)
        cursor.execute(f"SELECT {wanted}", {**facts, "workspace": workspace.pk, "now": now()})  # our own words
        counts = cursor.fetchone() or ()
    found = zip(_asked, counts, strict=True)
    return [banner for (_, of), count in found if count for banner in of(request, int(count))]
