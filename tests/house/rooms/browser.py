"""What stands in each of the two houses of cookies, usage, mail choices and Meta's callbacks."""

from typing import TYPE_CHECKING

from troth.accounts.models import MailChoice, User
from troth.accounts.unsubscribing import unsubscribe_url
from troth.base.clock import now
from troth.inbox.digests import ASSIGNED
from troth.privacy.models import MetaRequest, UsageCount

if TYPE_CHECKING:
    from tests.house.two_houses import Kept


def furnish(kept: "Kept") -> None:
    """Add to a house, in its scope, what the addresses of this area need."""
    owner = kept.member("owner").user
    MailChoice.objects.create(user=owner, kind=ASSIGNED.key, on=True)
    kept.ids["mail off"] = unsubscribe_url(owner, ASSIGNED).rstrip("/").rpartition("/")[2]
    UsageCount.objects.create(day=now().date(), event="inbox.opened", count=3)
    MetaRequest.objects.create(kind="deletion", person_hash=b"p" * 16, request_hash=kept.id.bytes)


def refuse_mail_of(kept: "Kept") -> None:
    """Let no mail reach anybody of any house."""
    User.objects.update(mail_refused_at=now(), mail_refused_why="bounced")
