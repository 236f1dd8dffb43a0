"""The pages: who may open and press what, and that nothing changes for whoever may not."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from troth.accounts.models import QueuedMail, User
from troth.accounts.terms import current_version
from troth.accounts.tests.conftest import mailed_code, words_of
from troth.workspaces.models import Invitation, Membership, Role, Team, TeamMember, Workspace
from troth.workspaces.scope import scope
from troth.workspaces.tests.conftest import Cast, person
from troth.workspaces.tests.test_invitations import mailed_token


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(cast: Cast, path: str) -> str:
    return f"/w/{cast.here.handle}/settings/{path}"


def state(cast: Cast) -> list[Any]:
    with scope(cast.here.pk):
        return [
            Workspace.current().name,
            list(Membership.objects.order_by("id").values_list("id", "role", "removed_at")),
            list(Invitation.objects.order_by("id").values_list("id", "revoked_at", "sends")),
            list(Team.objects.order_by("id").values_list("id", "name")),
            list(TeamMember.objects.order_by("id").values_list("id")),
        ]


@pytest.fixture
def furnished(cast: Cast) -> dict[str, UUID]:
    """A team and an open invitation."""
    alice = signed_in(cast.alice)
    alice.post(at(cast, "teams/new/"), {"name": "Night shift"})
    alice.post(at(cast, "invitations/"), {"email": "eve@people.example", "role": "agent"})
    with scope(cast.here.pk):
        return {"team": Team.objects.get().pk, "invitation": Invitation.objects.get().pk}


def changes(cast: Cast, furnished: dict[str, UUID]) -> list[tuple[str, dict[str, str]]]:
    alice, team, invitation = cast.member(cast.alice).pk, furnished["team"], furnished["invitation"]
    return [
        ("name/", {"name": "Taken over"}),
        (f"members/{alice}/role/", {"role": "viewer"}),
        (f"members/{alice}/remove/", {}),
        ("invitations/", {"email": "mallory@people.example", "role": "admin"}),
        (f"invitations/{invitation}/resend/", {}),
        (f"invitations/{invitation}/revoke/", {}),
        ("teams/new/", {"name": "Mine"}),
        (f"teams/{team}/name/", {"name": "Mine"}),
        (f"teams/{team}/members/", {"members": str(cast.member(cast.bob).pk)}),
        (f"teams/{team}/delete/", {}),
    ]


def test_strangers_agents_and_the_anonymous_change_nothing(cast: Cast, furnished: dict[str, UUID]) -> None:
    before = state(cast)
    mails = QueuedMail.objects.count()
    who = {302: Client(), 403: signed_in(cast.bob), 404: signed_in(cast.charlie)}
    for path, data in changes(cast, furnished):
        for status, client in who.items():
            assert client.post(at(cast, path), data).status_code == status, path
    assert state(cast) == before
    assert QueuedMail.objects.count() == mails


def test_an_owner_does_all_of_it(cast: Cast, furnished: dict[str, UUID]) -> None:
    cast.joins(person("Olga"), Role.OWNER)
    olga = signed_in(User.objects.get(email="olga@people.example"))
    for path, data in changes(cast, furnished):
        if "resend" in path or "revoke" in path or "remove" in path:
            continue
        assert olga.post(at(cast, path), data).status_code == 302, path
    assert cast.member(cast.alice).role == Role.VIEWER


def test_everybody_sees_who_is_here_but_only_admins_see_addresses_and_invitations(
    cast: Cast, furnished: dict[str, UUID]
) -> None:
    for_agents = words_of(signed_in(cast.bob).get(at(cast, "members/")))
    assert "Alice" in for_agents
    assert cast.alice.email not in for_agents
    assert "eve@people.example" not in for_agents
    for_owners = words_of(signed_in(cast.alice).get(at(cast, "members/")))
    assert cast.bob.email in for_owners
    assert "eve@people.example" in for_owners


def test_a_name_cannot_bring_markup_into_the_page(cast: Cast) -> None:
    cast.bob.name = '<img src=x onerror="alert(1)">'
    cast.bob.save()
    page = signed_in(cast.alice).get(at(cast, "members/")).content.decode()
    assert "<img src=x" not in page


def test_the_last_owner_who_leaves_is_told_why_not(cast: Cast) -> None:
    answer = signed_in(cast.alice).post(at(cast, "members/leave/"))
    assert answer.status_code == 403
    assert "needs an owner" in words_of(answer)


@pytest.mark.clause("B3.4")
def test_whoever_leaves_is_out(cast: Cast) -> None:
    bob = signed_in(cast.bob)
    assert bob.post(at(cast, "members/leave/")).status_code == 302
    assert bob.get(at(cast, "members/")).status_code == 404
    assert bob.get("/").headers["Location"] == "/workspaces/new/"


def test_one_lands_in_the_workspace_used_last(cast: Cast) -> None:
    bob = signed_in(cast.bob)
    bob.post("/workspaces/new/", {"name": "Bob's own"})
    assert bob.get("/").headers["Location"] == f"/w/{cast.here.handle}/inbox/"
    own = re.findall(r"/w/(\w+)/inbox/", bob.get("/workspaces/").content.decode())[1]
    bob.get(f"/w/{own}/settings/")
    assert bob.get("/").headers["Location"] == f"/w/{own}/inbox/"


def test_ones_workspaces_are_listed_by_name_and_others_are_not(cast: Cast) -> None:
    for path in ("/workspaces/", "/workspaces/menu/"):
        page = signed_in(cast.bob).get(path).content.decode()
        assert "Kopi" in page
        assert "Teh" not in page


def test_signing_up_makes_the_workspace_with_the_person_as_its_owner_once_the_address_is_proven(
    db: Any,
) -> None:
    client = Client()
    client.post("/account/signup/", signup_form())
    assert not membership_count("dora@people.example")
    client.post("/account/address/", {"code": mailed_code()})
    landed = client.get("/").headers["Location"]
    assert re.fullmatch(r"/w/\w{8}/inbox/", landed)
    page = client.get(landed.replace("inbox", "settings")).content.decode()
    assert "Dora&#x27;s Bakery" in page
    client.post("/account/logout/")
    assert membership_count("dora@people.example") == 1


def signup_form(**other: str) -> dict[str, str]:
    return {
        "name": "Dora Ng",
        "email": "dora@people.example",
        "company": "Dora's Bakery",
        "password1": "correct horse battery staple",
        "birth_year": "1990",
        "terms": "on",
        "terms_version": current_version(),
        **other,
    }


def membership_count(email: str) -> int:
    from troth.workspaces.listing import places_of  # noqa: PLC0415

    return len(places_of(User.objects.get(email=email)))


def test_whoever_signs_up_by_invitation_joins_and_founds_nothing(cast: Cast) -> None:
    signed_in(cast.alice).post(at(cast, "invitations/"), {"email": "dora@people.example", "role": "viewer"})
    client = Client()
    client.get(f"/join/{mailed_token()}/", follow=True)
    form = client.get("/account/signup/").content.decode()
    assert 'name="company"' not in form
    client.post("/account/signup/", signup_form(email="somebody@else.example", role="owner"))
    dora = User.objects.get(email="dora@people.example")
    assert not User.objects.filter(email="somebody@else.example").exists()
    assert client.get("/").headers["Location"] == f"/w/{cast.here.handle}/inbox/"
    assert cast.member(dora).role == Role.VIEWER
    assert membership_count(dora.email) == 1


def test_whoever_has_an_account_joins_with_one_press(cast: Cast) -> None:
    signed_in(cast.alice).post(at(cast, "invitations/"), {"email": cast.charlie.email, "role": "agent"})
    charlie = signed_in(cast.charlie)
    page = charlie.get(f"/join/{mailed_token()}/", follow=True)
    assert "Join Kopi" in words_of(page)
    assert charlie.post("/join/accept/").headers["Location"] == f"/w/{cast.here.handle}/inbox/"
    assert cast.member(cast.charlie).role == Role.AGENT


@pytest.mark.clause("X3", "X8")
@pytest.mark.parametrize("how", ["form", "query"])
def test_whoever_accepts_gets_the_role_that_was_offered_whatever_else_the_form_says(cast: Cast, how: str) -> None:
    signed_in(cast.alice).post(at(cast, "invitations/"), {"email": cast.charlie.email, "role": "viewer"})
    charlie = signed_in(cast.charlie)
    charlie.get(f"/join/{mailed_token()}/?role=owner")
    more = {"role": "owner", "workspace": str(cast.elsewhere.pk), "user": str(cast.alice.pk), "email": cast.alice.email}
    query = "?" + "&".join(f"{name}={value}" for name, value in more.items())
    charlie.post(f"/join/accept/{query if how == 'query' else ''}", more if how == "form" else {})
    joined = cast.member(cast.charlie)
    assert (joined.role, joined.removed_at) == (Role.VIEWER, None)
    assert cast.member(cast.alice).role == Role.OWNER


def test_the_secret_of_an_invitation_does_not_stay_in_the_address(cast: Cast) -> None:
    signed_in(cast.alice).post(at(cast, "invitations/"), {"email": cast.charlie.email, "role": "agent"})
    token = mailed_token()
    answer = Client().get(f"/join/{token}/", follow=True)
    assert answer.redirect_chain == [("/join/", 302)]
    assert token not in answer.content.decode()


def test_whoever_drops_an_invitation_signs_up_for_themselves(cast: Cast) -> None:
    signed_in(cast.alice).post(at(cast, "invitations/"), {"email": "dora@people.example", "role": "agent"})
    client = Client()
    client.get(f"/join/{mailed_token()}/")
    assert 'name="company"' not in client.get("/account/signup/").content.decode()
    client.post("/join/decline/")
    assert 'name="company"' in client.get("/account/signup/").content.decode()


@pytest.mark.clause("X8")
def test_an_invitation_for_somebody_else_says_so_and_opens_nothing(cast: Cast) -> None:
    signed_in(cast.alice).post(at(cast, "invitations/"), {"email": "dora@people.example", "role": "admin"})
    charlie = signed_in(cast.charlie)
    page = charlie.get(f"/join/{mailed_token()}/", follow=True)
    assert "dora@people.example" in words_of(page)
    charlie.post("/join/accept/")
    assert membership_count(cast.charlie.email) == 1


def test_a_link_that_opens_nothing_looks_the_same_whether_it_ever_did(cast: Cast) -> None:
    signed_in(cast.alice).post(at(cast, "invitations/"), {"email": "dora@people.example", "role": "admin"})
    token = mailed_token()
    with scope(cast.here.pk):
        Invitation.objects.update(revoked_at="2026-01-01T00:00:00Z")
    closed = [Client().get(f"/join/{secret}/", follow=True) for secret in (token, "never-made")]
    assert [answer.status_code for answer in closed] == [404, 404]
    assert words_of(closed[0]) == words_of(closed[1])


@pytest.mark.clause("X8")
def test_an_admin_cannot_invite_an_owner_by_changing_the_form(cast: Cast) -> None:
    cast.joins(person("Olga"), Role.ADMIN)
    olga = signed_in(User.objects.get(email="olga@people.example"))
    answer = olga.post(at(cast, "invitations/"), {"email": "dora@people.example", "role": "owner"})
    assert answer.status_code == 422
    with scope(cast.here.pk):
        assert not Invitation.objects.exists()


def test_the_mail_of_an_invitation_holds_the_link_and_no_markup(cast: Cast) -> None:
    signed_in(cast.alice).post(at(cast, "invitations/"), {"email": "dora@people.example", "role": "agent"})
    mail = QueuedMail.objects.get()
    text = bytes(mail.message).decode()
    assert "Alice invites you to Kopi on Troth" in text
    assert "text/html" not in text
