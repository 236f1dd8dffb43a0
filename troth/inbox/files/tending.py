"""What keeps files in order, every minute: what could not be fetched or handed over is tried again, what was chosen
and never sent is forgotten, and no file outlives its row."""

import logging
from uuid import UUID

from django.db import connection

from troth.base.clock import now
from troth.base.logs import ID, declare, event
from troth.inbox.files.drafting import drop_old
from troth.inbox.files.expecting import ask_for
from troth.inbox.models import Attachment, AttachmentState
from troth.inbox.outbox import hand_over
from troth.media.clearing import clear
from troth.workspaces.scope import scope

AT_ONCE = 200

log = logging.getLogger(__name__)
declare("files.not_tended", level=logging.ERROR, workspace_id=ID)


def tend(timestamp: int = 0) -> None:
    """See to the files of all workspaces. `timestamp` is what the job queue passes to every scheduled job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT files_waiting()")
        workspaces = [row[0] for row in cursor.fetchall()]
    for workspace in workspaces:
        try:
            tend_one(workspace)
        except Exception as failure:  # noqa: BLE001  # one workspace's trouble is not the others'
            event(log, "files.not_tended", workspace_id=workspace, exc_info=failure)


def tend_one(workspace: UUID) -> None:
    """See to the files of one workspace."""
    with scope(workspace):
        drop_old()
        moving = (AttachmentState.WAITING, AttachmentState.LEAVING)
        due = Attachment.objects.filter(state__in=moving, next_attempt_at__lte=now())
        for attachment in due.order_by("next_attempt_at")[:AT_ONCE]:
            if attachment.state == AttachmentState.WAITING:
                ask_for(attachment)
            else:
                hand_over(attachment)
    clear(workspace)
