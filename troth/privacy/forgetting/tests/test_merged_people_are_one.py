"""Whoever was merged is one person to privacy too: erased, copied and held together."""

import time

import pytest

from tests.cast import House, kopi
from troth.audit.record import Actor
from troth.base import tombstones
from troth.base.clock import now
from troth.base.ids import new_id
from troth.contacts.consents import refuses_marketing
from troth.contacts.merging import CannotMerge
from troth.contacts.models import Contact, Identity, Merge
from troth.inbox import doubles
from troth.inbox.models import Conversation, Message
from troth.inbox.tests.arriving import said, told
from troth.privacy.forgetting import restriction
from troth.privacy.forgetting.contacts import request_erasure, undo
from troth.privacy.forgetting.holds import approve, ask
from troth.privacy.forgetting.holds_in_force import contact_is_held, held_conversations
from troth.privacy.forgetting.purge import purge
from troth.privacy.models import Erasure, HeldKind
from troth.privacy.rights.exports.walk import of_contact
from troth.workspaces.models import Membership
from troth.workspaces.scope import scope

pytestmark = [pytest.mark.django_db, pytest.mark.clause("L14")]


@pytest.fixture
def house() -> House:
    made = kopi()
    at = int(time.time()) - 1_800
    told(made, said(made, "one", id="wamid.1", at=at, phone="60111111111", name="Mei"))
    told(made, said(made, "two", id="wamid.2", at=at + 60, phone="60122222222", name="May"))
    with scope(made.id):
        first, second = Contact.objects.order_by("id")
        doubles.merge(first.id, second.id, by=alice(made))
    return made


def alice(house: House) -> Membership:
    return Membership.objects.select_related("user", "workspace").get(id=house.members["Alice"])


def both() -> tuple[Contact, Contact]:
    merged = Contact.objects.exclude(merged_into=None).get()
    return Contact.objects.get(merged_into=None), merged


def test_a_hold_on_either_holds_both(house: House) -> None:
    with scope(house.id):
        kept, merged = both()
        listed = [(HeldKind.CONVERSATION, Conversation.objects.get(contact=merged).id)]
        hold = ask(listed, basis="law", reference="", review_on=now().date(), by=alice(house))
        approve(hold.id, by=Actor.staff(new_id()))
        assert len(held_conversations(kept.id)) == 2
        assert not contact_is_held(kept.id)
        hold = ask([(HeldKind.CONTACT, merged.id)], basis="law", reference="", review_on=now().date(), by=alice(house))
        approve(hold.id, by=Actor.staff(new_id()))
        assert contact_is_held(kept.id)


def test_a_copy_holds_what_came_to_both(house: House) -> None:
    with scope(house.id):
        parts = {part.label: part for part in of_contact(both()[0].id)}
        assert sum(rows.count() for rows in parts["inbox.Message"].found()) == 2
        assert sum(rows.count() for rows in parts["contacts.Identity"].found()) == 2


def test_to_erase_either_erases_both_and_to_undo_brings_both_back(house: House) -> None:
    with scope(house.id):
        kept, merged = both()
        erasure = request_erasure(merged.id, by=Actor.member(house.members["Alice"]))
        assert erasure.subject_id == kept.id
        assert not Contact.objects.filter(erasing_at=None).exists()
        with pytest.raises(CannotMerge):
            doubles.part(Merge.objects.get().id, of=kept.id, by=alice(house))
        undo(erasure.id, by=Actor.member(house.members["Alice"]))
        assert not Contact.objects.exclude(erasing_at=None).exists()
        assert not Identity.objects.exclude(valid_to=None).exists()
        doubles.part(Merge.objects.get().id, of=kept.id, by=alice(house))


def test_nothing_of_either_is_left_afterwards(house: House) -> None:
    with scope(house.id):
        kept, merged = both()
        erasure = request_erasure(kept.id, by=Actor.member(house.members["Alice"]))
        Erasure.objects.filter(id=erasure.id).update(undo_until=now())
    assert purge(erasure.id, house.id)
    with scope(house.id):
        for model in (Contact, Conversation, Message, Merge, Identity):
            assert not model.objects.exists()
    assert {kept.id, merged.id} <= {stone.subject_id for stone in tombstones.read()}


def test_disputes_and_objections_are_of_the_whole_person(house: House) -> None:
    with scope(house.id):
        kept, merged = both()
        by = Actor.member(house.members["Alice"])
        restriction.restrict(kept.id, by=by)
        assert not Contact.objects.filter(disputed_at=None).exists()
        restriction.lift(kept.id, by=by)
        assert not Contact.objects.exclude(disputed_at=None).exists()
        restriction.object_to_marketing(merged.id, by=by)
        assert refuses_marketing(kept.id)
        restriction.withdraw_objection(kept.id, by=by)
        assert not Contact.objects.exclude(objected_at=None).exists()
