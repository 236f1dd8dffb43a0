"""What stands in each of the two houses of the ways in which a number is connected."""

from typing import TYPE_CHECKING

from troth.base.clock import now
from troth.channels.models import About, Channel, DueAlert, PhoneSync, SyncKind, SyncState
from troth.inbox.models import PastSpending

if TYPE_CHECKING:
    from tests.house.two_houses import Kept


def furnish(kept: "Kept") -> None:
    """Let the open number live in a phone app too, of which nothing was asked yet."""
    Channel.objects.filter(id=kept.ids["open channel"]).update(on_phone_app=True, connected_at=now())
    for kind in SyncKind:
        PhoneSync.objects.create(channel_id=kept.ids["open channel"], kind=kind, state=SyncState.FAILED, begun_at=now())
    DueAlert.objects.create(about=About.LIMIT)
    PastSpending.objects.create(channel_id=kept.ids["open channel"], day=now().date(), kind="regular", count=2)
