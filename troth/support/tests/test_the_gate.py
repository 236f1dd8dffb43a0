"""Staff see what a living grant names, nothing else, and nothing without an entry of it."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from tests import cast
from troth.audit.models import Entry
from troth.audit.record import open_detail
from troth.base.ids import new_id
from troth.base.registry import REGISTRY, DataClass, declare
from troth.channels.models import Channel, ChannelKind
from troth.contacts.models import Contact
from troth.inbox.models import Conversation, Message
from troth.support import gate, grants, requests, seen
from troth.support.grants import Wish
from troth.support.models import Grant, Kind, Problem
from troth.support.models.sight import Look
from troth.support.tests.conftest import NAME, TEXT, Clock, asked, behind_door, member, signed_in, staff, talk_of
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("X29")]


def page(client: Client, path: str) -> tuple[int, str]:
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def looks(house: cast.House) -> list[Entry]:
    with scope(house.id):
        return list(Entry.objects.filter(action="grant.used"))


def chosen(house: cast.House, *, names: bool = False, bodies: bool = False) -> Wish:
    return Wish(Kind.CHOSEN, conversation_ids=[talk_of(house)], names=names, bodies=bodies)


@pytest.mark.clause("A2.2c", "X1")
def test_a_request_without_a_grant_opens_nothing(kopi: cast.House, sam: Client) -> None:
    help = asked(kopi)
    for path in ("settings/", "conversations/", f"conversations/{talk_of(kopi)}/"):
        assert sam.get(f"/staff/requests/{help.pk}/{path}").status_code == 404
    assert looks(kopi) == []


@pytest.mark.clause("A2.2c")
@pytest.mark.parametrize("kind", [Kind.SETTINGS, Kind.LIST])
def test_a_grant_opens_the_one_thing_that_it_names(kind: Kind, kopi: cast.House, sam: Client) -> None:
    help = asked(kopi, Wish(kind))
    opened = {
        path: sam.get(f"/staff/requests/{help.pk}/{path}").status_code
        for path in ("settings/", "conversations/", f"conversations/{talk_of(kopi)}/")
    }
    own = {Kind.SETTINGS: "settings/", Kind.LIST: "conversations/"}[kind]
    assert opened == {path: 200 if path == own else 404 for path in opened}
    _, told = page(sam, f"/staff/requests/{help.pk}/{own}")
    assert not any(word in told for word in (NAME, "123456789", TEXT, "Main number", "Kopi", cast.TOKEN, kopi.secret))


@pytest.mark.clause("A2.2c", "A3.3")
@pytest.mark.parametrize(("names", "bodies"), [(False, False), (True, False), (False, True), (True, True)])
def test_names_and_text_show_only_where_they_were_ticked(
    names: bool, bodies: bool, kopi: cast.House, sam: Client
) -> None:
    help = asked(kopi, chosen(kopi, names=names, bodies=bodies))
    status, told = page(sam, f"/staff/requests/{help.pk}/conversations/{talk_of(kopi)}/")
    assert status == 200
    assert ((NAME in told), ("60123456789" in told), (TEXT in told)) == (names, names, bodies)


@pytest.mark.clause("A2.2b")
def test_each_look_is_an_entry_that_names_who_what_and_why(kopi: cast.House, sam: Client) -> None:
    help = asked(kopi, chosen(kopi))
    sam.get(f"/staff/requests/{help.pk}/conversations/{talk_of(kopi)}/")
    with scope(kopi.id):
        (entry,) = Entry.objects.filter(action="grant.used")
        assert (entry.actor_kind, entry.target_kind, entry.target_id) == ("staff", "conversation", talk_of(kopi))
        assert (open_detail(entry) or {})["request"] == str(help.pk)
    told = signed_in(kopi, "Alice").get(f"/w/{kopi.handle}/access-log/?kind=looks").content.decode()
    assert "Sam" in told
    assert "looked, with your permission" in told


@pytest.mark.clause("A2.2b")
def test_without_an_entry_nothing_is_shown(kopi: cast.House, sam: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    help = asked(kopi, chosen(kopi, names=True, bodies=True))
    read: list[Any] = []

    def broken(*args: Any, **options: Any) -> None:
        raise DatabaseError("no entry can be written")

    monkeypatch.setattr(gate, "record", broken)
    monkeypatch.setattr(seen, "conversation", lambda *args, **options: read.append(args))
    sam.raise_request_exception = False
    answer = sam.get(f"/staff/requests/{help.pk}/conversations/{talk_of(kopi)}/")
    assert (answer.status_code, read) == (500, [])
    assert sam.get(f"/staff/requests/{help.pk}/").status_code == 500


@pytest.mark.clause("A2.2b")
def test_the_entry_stands_before_anything_is_read(kopi: cast.House, monkeypatch: pytest.MonkeyPatch) -> None:
    help, by = asked(kopi, chosen(kopi)), new_id()
    with gate.by_grant(help.pk, Look.CONVERSATION, talk_of(kopi), by=by):
        assert Entry.objects.filter(action="grant.used", actor_id=by).count() == 1


@pytest.mark.clause("A2.2c", "A2.2b")
def test_what_is_seen_through_the_gate_can_only_be_read(kopi: cast.House) -> None:
    help = asked(kopi, chosen(kopi, names=True, bodies=True))
    with gate.by_grant(help.pk, Look.CONVERSATION, talk_of(kopi), by=new_id()):
        for act in (
            lambda: Message.objects.update(kind="x"),
            lambda: Channel.objects.update(open_to_all=False),
            lambda: Grant.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError, match="read-only"), transaction.atomic():
                act()


@pytest.mark.clause("A2.2c")
@pytest.mark.parametrize("who", ["Alice", "Amira"])
def test_stopping_holds_from_the_next_request_on(
    who: str, kopi: cast.House, sam: Client, record_property: Callable[[str, object], None]
) -> None:
    help = asked(kopi, Wish(Kind.SETTINGS))
    path = f"/staff/requests/{help.pk}/settings/"
    assert sam.get(path).status_code == 200
    with scope(kopi.id):
        grant = Grant.objects.get()
    client = signed_in(kopi, who)
    began = time.monotonic()
    assert client.post(f"/w/{kopi.handle}/help/grants/{grant.pk}/stop/").status_code == 302
    assert sam.get(path).status_code == 404
    record_property("measured:seconds until a revoked grant is over", time.monotonic() - began)
    assert len(looks(kopi)) == 1


@pytest.mark.clause("A2.2c", "X1")
def test_a_grant_ends_by_itself_within_72_hours(kopi: cast.House, clock: Clock) -> None:
    help = asked(kopi, Wish(Kind.SETTINGS, lasts=timedelta(days=30)))
    by = new_id()
    clock.passes(hours=71, minutes=59)
    with gate.by_grant(help.pk, Look.SETTINGS, by=by):
        pass
    clock.passes(minutes=1)
    with pytest.raises(gate.NoWay), gate.by_grant(help.pk, Look.SETTINGS, by=by):
        pass


@pytest.mark.clause("A2.2c")
def test_the_database_keeps_no_grant_that_lasts_longer(kopi: cast.House) -> None:
    asked(kopi, Wish(Kind.SETTINGS))
    with (
        scope(kopi.id),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE support_grant SET expires_at = expires_at + interval '1 second'")


@pytest.mark.clause("A2.2c")
@pytest.mark.parametrize("side", ["member", "staff"])
def test_closing_the_request_ends_it(side: str, kopi: cast.House, sam: Client) -> None:
    help = asked(kopi, Wish(Kind.SETTINGS))
    if side == "staff":
        assert sam.post(f"/staff/requests/{help.pk}/closure/").status_code == 302
    else:
        with scope(kopi.id):
            requests.close(help.pk, by=member(kopi, "Alice"))
    assert sam.get(f"/staff/requests/{help.pk}/settings/").status_code == 404
    assert sam.get(f"/staff/requests/{help.pk}/").status_code == 404
    with scope(kopi.id):
        requests.write(help.pk, "It is back", by=member(kopi, "Alice"))
    assert sam.get(f"/staff/requests/{help.pk}/").status_code == 200
    assert sam.get(f"/staff/requests/{help.pk}/settings/").status_code == 404


@pytest.mark.clause("A2.2c")
def test_narrowing_leaves_only_what_is_still_ticked(kopi: cast.House, sam: Client) -> None:
    help = asked(kopi, chosen(kopi, names=True, bodies=True))
    path = f"/staff/requests/{help.pk}/conversations/{talk_of(kopi)}/"
    with scope(kopi.id):
        grant = Grant.objects.get()
    signed_in(kopi, "Amira").post(
        f"/w/{kopi.handle}/help/grants/{grant.pk}/narrow/", {"conversations": [talk_of(kopi)], "names": "on"}
    )
    status, told = page(sam, path)
    assert (status, NAME in told, TEXT in told) == (200, True, False)
    with scope(kopi.id):
        smaller = Grant.objects.get(ended_at=None)
        assert smaller.expires_at == grant.expires_at
    signed_in(kopi, "Amira").post(f"/w/{kopi.handle}/help/grants/{smaller.pk}/narrow/", {"names": "on"})
    assert page(sam, path)[0] == 404


@pytest.mark.clause("A2.2c")
@pytest.mark.parametrize(
    "change",
    [
        "kind = 'settings'",
        "names = true",
        "bodies = true",
        "conversation_ids = ARRAY[id]",
        "starts_at = now()",
        "given_at = now()",
    ],
)
def test_what_a_grant_shows_never_changes(change: str, kopi: cast.House) -> None:
    asked(kopi, Wish(Kind.LIST))
    with scope(kopi.id), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE support_grant SET {change}")


@pytest.mark.clause("A2.2c")
def test_a_conversation_that_was_not_chosen_is_not_shown(kopi: cast.House, sam: Client) -> None:
    help = asked(kopi, chosen(kopi))
    with scope(kopi.id):
        person = Contact.objects.create(name="Raj")
        other = Conversation.objects.create(channel_id=kopi.channel, contact=person)
    for talk in (other.pk, new_id()):
        assert sam.get(f"/staff/requests/{help.pk}/conversations/{talk}/").status_code == 404
    assert sam.get(f"/staff/requests/{help.pk}/conversations/{talk_of_first(kopi)}/").status_code == 200


def talk_of_first(house: cast.House) -> UUID:
    with scope(house.id):
        return Conversation.objects.order_by("id").values_list("pk", flat=True)[0]


@pytest.mark.clause("A2.2c")
def test_a_chat_that_is_not_stored_cannot_be_shown(kopi: cast.House, sam: Client) -> None:
    with scope(kopi.id):
        Channel.objects.update(kind=ChannelKind.WEB)
        with pytest.raises(grants.NothingChosen):
            requests.ask(Problem.CONVERSATION, "Look", by=member(kopi, "Alice"), wish=chosen(kopi))
        Channel.objects.update(kind=ChannelKind.CLOUD)
    help = asked(kopi, chosen(kopi))
    with scope(kopi.id):
        Channel.objects.update(kind=ChannelKind.WEB)
    assert sam.get(f"/staff/requests/{help.pk}/conversations/{talk_of(kopi)}/").status_code == 404


@pytest.mark.clause("A5.3d", "A2.2c")
def test_what_comes_from_google_and_secrets_are_shown_by_no_tick(kopi: cast.House) -> None:
    with scope(kopi.id):
        channel = Channel.objects.get()
        for name, kind in REGISTRY["channels.Channel"].classes.items():
            if kind is DataClass.SECRET:
                assert seen.shown(channel, name, ticked=True) is None
        assert seen.shown(channel, "name") is None
    told = REGISTRY["channels.Channel"]
    try:
        declare("channels.Channel", subject="workspace", purpose="connect", keep="workspace", google="name")
        assert seen.shown(channel, "name", ticked=True) is None
    finally:
        REGISTRY["channels.Channel"] = told


@pytest.mark.clause("A2.2c")
def test_another_workspaces_conversation_is_not_shown_by_a_grant_of_this_one(kopi: cast.House, sam: Client) -> None:
    rival = cast.rival()
    with scope(rival.id):
        help = requests.ask(Problem.NUMBER, "Look", by=member(rival, "Charlie"), wish=Wish(Kind.SETTINGS))
        with pytest.raises(grants.NothingChosen):
            grants.give(help, chosen_by_id(talk_of_other(kopi)), by=member(rival, "Charlie"))
    assert sam.get(f"/staff/requests/{help.pk}/conversations/{talk_of(kopi)}/").status_code == 404


def talk_of_other(house: cast.House) -> UUID:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.workspace_id', true)")
        before = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('app.workspace_id', %s, true)", [str(house.id)])
        cursor.execute("SELECT id FROM inbox_conversation")
        found: UUID = cursor.fetchone()[0]
        cursor.execute("SELECT set_config('app.workspace_id', %s, true)", [before])
    return found


def chosen_by_id(id: UUID) -> Wish:
    return Wish(Kind.CHOSEN, conversation_ids=[id])


@pytest.mark.clause("A2.2b")
def test_reading_what_a_member_wrote_is_an_entry_too(kopi: cast.House) -> None:
    help = asked(kopi)
    behind_door(staff("Sia")).get(f"/staff/requests/{help.pk}/")
    with scope(kopi.id):
        assert Entry.objects.filter(action="help.read", actor_kind="staff", target_id=help.pk).count() == 1
