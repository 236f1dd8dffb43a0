"""What another site makes a member's browser send does nothing: every address that does something wants our own token.

SameSite cookies are a second wall that is not counted on here: every request below carries the owner's session.
"""

import pytest
from django.test import Client

from tests.house.asking import Stage, differences, taken_back
from tests.house.authz import PUBLIC, routes
from tests.house.lines import LINES
from troth.workspaces.scope import scope

pytestmark = pytest.mark.clause("A3.2", "X19")

ROUTES = {route.pattern: route for route in routes() if route.pattern in LINES}
# These ask for a signature instead of a token: whoever calls them is no browser, or came by the signed address of a mail.
SIGNED = {
    "mail/off/<str:token>/",
    "mail/events/",
    "mail/privacy/",
    "meta/data-deletion/",
    "meta/data-deletion/<uuid:channel_id>/",
    "meta/deauthorize/",
    "meta/deauthorize/<uuid:channel_id>/",
}
ACTS = sorted(pattern for pattern in ROUTES if pattern not in SIGNED and set(LINES[pattern].answers) - {"GET"})
TOKEN, OTHER = "b" * 32, "c" * 32
FOREIGN = {"Origin": "https://evil.example", "Referer": "https://evil.example/form"}


@pytest.fixture(scope="module")
def strict() -> Client:
    """Return a browser whose requests are checked as in production: Django's test client usually lets all through."""
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def test_only_what_is_signed_does_without_a_token() -> None:
    assert {pattern for pattern, route in ROUTES.items() if getattr(route.view, "csrf_exempt", False)} == SIGNED


@pytest.mark.parametrize("pattern", ACTS)
def test_nothing_is_done_without_a_token_of_ours_or_for_another_site(
    pattern: str, stage: Stage, strict: Client
) -> None:
    line, route = LINES[pattern], ROUTES[pattern]
    with scope(stage.kopi.id):
        form = line.form(stage.kopi)
    address = route.address(**stage.words_of(line, route))
    forgeries: list[tuple[dict[str, str], dict[str, str], str]] = [
        ({}, {}, ""),
        ({}, FOREIGN, ""),
        ({"csrfmiddlewaretoken": TOKEN}, FOREIGN, TOKEN),
        ({"csrfmiddlewaretoken": OTHER}, {}, TOKEN),
        ({}, {"X-CSRFToken": OTHER}, TOKEN),
        ({}, {"Sec-Fetch-Site": "cross-site"}, TOKEN),
    ]
    with taken_back():
        before = stage.state()
        for method in set(line.answers) - {"GET"}:
            for more, headers, cookie in forgeries:
                answer = stage.ask("owner", method, address, form | more, headers=headers, client=strict, csrf=cookie)
                assert answer.status_code == 403, (more, headers)
        assert differences(before, stage.state()) == []


@pytest.mark.parametrize("pattern", [one for one in ACTS if LINES[one].who != PUBLIC])
def test_the_same_with_a_token_of_ours_is_let_through(pattern: str, stage: Stage, strict: Client) -> None:
    line, route = LINES[pattern], ROUTES[pattern]
    address = route.address(**stage.words_of(line, route))
    method = next(iter(set(line.answers) - {"GET"}))
    with taken_back():
        with scope(stage.kopi.id):
            line.prepare(stage.kopi)
            form = line.form(stage.kopi)
        headers = {"X-CSRFToken": TOKEN, "Origin": "http://testserver"}
        answer = stage.ask("owner", method, address, form, headers=headers, client=strict, csrf=TOKEN)
        assert answer.status_code == line.answers[method]
