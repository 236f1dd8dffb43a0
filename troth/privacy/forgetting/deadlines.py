"""Every deadline of forgetting, and the sum that has to hold: gone everywhere, backups too, within 29 days."""

from datetime import timedelta

UNDO = timedelta(days=7)  # out of sight, and can be taken back
PURGE = timedelta(days=1)  # from the end of that until the rows are gone
BACKUPS = timedelta(days=21)  # how long the oldest backup may live that still holds them
IN_ALL = UNDO + PURGE + BACKUPS
PROMISED = timedelta(days=30)

RETENTION_SLIP = timedelta(hours=24)  # a changed rule can be taken back for so long before it acts
HOLD_MAX = timedelta(days=180)  # a legal hold ends by then unless it is renewed
