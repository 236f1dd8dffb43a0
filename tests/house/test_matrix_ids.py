"""Ids that belong somewhere else, one at a time beside valid ones: in addresses, in forms, in queries. Nothing is done."""

from itertools import combinations
from typing import Any
from uuid import UUID

import pytest

from tests.house.asking import Stage, differences, taken_back
from tests.house.authz import NOT_FOUND, Line, Route, routes
from tests.house.lines import LINES
from troth.workspaces.models import Role
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("A2.2a", "X2")

ROUTES = {route.pattern: route for route in routes() if route.pattern in LINES}
NO_IDS = {"handle", "step", "problem", "what", "number", "act", "code", "flow_id"}
OF_MEMBERS = sorted(pattern for pattern in ROUTES if isinstance(LINES[pattern].who, Role))
WITH_IDS = [pattern for pattern in OF_MEMBERS if set(ROUTES[pattern].words) - NO_IDS]
WITH_IDS_IN_FORMS = [
    "w/<slug:handle>/settings/teams/<uuid:team_id>/members/",
    "w/<slug:handle>/channels/<uuid:channel_id>/sight/",
    "w/<slug:handle>/inbox/<uuid:conversation_id>/assignment/",
    "w/<slug:handle>/inbox/<uuid:conversation_id>/reading/",
    "w/<slug:handle>/inbox/<uuid:conversation_id>/merge/",
    "w/<slug:handle>/inbox/<uuid:conversation_id>/apart/",
    "w/<slug:handle>/inbox/<uuid:conversation_id>/parting/",
    "w/<slug:handle>/inbox/<uuid:conversation_id>/messages/<uuid:message_id>/forwarding/",
    "w/<slug:handle>/help/grants/<uuid:grant_id>/narrow/",
    "w/<slug:handle>/inbox/new/",
]
ONE_ID_IN_FORMS = WITH_IDS_IN_FORMS[2:7]
THREAD = "w/<slug:handle>/inbox/<uuid:conversation_id>/"


@pytest.mark.parametrize("pattern", WITH_IDS)
def test_an_id_of_another_workspace_is_not_found_beside_ids_of_ones_own(pattern: str, stage: Stage) -> None:
    route, line = ROUTES[pattern], LINES[pattern]
    own, foreign = stage.words_of(line, route, stage.rival), stage.words_of(line, route, stage.kopi)
    ids = [word for word in route.words if word not in NO_IDS]
    mixes = [chosen for size in range(1, len(ids) + 1) for chosen in combinations(ids, size)]
    for chosen in mixes:
        words = own | {word: foreign[word] for word in chosen}
        _nothing_comes_of(stage, line, route, words, actor="stranger", form=line.form(stage.rival))


@pytest.mark.parametrize("pattern", WITH_IDS)
def test_an_id_from_elsewhere_is_not_found_in_the_workspace_of_an_owner(pattern: str, stage: Stage) -> None:
    route, line = ROUTES[pattern], LINES[pattern]
    own, foreign = stage.words_of(line, route, stage.kopi), stage.words_of(line, route, stage.rival)
    for word in set(route.words) - NO_IDS:
        words = own | {word: foreign[word]}
        _nothing_comes_of(stage, line, route, words, actor="owner", form=line.form(stage.kopi))


@pytest.mark.parametrize("actor", ["owner", "agent", "hidden"])
def test_a_message_is_found_in_its_own_conversation_only(actor: str, stage: Stage) -> None:
    pattern = f"{THREAD}messages/<uuid:message_id>/offer/"
    words = {"handle": stage.kopi.ids["handle"], "conversation_id": stage.kopi.ids["open conversation"]}
    words["message_id"] = stage.kopi.ids["message"]
    _nothing_comes_of(stage, LINES[pattern], ROUTES[pattern], words, actor=actor, form={})


@pytest.mark.parametrize("pattern", WITH_IDS_IN_FORMS)
@pytest.mark.parametrize("whose", ["another workspace's", "nobody's", "no id at all", "one of ours and another's"])
def test_an_id_from_elsewhere_in_a_form_does_nothing(pattern: str, whose: str, stage: Stage) -> None:
    route, line = ROUTES[pattern], LINES[pattern]
    form = {key: _elsewhere(value, whose, stage) for key, value in line.form(stage.kopi).items()}
    with taken_back():
        before = stage.state()
        answer = stage.ask("owner", "POST", route.address(**stage.words_of(line, route)), form)
        assert answer.status_code in (204, 400, 404, 422)
        assert differences(before, stage.state()) == []


def test_every_form_with_ids_is_tried(stage: Stage) -> None:
    found = set()
    for pattern in OF_MEMBERS:
        for value in LINES[pattern].form(stage.kopi).values():
            some = value if isinstance(value, list) else [value]
            found |= {pattern for one in some if isinstance(one, UUID)}
    assert found == set(WITH_IDS_IN_FORMS)


@pytest.mark.clause("X4")
@pytest.mark.parametrize("pattern", ONE_ID_IN_FORMS)
@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("whose", ["another workspace's", "nobody's"])
def test_an_id_that_stands_beside_one_of_ours_is_never_taken(
    pattern: str, order: int, whose: str, stage: Stage
) -> None:
    """The same name twice: whichever of the two counts, what is elsewhere stays untouched and is pointed at by nothing."""
    route, line = ROUTES[pattern], LINES[pattern]
    form = {key: [value, _elsewhere(value, whose, stage)][::order] for key, value in line.form(stage.kopi).items()}
    foreign = {str(_elsewhere(value, whose, stage)) for value in line.form(stage.kopi).values()}
    with taken_back():
        theirs, before = _of_rival(stage), stage.rows()
        stage.ask("owner", "POST", route.address(**stage.words_of(line, route)), form)
        changed = [row for key, row in stage.rows().items() if row != before.get(key)]
        assert _of_rival(stage) == theirs
        assert [row for row in changed if foreign & {str(value) for value in row.values()}] == []


def _of_rival(stage: Stage) -> dict[str, str]:
    return {name: digest for name, digest in stage.state().items() if name.startswith(stage.rival.ids["handle"])}


@pytest.mark.parametrize("whose", ["another workspace's", "one of ours and another's", "no id at all"])
def test_support_is_not_shown_a_conversation_of_elsewhere(whose: str, stage: Stage) -> None:
    ours = {"conversations": [stage.kopi.ids["conversation"]]}
    form = {"text": "Look", "sight": "chosen", "hours": "24"} | {
        "conversations": _elsewhere(ours["conversations"], whose, stage)
    }
    address = f"/w/{stage.kopi.ids['handle']}/help/new/conversation/"
    with taken_back():
        before = stage.state()
        assert stage.ask("owner", "POST", address, form).status_code in (400, 404, 422)
        assert differences(before, stage.state()) == []
        assert stage.ask("owner", "POST", address, form | ours).status_code == 302


@pytest.mark.parametrize("who", ["removed", "viewer", "hidden"])
def test_a_conversation_is_not_given_to_who_may_not_have_it(who: str, stage: Stage) -> None:
    pattern = f"{THREAD}assignment/"
    address = ROUTES[pattern].address(**stage.words_of(LINES[pattern], ROUTES[pattern]))
    with taken_back():
        before = stage.state()
        assert stage.ask("owner", "POST", address, {"member": stage.kopi.ids[f"member {who}"]}).status_code == 422
        assert differences(before, stage.state()) == []


@pytest.mark.parametrize("whose", ["another workspace's", "another conversation's"])
def test_a_message_from_elsewhere_is_not_quoted(whose: str, stage: Stage) -> None:
    pattern = f"{THREAD}messages/"
    address = ROUTES[pattern].address(**stage.words_of(LINES[pattern], ROUTES[pattern]))
    foreign = stage.rival.ids["incoming"] if whose == "another workspace's" else stage.kopi.ids["open incoming"]
    with taken_back():
        before = stage.state()
        assert stage.ask("agent", "POST", address, {"text": "Look", "quoted": foreign}).status_code in (400, 404, 422)
        assert differences(before, stage.state()) == []


@pytest.mark.parametrize("actor", ["stranger", "hidden"])
@pytest.mark.parametrize("parameter", ["after", "before", "current", "conversation", "channel", "id", "w", "workspace"])
def test_an_id_from_elsewhere_in_a_query_tells_nothing(actor: str, parameter: str, stage: Stage) -> None:
    home = stage.rival if actor == "stranger" else stage.kopi
    thread = home.ids["conversation" if actor == "stranger" else "open conversation"]
    by = "" if actor == "stranger" else actor
    for name in ("conversation", "message", "incoming", "channel", "handle"):
        for path in ("inbox/", f"inbox/{thread}/", "channels/", "settings/members/"):
            address = f"/w/{home.ids['handle']}/{path}?{parameter}={stage.kopi.ids[name]}"
            answer = stage.ask(actor, "GET", address)
            assert answer.status_code == 200
            assert stage.kopi.overheard(answer.content.decode(), by=by) == set()


def _nothing_comes_of(
    stage: Stage, line: Line, route: Route, words: dict[str, Any], *, actor: str, form: dict[str, Any]
) -> None:
    stage.outbound.clear()
    with taken_back():
        before = stage.state()
        for method in line.answers:
            answer = stage.ask(actor, method, route.address(**words), form)
            assert answer.status_code == NOT_FOUND, f"{method} with {words}"
            told = answer.content.decode()
            if actor == "stranger":
                assert stage.kopi.overheard(told, by="") == set()
            assert stage.rival.overheard(told, by="owner" if actor == "stranger" else "") == set()
        assert differences(before, stage.state()) == []
    assert stage.outbound == []


def _elsewhere(value: Any, whose: str, stage: Stage) -> Any:
    """Return a value of a form with its ids replaced."""
    if isinstance(value, list):
        others = [_elsewhere(one, whose, stage) for one in value]
        return [*value, *others] if whose == "one of ours and another's" else others
    if not isinstance(value, UUID):
        return value
    counterparts = {id: stage.rival.ids[name] for name, id in stage.kopi.ids.items()}
    nobodys = "01890000-0000-7000-8000-00000000dead"
    return {"nobody's": nobodys, "no id at all": "no-id'--"}.get(whose, counterparts[value])


def test_the_ids_of_one_workspace_are_not_those_of_the_other(stage: Stage) -> None:
    with scope(stage.kopi.id):
        assert {str(id) for id in stage.kopi.ids.values()} & {str(id) for id in stage.rival.ids.values()} == set()
