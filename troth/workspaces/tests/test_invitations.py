"""An invitation opens once, in time, for its address, with its role, while whoever sent it could still give that role."""

import re
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from allauth.account.models import EmailAddress

from troth.accounts.models import QueuedMail, User
from troth.base.clock import now
from troth.workspaces import invitations
from troth.workspaces.members import NotAllowed, change_role, remove
from troth.workspaces.models import Invitation, Membership, Role
from troth.workspaces.scope import scope
from troth.workspaces.tests.conftest import Cast, at_once, person

pytestmark = pytest.mark.clause("X8")


def mailed_token() -> str:
    """Return the secret in the mail that was queued last."""
    mail = QueuedMail.objects.order_by("-id").first()
    assert mail is not None
    text = bytes(mail.message).replace(b"=\n", b"").decode()
    found = re.search(r"/join/([\w-]+)/", text)
    assert found is not None
    return found[1]


def invite(cast: Cast, email: str, role: Role = Role.AGENT) -> str:
    """Let Alice invite somebody; return the secret from the mail."""
    with scope(cast.here.pk):
        invitations.invite(email, role=role, by=cast.member(cast.alice))
    return mailed_token()


def memberships_of(cast: Cast, user: User) -> list[Membership]:
    with scope(cast.here.pk):
        return list(Membership.objects.filter(user=user, removed_at=None))


def test_the_invited_person_joins_with_the_role_that_was_offered(cast: Cast) -> None:
    dora = person("Dora")
    member = invitations.accept(invite(cast, dora.email, Role.VIEWER), user=dora)
    assert [found.pk for found in memberships_of(cast, dora)] == [member.pk]
    assert member.role == Role.VIEWER


def test_an_invitation_opens_once(cast: Cast) -> None:
    dora = person("Dora")
    token = invite(cast, dora.email)
    member = invitations.accept(token, user=dora)
    with scope(cast.here.pk):
        remove(member.pk, by=cast.member(cast.alice))
    with pytest.raises(invitations.Closed):
        invitations.accept(token, user=dora)
    assert memberships_of(cast, dora) == []


def test_an_invitation_is_for_its_address_only(cast: Cast) -> None:
    token = invite(cast, "dora@people.example")
    with pytest.raises(invitations.OtherAddress):
        invitations.accept(token, user=cast.charlie)
    assert memberships_of(cast, cast.charlie) == []


def test_an_address_that_was_not_proven_opens_nothing(cast: Cast) -> None:
    dora = person("Dora")
    EmailAddress.objects.filter(user=dora).update(verified=False)
    with pytest.raises(invitations.OtherAddress):
        invitations.accept(invite(cast, dora.email), user=dora)


def test_an_invitation_closes_after_seven_days(cast: Cast) -> None:
    dora = person("Dora")
    token = invite(cast, dora.email)
    with time_machine.travel(now() + timedelta(days=7, seconds=1)), pytest.raises(invitations.Closed):
        invitations.accept(token, user=dora)


def test_a_revoked_invitation_opens_nothing(cast: Cast) -> None:
    dora = person("Dora")
    token = invite(cast, dora.email)
    with scope(cast.here.pk):
        invitations.revoke(Invitation.objects.get().pk, by=cast.member(cast.alice))
    with pytest.raises(invitations.Closed):
        invitations.accept(token, user=dora)


def test_a_secret_that_nobody_made_opens_nothing(cast: Cast) -> None:
    with pytest.raises(invitations.Closed):
        invitations.accept("never-made", user=cast.charlie)


def test_sending_again_closes_the_earlier_link(cast: Cast) -> None:
    dora = person("Dora")
    first = invite(cast, dora.email)
    with scope(cast.here.pk):
        invitations.resend(Invitation.objects.get().pk, by=cast.member(cast.alice))
    second = mailed_token()
    assert second != first
    with pytest.raises(invitations.Closed):
        invitations.accept(first, user=dora)
    invitations.accept(second, user=dora)


def test_inviting_the_same_address_again_closes_the_earlier_invitation(cast: Cast) -> None:
    dora = person("Dora")
    first = invite(cast, dora.email, Role.ADMIN)
    second = invite(cast, dora.email, Role.VIEWER)
    with pytest.raises(invitations.Closed):
        invitations.accept(first, user=dora)
    assert invitations.accept(second, user=dora).role == Role.VIEWER


def test_only_an_owner_invites_an_owner(cast: Cast) -> None:
    admin = cast.joins(person("Olga"), Role.ADMIN)
    with scope(cast.here.pk):
        with pytest.raises(NotAllowed):
            invitations.invite("dora@people.example", role=Role.OWNER, by=admin)
        assert not Invitation.objects.exists()


def test_an_agent_invites_nobody(cast: Cast) -> None:
    with scope(cast.here.pk), pytest.raises(NotAllowed):
        invitations.invite("dora@people.example", role=Role.VIEWER, by=cast.member(cast.bob))


def test_an_admin_does_not_send_an_owners_invitation_again(cast: Cast) -> None:
    invite(cast, "dora@people.example", Role.OWNER)
    admin = cast.joins(person("Olga"), Role.ADMIN)
    with scope(cast.here.pk), pytest.raises(NotAllowed):
        invitations.resend(Invitation.objects.get().pk, by=admin)


def test_an_invitation_ends_with_the_right_of_whoever_sent_it(cast: Cast) -> None:
    dora, olga = person("Dora"), person("Olga")
    admin = cast.joins(olga, Role.ADMIN)
    with scope(cast.here.pk):
        invitations.invite(dora.email, role=Role.ADMIN, by=admin)
        token = mailed_token()
        change_role(admin.pk, to=Role.AGENT, by=cast.member(cast.alice))
    with pytest.raises(invitations.Closed):
        invitations.accept(token, user=dora)


def test_whoever_is_a_member_already_stays_what_they_are(cast: Cast) -> None:
    dora = person("Dora")
    token = invite(cast, dora.email, Role.ADMIN)
    cast.joins(dora, Role.VIEWER)
    assert invitations.accept(token, user=dora).role == Role.VIEWER
    assert len(memberships_of(cast, dora)) == 1


def test_a_member_is_not_invited(cast: Cast) -> None:
    with scope(cast.here.pk), pytest.raises(NotAllowed):
        invitations.invite(cast.bob.email, role=Role.OWNER, by=cast.member(cast.alice))


def test_the_database_holds_neither_the_address_nor_the_secret_in_clear(cast: Cast) -> None:
    token = invite(cast, "dora@people.example")
    with scope(cast.here.pk):
        stored = Invitation.objects.values_list("token_hash", flat=True).get()
    assert token.encode() not in bytes(stored)
    mail = QueuedMail.objects.order_by("-id").extra(select={"raw": "message"}).values_list("raw", flat=True)[0]
    assert b"dora@people.example" not in bytes(mail)
    assert token.encode() not in bytes(mail)


@pytest.mark.clause("X27")
def test_twenty_clicks_at_once_make_one_membership(committed_cast: Cast) -> None:
    token = invite(committed_cast, committed_cast.charlie.email, Role.VIEWER)
    accept = partial(invitations.accept, token, user=committed_cast.charlie)
    came_of_it = at_once(*[accept] * 20)
    assert sum(isinstance(outcome, Membership) for outcome in came_of_it) == 1
    assert all(isinstance(outcome, Membership | invitations.Closed) for outcome in came_of_it)
    assert [member.role for member in memberships_of(committed_cast, committed_cast.charlie)] == [Role.VIEWER]
