"""A request for help: who reads it, who answers, by when; what mails say; and whose yes lets staff look."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from tests import cast
from troth.audit.models import Entry
from troth.channels.models import Channel, ChannelKind
from troth.contacts.models import Contact
from troth.inbox.models import Conversation
from troth.support import grants, places
from troth.support.grants import Wish
from troth.support.jobs import keep_promises
from troth.support.models import Grant, HelpMessage, HelpRequest, Kind
from troth.support.tests.conftest import NAME, Clock, asked, member, signed_in, staff, talk_of
from troth.workspaces.models import Membership, Role
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X29")]


def form(**more: object) -> dict[str, object]:
    return {"text": "Nothing arrives since noon", "sight": "none", "hours": "72", **more}


def test_the_narrowest_sight_that_fits_is_filled_in(kopi: cast.House) -> None:
    client = signed_in(kopi, "Alice")
    chosen = {
        problem: client.get(f"/w/{kopi.handle}/help/new/{problem}/").context["form"]["sight"].value()
        for problem in ("number", "inbox", "conversation", "account", "privacy", "other")
    }
    assert chosen == {
        "number": "settings",
        "inbox": "list",
        "conversation": "chosen",
        "account": "none",
        "privacy": "none",
        "other": "none",
    }


def asked_beside(house: cast.House, who: str) -> tuple[Client, str]:
    """Open the conversation, and return where its details lead to for help."""
    client, talk = signed_in(house, who), talk_of(house)
    told = client.get(f"/w/{house.handle}/inbox/{talk}/").content.decode()
    (found,) = re.findall(r'href="([^"]*/help/new/[^"]*)"[^>]*>.*?Ask support about this conversation', told, re.DOTALL)
    return client, found


@pytest.mark.clause("A2.2c")
@pytest.mark.parametrize("who", ["Alice", "Bob", "Vera"])
def test_beside_a_conversation_help_is_asked_about_it_and_no_other(who: str, kopi: cast.House) -> None:
    talk = talk_of(kopi)
    client, path = asked_beside(kopi, who)
    with scope(kopi.id):
        other = Conversation.objects.create(channel_id=kopi.channel, contact=Contact.objects.create(name="Omar"))
    shown = client.get(path).context["form"]
    assert (shown["sight"].value(), shown["conversations"].value()) == ("chosen", [str(talk)])
    assert [shown[name].value() for name in ("names", "bodies")] == [None, None]
    assert str(other.pk) in dict(shown.fields["conversations"].choices)
    given = form(sight="chosen", conversations=[str(talk)])
    assert client.post(path, given).status_code == 302
    with scope(kopi.id):
        assert Grant.objects.get().conversation_ids == [talk]


def test_beside_a_chat_that_is_not_stored_nothing_is_ticked(kopi: cast.House) -> None:
    client, path = asked_beside(kopi, "Alice")
    with scope(kopi.id):
        Channel.objects.update(kind=ChannelKind.WEB)
    shown = client.get(path).context["form"]
    assert (shown["sight"].value(), shown["conversations"].value()) == ("none", [])


@pytest.mark.clause("B2.3")
def test_a_request_is_answered_in_its_thread(kopi: cast.House, sam: Client) -> None:
    alice = signed_in(kopi, "Alice")
    alice.post(f"/w/{kopi.handle}/help/new/number/", form())
    assert "number" in sam.get("/staff/").content.decode()
    with scope(kopi.id):
        help = HelpRequest.objects.get()
    assert "since noon" in sam.get(f"/staff/requests/{help.pk}/").content.decode()
    sam.post(f"/staff/requests/{help.pk}/answer/", {"text": "Please check the token"})
    told = alice.get(f"/w/{kopi.handle}/help/{help.pk}/").content.decode()
    assert "Please check the token" in told
    assert "Answered" in told
    alice.post(f"/w/{kopi.handle}/help/{help.pk}/messages/", {"text": "I did"})
    with scope(kopi.id):
        assert HelpRequest.objects.get().state == "open"
        assert HelpMessage.objects.count() == 3


@pytest.mark.clause("B2.3")
def test_the_queue_shows_first_what_is_due_first(kopi: cast.House, clock: Clock) -> None:
    first = asked(kopi)
    clock.passes(hours=2)
    second = asked(kopi)
    waiting = places.requests_waiting(clock.at)
    assert [one.request_id for one in waiting] == [first.pk, second.pk]
    assert waiting[0].due_at == clock.at + timedelta(hours=22)


@pytest.mark.clause("B2.3")
def test_mails_say_that_there_is_something_and_where_and_nothing_else(kopi: cast.House, sam: Client) -> None:
    help = asked(kopi)
    sam.post(f"/staff/requests/{help.pk}/answer/", {"text": "Please check the token"})
    to_staff, to_member = mail.outbox
    assert (to_staff.to, to_member.to) == (["sam@example.test"], [kopi.users["Alice"].email])
    for sent in (to_staff, to_member):
        assert str(help.pk) in sent.body
        said = sent.subject + str(sent.body)
        assert not any(word in said for word in ("Nothing arrives", "check the token", "Kopi", "Alice", "Sam", NAME))


@pytest.mark.clause("B2.3")
def test_a_request_is_its_askers_and_the_admins(kopi: cast.House) -> None:
    help = asked(kopi, by="Vera")
    path = f"/w/{kopi.handle}/help/{help.pk}/"
    assert {who: signed_in(kopi, who).get(path).status_code for who in ("Vera", "Alice", "Amira", "Bob")} == {
        "Vera": 200,
        "Alice": 200,
        "Amira": 200,
        "Bob": 404,
    }
    assert signed_in(kopi, "Bob").post(f"{path}messages/", {"text": "x"}).status_code == 404


@pytest.mark.clause("A2.2c")
def test_what_an_agent_wants_to_show_waits_for_an_admin(kopi: cast.House, sam: Client) -> None:
    bob = signed_in(kopi, "Bob")
    bob.post(f"/w/{kopi.handle}/help/new/number/", form(sight="settings"))
    with scope(kopi.id):
        grant = Grant.objects.get()
    look = f"/staff/requests/{grant.request_id}/settings/"
    assert sam.get(look).status_code == 404
    approve = f"/w/{kopi.handle}/help/grants/{grant.pk}/approval/"
    assert bob.post(approve).status_code == 403
    assert signed_in(kopi, "Amira").post(approve).status_code == 302
    assert sam.get(look).status_code == 200


@pytest.mark.clause("A2.2c")
def test_asked_first_only_an_owners_yes_lets_staff_look(kopi: cast.House, sam: Client) -> None:
    signed_in(kopi, "Alice").post(f"/w/{kopi.handle}/help/ask-first/", {"ask_first": "on"})
    signed_in(kopi, "Amira").post(f"/w/{kopi.handle}/help/new/number/", form(sight="settings"))
    with scope(kopi.id):
        grant = Grant.objects.get()
    look, approve = (
        f"/staff/requests/{grant.request_id}/settings/",
        f"/w/{kopi.handle}/help/grants/{grant.pk}/approval/",
    )
    assert sam.get(look).status_code == 404
    assert signed_in(kopi, "Amira").post(approve).status_code == 404
    assert "Read and decide" in signed_in(kopi, "Alice").get(f"/w/{kopi.handle}/inbox/").content.decode()
    assert signed_in(kopi, "Alice").post(approve).status_code == 302
    assert sam.get(look).status_code == 200


@pytest.mark.clause("A2.2c")
def test_nobody_shows_a_conversation_that_is_hidden_from_them(kopi: cast.House) -> None:
    with scope(kopi.id):
        Channel.objects.update(open_to_all=False)
        help = HelpRequest.objects.create(problem="other", asked_by=member(kopi, "Bob"))
        with pytest.raises(grants.NothingChosen):
            grants.give(help, Wish(Kind.CHOSEN, conversation_ids=[talk_of(kopi)]), by=member(kopi, "Bob"))
        with pytest.raises(grants.NotYours):
            grants.give(help, Wish(Kind.LIST), by=member(kopi, "Vera"))


@pytest.mark.clause("A2.2c")
def test_the_banner_stands_on_every_page_while_staff_may_look(kopi: cast.House) -> None:
    asked(kopi, Wish(Kind.SETTINGS))
    for who, stops in (("Alice", True), ("Amira", True), ("Bob", False)):
        for path in ("inbox/", "settings/", "channels/", "help/"):
            told = signed_in(kopi, who).get(f"/w/{kopi.handle}/{path}").content.decode()
            assert "Support may look at" in told, (who, path)
            assert ("Stop now" in told) == stops, (who, path)
    with scope(kopi.id):
        grants.stop(Grant.objects.get().pk, by=member(kopi, "Alice"))
    assert "Support may look" not in signed_in(kopi, "Bob").get(f"/w/{kopi.handle}/inbox/").content.decode()


@pytest.mark.clause("A2.2c")
def test_every_change_of_a_grant_is_an_entry(kopi: cast.House, clock: Clock) -> None:
    asked(kopi, Wish(Kind.SETTINGS))
    clock.passes(hours=73)
    keep_promises()
    keep_promises()
    with scope(kopi.id):
        actions = list(Entry.objects.order_by("number").values_list("action", flat=True))
    assert [one for one in actions if one.startswith("grant")] == ["grant.given", "grant.expired"]


@pytest.mark.clause("A2.2c")
def test_staff_cannot_ask_for_a_workspace_that_they_are_not_in(kopi: cast.House) -> None:
    """X29: a request comes from a member; nobody else can make one, reuse one or change what it shows."""
    user = staff("Sam")
    client = Client()
    client.force_login(user, backend="troth.accounts.backend.Backend")
    assert client.post(f"/w/{kopi.handle}/help/new/number/", form(sight="settings")).status_code == 404
    with scope(kopi.id):
        assert not HelpRequest.objects.exists()
        outsider = Membership(user=user, role=Role.OWNER, workspace_id=kopi.id)
        with pytest.raises(grants.NotYours):
            grants.give(asked(kopi), Wish(Kind.SETTINGS), by=Membership(role=Role.VIEWER, workspace_id=kopi.id))
        assert outsider.pk not in kopi.members.values()
