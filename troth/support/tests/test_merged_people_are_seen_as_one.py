"""Staff see the threads of merged people as the inbox shows them; who is told by law gets what was named, and no more."""

from uuid import UUID

import pytest
from django.test import Client

from tests import bodies, cast
from tests.deliver import deliver
from troth.base.clock import now
from troth.contacts.merging import merge
from troth.inbox.models import Conversation
from troth.support import seen
from troth.support.grants import Wish
from troth.support.models import Kind
from troth.support.tests.conftest import TEXT, asked, talk_of
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = pytest.mark.django_db
OTHER, OTHER_TEXT = "60198887766", "And this from my other phone"


@pytest.fixture
def threads(kopi: cast.House) -> tuple[UUID, UUID]:
    """Let the person write from another number, and merge the two; return the thread that shows both, and the other."""
    first = talk_of(kopi)
    message = bodies.text(OTHER_TEXT, id="wamid.OTHER", at=int(now().timestamp()), phone=OTHER)
    value = bodies.value(kopi.number_id, contacts=[bodies.contact(name="Mei Ling", phone=OTHER)], messages=[message])
    deliver(kopi, bodies.envelope(value, account=kopi.account_id))
    with scope(kopi.id):
        second = Conversation.objects.exclude(id=first).get()
        kept = Conversation.objects.get(id=first).contact_id
        merge(kept, second.contact_id, by=Membership.objects.order_by("id")[0], reason="member")
        assert Conversation.objects.get(id=second.id).folded_into_id == first
        return first, UUID(str(second.id))


def opened(kopi: cast.House, sam: Client, conversation: UUID) -> str:
    help = asked(kopi, Wish(Kind.CHOSEN, conversation_ids=[conversation], names=True, bodies=True))
    return sam.get(f"/staff/requests/{help.pk}/conversations/{conversation}/").content.decode()


def test_one_thread_is_shown_with_all_that_was_said_in_it(
    kopi: cast.House, sam: Client, threads: tuple[UUID, UUID]
) -> None:
    told = opened(kopi, sam, threads[0])
    assert TEXT in told
    assert OTHER_TEXT in told
    assert OTHER in told


def test_a_grant_of_the_thread_within_opens_no_more_than_that(
    kopi: cast.House, sam: Client, threads: tuple[UUID, UUID]
) -> None:
    told = opened(kopi, sam, threads[1])
    assert OTHER_TEXT in told
    assert TEXT not in told


def test_the_list_has_them_once_and_a_legal_demand_each(kopi: cast.House, threads: tuple[UUID, UUID]) -> None:
    with scope(kopi.id):
        assert [one.id for one in seen.conversations()] == [threads[0]]
        assert {one.id for one in seen.conversations(as_shown=False)} == set(threads)
