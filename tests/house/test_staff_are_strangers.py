"""Who is of the staff, and no member, is answered by every address of a workspace as a stranger is."""

from collections.abc import Iterator

import pytest

from tests import cast
from tests.house.asking import Stage, differences, taken_back
from tests.house.authz import METHODS, routes
from tests.house.lines import LINES
from tests.house.two_houses import signed_in
from troth.base.clock import now
from troth.support.models import StaffMember, StaffRole
from troth.workspaces.models import Role

pytestmark = pytest.mark.clause("X1", "X29")

ROUTES = {route.pattern: route for route in routes() if route.pattern in LINES}
OF_MEMBERS = sorted(pattern for pattern in ROUTES if isinstance(LINES[pattern].who, Role))


@pytest.fixture(scope="module", params=StaffRole.values)
def staff(request: pytest.FixtureRequest, stage: Stage) -> Iterator[str]:
    """Put somebody of the staff, with an open door, in the place of the stranger."""
    user = cast.user(f"Staff {request.param}")
    StaffMember.objects.create(user=user, role=request.param)
    instant = now().timestamp()
    usual = stage.rival.cookies["owner"]
    stage.rival.cookies["owner"] = signed_in(user, staff_since=instant, staff_seen=instant)
    assert stage.ask("stranger", "GET", "/staff/").status_code == 200
    yield "stranger"
    stage.rival.cookies["owner"] = usual


@pytest.mark.clause("A2.2b", "A3.3")
@pytest.mark.parametrize("pattern", OF_MEMBERS)
def test_being_of_the_staff_opens_nothing_of_a_workspace(pattern: str, staff: str, stage: Stage) -> None:
    route, line = ROUTES[pattern], LINES[pattern]
    address = route.address(**stage.words_of(line, route))
    with taken_back():
        before, form = stage.state(), line.form(stage.kopi)
        for method in METHODS:
            answer = stage.ask(staff, method, address, form)
            assert answer.status_code in (404, 405), method
            assert stage.kopi.overheard(answer.content.decode(), by="") == set()
        assert differences(before, stage.state()) == []
