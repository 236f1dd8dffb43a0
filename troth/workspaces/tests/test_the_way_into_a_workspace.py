"""`member_view`: members come in, strangers learn nothing, whoever was removed is out at once."""

from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from troth.accounts.access import person_view, public_view
from troth.workspaces.access import MemberRequest, entering, member_view
from troth.workspaces.members import remove
from troth.workspaces.models import Membership, Role, Workspace
from troth.workspaces.scope import NoScope, current_workspace_id, scope
from troth.workspaces.tests.conftest import Cast


@member_view
def who(request: MemberRequest) -> HttpResponse:
    assert current_workspace_id() == request.workspace.pk
    return HttpResponse(f"{request.member.name} {request.workspace.name}")


@member_view(role=Role.ADMIN)
def admins(request: MemberRequest) -> HttpResponse:
    return HttpResponse("for admins")


@member_view
def changes_then_fails(request: MemberRequest) -> HttpResponse:
    Membership.objects.filter(pk=request.member.pk).update(role=Role.VIEWER)
    raise Http404


@person_view
def people(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for people")


@public_view("a test")
def anybody(request: HttpRequest) -> HttpResponse:
    return HttpResponse("for anybody")


urlpatterns = [
    path("w/<slug:handle>/who/", who),
    path("w/<slug:handle>/admins/", admins),
    path("w/<slug:handle>/fails/", changes_then_fails),
    path("people/", people),
    path("anybody/", anybody),
    *import_module(settings.ROOT_URLCONF).urlpatterns,
]
pytestmark = pytest.mark.urls(__name__)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]  # any user of the cast
    return client


def test_a_member_comes_in_with_the_workspace_in_scope(cast: Cast) -> None:
    answer = signed_in(cast.bob).get(f"/w/{cast.here.handle}/who/")
    assert answer.content == b"Bob Kopi"


def test_the_scope_ends_with_the_request(cast: Cast) -> None:
    signed_in(cast.bob).get(f"/w/{cast.here.handle}/who/")
    with pytest.raises(NoScope):
        Workspace.current()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM workspaces_membership")
        assert cursor.fetchone() == (0,)


@pytest.mark.clause("B3.4", "X33")
def test_a_stranger_a_removed_member_and_an_unknown_handle_get_the_same_answer(cast: Cast) -> None:
    bob, stranger = signed_in(cast.bob), signed_in(cast.charlie)
    with scope(cast.here.pk):
        remove(cast.member(cast.bob).pk, by=cast.member(cast.alice))
    answers = [
        bob.get(f"/w/{cast.here.handle}/who/"),
        stranger.get(f"/w/{cast.here.handle}/who/"),
        stranger.get("/w/unknown0/who/"),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.content for answer in answers}) == 1


def test_too_low_a_role_gets_a_page_that_says_so(cast: Cast) -> None:
    answer = signed_in(cast.bob).get(f"/w/{cast.here.handle}/admins/")
    assert answer.status_code == 403
    assert b"for admins" not in answer.content
    assert "Nothing was changed" in answer.content.decode()


def test_anonymous_visitors_are_asked_to_sign_in_whatever_the_handle(cast: Cast) -> None:
    for handle in (cast.here.handle, "unknown0"):
        answer = Client().get(f"/w/{handle}/who/")
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/account/login/?next=%2Fw%2F{handle}%2Fwho%2F"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(cast: Cast) -> None:
    answer = Client().get(f"/w/{cast.here.handle}/who/", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/account/login/")


def test_what_a_failed_view_wrote_is_undone(cast: Cast) -> None:
    assert signed_in(cast.bob).get(f"/w/{cast.here.handle}/fails/").status_code == 404
    assert cast.member(cast.bob).role == Role.AGENT


def test_the_way_in_costs_four_queries(cast: Cast) -> None:
    client = signed_in(cast.bob)
    client.get(f"/w/{cast.here.handle}/who/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/w/{cast.here.handle}/who/")
    queries = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    # The fifth takes the setting back, which the end of the transaction does where there is no test around it.
    assert len(queries) <= 5, queries


def test_views_carry_their_marks() -> None:
    assert (who.access, who.least_role) == ("member", Role.VIEWER)  # type: ignore[attr-defined]
    assert admins.least_role == Role.ADMIN  # type: ignore[attr-defined]
    assert people.access == "person"  # type: ignore[attr-defined]
    assert (anybody.access, anybody.access_reason) == ("public", "a test")  # type: ignore[attr-defined]


def test_one_workspace_is_not_entered_from_within_another(cast: Cast) -> None:
    with scope(cast.elsewhere.pk), pytest.raises(Exception, match="scope"), entering(cast.here.handle, user=cast.bob):
        pass
