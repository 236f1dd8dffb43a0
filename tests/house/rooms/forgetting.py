"""What stands in each of the two houses of erasure, retention and holds."""

from datetime import timedelta
from typing import TYPE_CHECKING

from troth.audit.record import Actor
from troth.base.clock import now
from troth.contacts.models import Contact
from troth.inbox.models import Conversation
from troth.privacy.forgetting import contacts, holds, retention
from troth.privacy.models import Erasure, ErasureState, HeldKind

if TYPE_CHECKING:
    from tests.house.two_houses import Kept


def furnish(kept: "Kept") -> None:
    """Add to a house, in its scope, what the addresses of this area need."""
    by = Actor.member(kept.ids["member owner"])
    running = contacts.request_erasure(Contact.objects.create(name=kept.plant("forgotten", "admins")).id, by=by)
    done = contacts.request_erasure(Contact.objects.create().id, by=by)
    over = {"state": ErasureState.PURGED, "purged_at": now(), "backups_until": now() + timedelta(days=21)}
    Erasure.objects.filter(id=done.id).update(**over)
    thread = Conversation.objects.get(id=kept.ids["conversation"])
    asked = holds.ask(
        [(HeldKind.CONVERSATION, thread.id)],
        basis=kept.plant("basis of a hold", "admins"),
        reference=kept.plant("reference of a hold", "admins"),
        review_on=(now() + timedelta(days=30)).date(),
        by=kept.member("co-owner"),
    )
    retention.change("gaps", days=90, by=kept.member("owner"))
    kept.ids |= {"erasure": running.id, "erasure_done": done.id, "hold": asked.id}
