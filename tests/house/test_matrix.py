"""Every address x every kind of visitor x every method, with valid ids and forms: the declared answer, and no more.

Of the methods that an address does not know, one visitor tries one in an everyday run, others from address to address;
`TROTH_TEST_THOROUGH=2` lets all try all.
"""

from collections.abc import Callable

import pytest
from django.http import HttpResponse

from tests.house.asking import Stage, differences, taken_back
from tests.house.authz import METHODS, PUBLIC, TO_LOGIN, Line, Route, answers, refusal, routes
from tests.house.lines import LINES
from tests.thorough import THOROUGH
from troth.workspaces.models import Role
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("A2.2a", "X1")

ACTORS = ("anonymous", "stranger", "removed", "hidden", "viewer", "agent", "admin", "owner")
ROUTES = {route.pattern: route for route in routes()}
KNOWN = sorted(set(ROUTES) & set(LINES))


def test_every_view_says_who_may_open_it() -> None:
    assert {pattern for pattern, route in ROUTES.items() if route.access not in ("public", "person", "member")} == set()


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    assert set(ROUTES) == set(LINES)


@pytest.mark.parametrize("pattern", KNOWN)
def test_the_mark_of_a_view_is_what_the_table_declares(pattern: str) -> None:
    route, line = ROUTES[pattern], LINES[pattern]
    marks = {PUBLIC: ("public", None)}
    expected = ("member", line.who) if isinstance(line.who, Role) else marks.get(line.who, ("person", None))
    assert (route.access, route.least_role) == expected


@pytest.mark.parametrize("pattern", KNOWN)
def test_whoever_may_not_is_refused_and_changes_and_learns_nothing(
    pattern: str, stage: Stage, record_property: Callable[[str, object], None]
) -> None:
    route, line = ROUTES[pattern], LINES[pattern]
    address = route.address(**stage.words_of(line, route))
    wrong: list[str] = []
    asked = read = 0
    stage.outbound.clear()
    with taken_back():
        _prepare(stage, line)
        before, form = stage.state(), line.form(stage.kopi)
        for actor in ACTORS:
            may = refusal(line, route, actor) is None
            with taken_back():
                for method in _tried(pattern, actor):
                    if may and method in set(line.answers) - {"GET"}:
                        continue
                    answer = stage.ask(actor, method, address, form)
                    asked += not may
                    told = _complaints(stage, line, route, actor, method, answer)
                    read += not may and any(" reads " in complaint for complaint in told)
                    wrong += told
                    if not (may and line.asks and method in line.answers):
                        wrong += [f"{method} by {actor} has Meta asked: {what}" for what in stage.outbound]
                    stage.outbound.clear()
                wrong += [f"{actor} changed {table}" for table in differences(before, stage.state())]
    record_property("measured:foreign requests", asked)
    record_property("measured:foreign reads", read)
    assert wrong == []


@pytest.mark.parametrize("pattern", [one for one in KNOWN if set(LINES[one].answers) - {"GET"}])
def test_whoever_may_is_answered_as_declared_and_it_takes_effect(pattern: str, stage: Stage) -> None:
    route, line = ROUTES[pattern], LINES[pattern]
    address = route.address(**stage.words_of(line, route))
    wrong = []
    for actor in ACTORS:
        for method in set(line.answers) - {"GET"}:
            if refusal(line, route, actor) is not None or (line.anonymous is not None and actor == "anonymous"):
                continue
            with taken_back():
                _prepare(stage, line)
                form = line.form(stage.kopi)
                before = stage.state()
                answer = stage.ask(actor, method, address, form)
                wrong += _complaints(stage, line, route, actor, method, answer)
                changed = differences(before, stage.state())
                if bool(changed) != line.changes:
                    wrong.append(f"{method} by {actor} changed {changed}")
    assert wrong == []


@pytest.mark.parametrize("actor", ["viewer", "admin"])
def test_whoever_may_reads_what_was_planted(actor: str, stage: Stage) -> None:
    """What the tests above do not find with others would show if it were there."""
    read = set()
    for pattern in KNOWN:
        if LINES[pattern].answers.get("GET") == 200 and pattern.startswith("w/"):
            address = ROUTES[pattern].address(**stage.words_of(LINES[pattern], ROUTES[pattern]))
            for about in (
                address,
                address.replace(str(stage.kopi.ids["conversation"]), str(stage.kopi.ids["open conversation"])),
            ):
                read |= stage.kopi.overheard(stage.ask(actor, "GET", about).content.decode(errors="replace"), by="")
    meant = {what for what, audience in stage.kopi.planted.values() if actor in audience}
    elsewhere = {"name of a passkey of " + actor, "name of removed", "address of removed", "address of " + actor}
    assert meant - read - elsewhere == set()


def _tried(pattern: str, actor: str) -> list[str]:
    known = {"GET", "POST", *LINES[pattern].answers}
    others = [method for method in METHODS if method not in known]
    turn, at = divmod(KNOWN.index(pattern), len(ACTORS))
    once = [others[turn % len(others)]] if others and ACTORS[at] == actor else []
    kept = others if THOROUGH > 1 else once
    return [method for method in METHODS if method in known or method in kept]


def _prepare(stage: Stage, line: Line) -> None:
    with scope(stage.kopi.id):
        line.prepare(stage.kopi)


def _complaints(stage: Stage, line: Line, route: Route, actor: str, method: str, answer: HttpResponse) -> list[str]:
    expected = answers(line, route, actor, method)
    wrong = []
    if answer.status_code not in expected:
        wrong.append(f"{method} by {actor}: {answer.status_code}, not {sorted(expected)}")
    if answer.status_code == TO_LOGIN and refusal(line, route, actor) == TO_LOGIN and method in line.answers:
        to = answer.headers.get("Location", "")
        if not to.startswith("/account/login/"):
            wrong.append(f"{method} by {actor}: sent to {to}")
    told = answer.content.decode(errors="replace") + repr(answer.headers.items())
    by = "" if actor in ("anonymous", "stranger") else actor
    wrong += [f"{method} by {actor} reads {what}" for what in sorted(stage.kopi.overheard(told, by=by))]
    return wrong
