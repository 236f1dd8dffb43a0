"""What support does by itself, on time. Every job is safe to run twice."""

from troth.audit.anchors import heads
from troth.base.clock import now
from troth.support import disclosures, glass, grants, holds, mails, places
from troth.workspaces.scope import scope


def keep_promises(timestamp: int = 0) -> None:
    """Write down which grants are over, and tell owners what they are to be told by now."""
    for workspace_id, grant_id in places.grants_over(now()):
        with scope(workspace_id):
            grants.expire(grant_id)
    glass.tell_owners()
    disclosures.tell_workspaces()
    holds.tell_owners()


def mail_anchors(timestamp: int = 0) -> None:
    """Mail the head of their workspace's chain to the owners who chose that."""
    head_of = {head.workspace_id: head for head in heads()}
    for workspace_id, membership_id in places.anchor_readers():
        head = head_of.get(workspace_id)
        if head is not None:
            with scope(workspace_id):
                mails.tell_anchor(membership_id, count=head.count, hash=head.hash.hex(), at=head.at)
