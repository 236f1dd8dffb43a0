"""What stands in each of the two houses of who is who."""

from typing import TYPE_CHECKING

from troth.contacts.likenesses import note_likenesses
from troth.contacts.models import Contact
from troth.inbox import doubles
from troth.inbox.models import Block, Conversation

if TYPE_CHECKING:
    from tests.house.two_houses import Kept


def furnish(kept: "Kept") -> None:
    """Add to a house, in its scope, what the addresses of this area need."""
    person = Conversation.objects.get(id=kept.ids["conversation"]).contact_id
    other = Contact.objects.create(name=kept.plant("name of a double", "channel who answer"))
    merged = Contact.objects.create(profile_name=kept.plant("name of somebody merged", "channel who answer"))
    first, second = sorted((person, other.id))
    note_likenesses({(first, second, "named_together")})
    made = doubles.merge(person, merged.id, by=kept.member("owner"))
    Block.objects.create(channel_id=kept.ids["open channel"], contact=other)
    kept.ids |= {"double": other.id, "merge": made.id}
