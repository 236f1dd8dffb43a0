"""Two contacts that are one person are shown as one, and are two again, exactly, once somebody separates them."""

import time
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Q

from tests.cast import House, kopi
from troth.audit.models import Entry
from troth.base.ids import new_id
from troth.channels.models import Channel
from troth.contacts.consents import MARKETING, latest, say_by_member
from troth.contacts.merging import CannotMerge, group_of
from troth.contacts.models import Contact, Likeness, Merge
from troth.inbox import acts, doubles
from troth.inbox.models import Activity, Conversation, Message
from troth.inbox.outbox import say
from troth.inbox.screens.thread import thread
from troth.inbox.send import ledger
from troth.inbox.tests.arriving import said, told
from troth.inbox.tests.sending import keep_connection
from troth.inbox.views.found import Seen
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L14")]
MEI, MAY = "60111111111", "60122222222"


@pytest.fixture(autouse=True)
def _connection(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_connection(monkeypatch)


@pytest.fixture
def house() -> House:
    return kopi()


@pytest.fixture
def start(house: House) -> int:
    """Mei wrote half an hour ago, and once more from another number ten minutes ago."""
    at = int(time.time()) - 1_800
    told(house, said(house, "one", id="wamid.1", at=at, phone=MEI, name="Mei"))
    told(house, said(house, "two", id="wamid.2", at=at + 1_200, phone=MAY, name="May"))
    return at


def who(house: House, name: str = "Alice") -> Membership:
    return Membership.objects.select_related("user", "workspace").get(id=house.members[name])


def people() -> tuple[Contact, Contact]:
    return Contact.objects.get(profile_name_is("Mei")), Contact.objects.get(profile_name_is("May"))


def profile_name_is(name: str) -> Q:
    return Q(id=next(one.id for one in Contact.objects.all() if one.profile_name == name))


def state() -> list[Any]:
    """Return everything of every thread that a member could see."""
    return [
        (
            one.contact_id,
            one.folded_into_id,
            one.closed_at,
            one.unread,
            one.window_expires_at,
            one.last_message_at,
            one.last_message_id,
            one.preview,
            sorted(Message.objects.filter(conversation=one).values_list("id", flat=True)),
        )
        for one in Conversation.objects.order_by("id")
    ]


def head(house: House) -> Conversation:
    return Conversation.objects.get_queryset().heads().select_related("contact", "channel").get()


def shown(house: House, conversation: UUID) -> list[str]:
    member = who(house)
    sees = Seen(member)
    found = sees.conversation(conversation)
    channel = sees.channels[found.channel_id]
    context = thread(found, member, handle=house.handle, channel=channel, people=sees.people)
    return [item["text"] for item in context["items"] if item["type"] == "message"]


def merged(house: House) -> Merge:
    mei, may = people()
    return doubles.merge(mei.id, may.id, by=who(house))


def test_merged_people_have_one_thread_and_lose_nothing(house: House, start: int) -> None:
    with scope(house.id):
        merged(house)
        one = head(house)
        assert (one.contact.profile_name, one.unread, one.preview) == ("Mei", 2, "two")
        assert shown(house, one.id) == ["one", "two"]
        folded = Conversation.objects.exclude(id=one.id).get()
        assert shown(house, folded.id) == ["one", "two"]  # an older link leads there too
        assert [line.kind for line in Activity.objects.all()] == ["merged"]
        assert Entry.objects.filter(action="contact.merged").count() == 1
    told(house, said(house, "three", id="wamid.3", at=start + 1_300, phone=MAY))
    told(house, said(house, "four", id="wamid.4", at=start + 1_400, phone=MEI))
    with scope(house.id):
        one = head(house)
        assert (one.unread, one.preview) == (4, "four")
        assert shown(house, one.id) == ["one", "two", "three", "four"]


def test_to_separate_is_exact_with_what_came_meanwhile(house: House, start: int) -> None:
    with scope(house.id):
        before = state()
        made = merged(house)
        doubles.part(made.id, of=made.kept_id, by=who(house))
        assert state() == before
        again = merged(house)
    told(house, said(house, "three", id="wamid.3", at=start + 1_300, phone=MAY, name="May"))
    told(house, said(house, "four", id="wamid.4", at=start + 1_400, phone=MEI, name="Mei"))
    with scope(house.id):
        doubles.part(again.id, of=again.kept_id, by=who(house))
        parted = state()
        assert Likeness.objects.filter(settled_at=None).count() == 0
        assert Entry.objects.filter(action="contact.parted").count() == 2
        for row in parted:
            assert row[1] is None
            assert row[3] == 2
            assert len(row[8]) == 2
        mei, may = people()
        assert {row[0]: row[7] for row in parted} == {mei.id: "four", may.id: "three"}
        windows = {row[0]: row[4] for row in parted}
        assert (windows[mei.id] - windows[may.id]).total_seconds() == 100


def test_an_answer_goes_to_where_the_person_wrote_last(house: House, start: int) -> None:
    with scope(house.id):
        merged(house)
        one = head(house)
        once = new_id()
        sent = say(one, "hello", by=who(house), client_id=once)
        mei, may = people()
        assert sent.conversation.contact_id == may.id
        assert head(house).unread == 0
        assert head(house).preview == "hello"
        assert sorted(Conversation.objects.values_list("unread", flat=True)) == [0, 0]
        assert say(head(house), "hello", by=who(house), client_id=once).id == sent.id
    claimed = ledger.claim(house.id, house.channel, lane=1, most=5)
    assert [one.outbound.phone for one in claimed if one.outbound] == [f"+{MAY}"]
    told(house, said(house, "back", id="wamid.3", at=start + 1_500, phone=MEI))
    with scope(house.id):
        assert say(head(house), "again", by=who(house), client_id=new_id()).conversation.contact_id == mei.id


def test_closing_and_reading_are_of_the_whole_thread(house: House, start: int) -> None:
    with scope(house.id):
        merged(house)
        acts.read(head(house), up_to=Message.objects.order_by("at").last().id)  # type: ignore[union-attr]
        assert sorted(Conversation.objects.values_list("unread", flat=True)) == [0, 0]
        acts.close(head(house), by=who(house))
        assert not Conversation.objects.filter(closed_at=None).exists()
    told(house, said(house, "three", id="wamid.3", at=start + 1_300, phone=MAY))
    with scope(house.id):
        assert head(house).closed_at is None


def test_a_no_of_either_holds_for_both(house: House, start: int) -> None:
    with scope(house.id):
        mei, may = people()
        say_by_member(may.id, MARKETING, "stop", source="member")
        say_by_member(mei.id, MARKETING, "resume", source="member")
        made = merged(house)
        assert latest(mei.id, MARKETING) == latest(may.id, MARKETING) == "stop"
        doubles.part(made.id, of=mei.id, by=who(house))
        assert (latest(mei.id, MARKETING), latest(may.id, MARKETING)) == ("resume", "stop")


def test_three_merged_in_a_row_part_in_any_order(house: House, start: int) -> None:
    told(house, said(house, "third", id="wamid.9", at=start + 60, phone="60133333333", name="Ma"))
    with scope(house.id):
        mei, may = people()
        third = Contact.objects.get(profile_name_is("Ma"))
        inner = doubles.merge(may.id, third.id, by=who(house))
        outer = doubles.merge(mei.id, may.id, by=who(house))
        assert group_of(third.id) == [mei.id, *sorted([may.id, third.id])]
        assert head(house).unread == 3
        doubles.part(outer.id, of=mei.id, by=who(house))
        assert (group_of(mei.id), group_of(third.id)) == ([mei.id], [may.id, third.id])
        doubles.part(inner.id, of=may.id, by=who(house))
        assert {len(group_of(one.id)) for one in (mei, may, third)} == {1}
        assert not Conversation.objects.exclude(folded_into=None).exists()
        assert sorted(Conversation.objects.values_list("unread", flat=True)) == [1, 1, 1]


def test_what_whatsapp_names_together_is_one_thread_from_then_on(house: House) -> None:
    at = int(time.time()) - 600
    told(house, said(house, "a", id="wamid.1", at=at, phone=MEI))
    told(house, said(house, "b", id="wamid.2", at=at + 1, phone=None, bsuid="MY.B"))
    told(house, said(house, "c", id="wamid.3", at=at + 2, phone=MEI, bsuid="MY.B"))
    with scope(house.id):
        assert Contact.objects.filter(merged_into=None).count() == 1
        assert shown(house, head(house).id) == ["a", "b", "c"]
        assert [line.kind for line in Activity.objects.all()] == ["joined"]
        made = Merge.objects.get()
        doubles.part(made.id, of=made.kept_id, by=who(house))
    told(house, said(house, "d", id="wamid.4", at=at + 3, phone=MEI, bsuid="MY.B"))
    with scope(house.id):  # what a member separated stays separate
        assert Contact.objects.filter(merged_into=None).count() == 2


def test_who_may_not_see_a_channel_may_not_merge(house: House, start: int) -> None:
    with scope(house.id):
        mei, may = people()
        hidden = Channel.objects.create(kind="cloud", name="Hidden", open_to_all=False)
        Conversation.objects.create(channel=hidden, contact=may)
        with pytest.raises(CannotMerge):
            doubles.merge(mei.id, may.id, by=who(house, "Bob"))
        doubles.merge(mei.id, may.id, by=who(house, "Alice"))
