"""What there is and what there is not are answered alike: the same status, the same words, the same work.

How long an answer takes is not measured here: a clock would tell of the machine. What takes the time is counted.
"""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.house.asking import Stage, taken_back
from tests.house.authz import Route, routes
from tests.house.lines import LINES
from troth.base.ids import new_id
from troth.workspaces.models import Role

pytestmark = pytest.mark.clause("X33")

ROUTES = {route.pattern: route for route in routes() if route.pattern in LINES}
OF_MEMBERS = sorted(pattern for pattern in ROUTES if isinstance(LINES[pattern].who, Role))
IDS = ("_id",)
WITH_IDS = [pattern for pattern in OF_MEMBERS if any(word.endswith(IDS) for word in ROUTES[pattern].words)]
SECRETS = {"join": "/join/{}/", "case": "/case/{}/", "copy": "/copy/{}/", "certificate": "/certificate/{}/"}


def answer(stage: Stage, actor: str, method: str, address: str, form: dict[str, Any], *, hide: str) -> Any:
    """Return all that somebody can tell of an answer, and the questions that it took."""
    with taken_back(), CaptureQueriesContext(connection) as asked:
        got = stage.ask(actor, method, address, form)
    told = re.sub(r'(nonce|value)="[^"]*"', "", got.content.decode()).replace(hide, "")
    heads = sorted((name, value) for name, value in got.headers.items() if "Policy" not in name)
    questions = [one["sql"].split("WHERE")[0] for one in asked]
    questions = [re.sub(r"'[^']*'|\$\d+|\d+|s\w+_x\w+|\W+", " ", one).strip() for one in questions]
    return got.status_code, told, [(name, value.replace(hide, "")) for name, value in heads], len(questions)


def address_of(route: Route, words: dict[str, Any]) -> str:
    return route.address(**words)


@pytest.mark.parametrize("pattern", OF_MEMBERS)
def test_whether_a_workspace_is_there(pattern: str, stage: Stage) -> None:
    route, line = ROUTES[pattern], LINES[pattern]
    words = stage.words_of(line, route)
    nobodys = "zz" + str(words["handle"])[2:]
    for actor in ("stranger", "removed"):
        for method in line.answers:
            there = answer(stage, actor, method, address_of(route, words), line.form(stage.kopi), hide=words["handle"])
            missing = address_of(route, words | {"handle": nobodys})
            assert there == answer(stage, actor, method, missing, line.form(stage.kopi), hide=nobodys)


@pytest.mark.parametrize("pattern", WITH_IDS)
def test_whether_a_thing_of_another_workspace_is_there(pattern: str, stage: Stage) -> None:
    route, line = ROUTES[pattern], LINES[pattern]
    own, foreign = stage.words_of(line, route, stage.rival), stage.words_of(line, route, stage.kopi)
    for word in (one for one in route.words if one.endswith(IDS) and one != "flow_id"):  # which is Meta's own
        nobodys = str(new_id())
        for method in line.answers:
            there = own | {word: foreign[word]}
            missing = own | {word: nobodys}
            form = line.form(stage.rival)
            one = answer(stage, "stranger", method, address_of(route, there), form, hide=str(foreign[word]))
            assert one == answer(stage, "stranger", method, address_of(route, missing), form, hide=nobodys)


@pytest.mark.parametrize("secret", SECRETS)
def test_whether_a_secret_was_nearly_right(secret: str, stage: Stage) -> None:
    """The first signs of one that opens tell no more than signs of nothing."""
    right = str(stage.kopi.ids["token" if secret == "join" else "status token"])
    wrong = [right[:-1] + ("A" if right[-1] != "A" else "B"), right[: len(right) // 2], "A" * len(right)]
    answers = [answer(stage, "anonymous", "GET", SECRETS[secret].format(one), {}, hide=one) for one in wrong]
    assert answers[0] == answers[1] == answers[2]
