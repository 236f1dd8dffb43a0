"""The job that deletes backups whose time is up, so that they go even where nobody makes new ones any more."""

import logging

from config.backup import instants
from config.backup.shelf import shelves
from config.home import home
from config.trouble import Trouble

log = logging.getLogger(__name__)


def forget_old(timestamp: int = 0) -> int:
    """Delete backups whose time is up, and return how many there were.

    `timestamp` is what the job queue passes to every scheduled job.
    """
    count = 0
    for shelf in shelves(home()).values():
        try:
            count += len(shelf.sweep(at=instants.now()))
        except (Trouble, OSError) as refusal:
            # Another account's folder, or a disk that is away: bin/backup, run by its owner, sweeps as well.
            log.warning("backups.not_swept", extra={"error": type(refusal).__name__})
    return count
