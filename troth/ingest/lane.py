"""Keeps the digest lane going: woken by each stored batch, looking by itself now and then."""

import logging
import threading
import time

import psycopg
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from troth.ingest.digest import digest_batch

LOOK_EVERY_S = 1.0
RECONNECT_AFTER_S = 0.5

log = logging.getLogger(__name__)


class DigestLane(threading.Thread):
    """A thread that digests until it is stopped."""

    def __init__(self, address: str) -> None:
        super().__init__(name="digest", daemon=True)
        self._address = address
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Ask the lane to end after its batch."""
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._address, autocommit=True, connect_timeout=3) as ear:
                    ear.execute("LISTEN digest")
                    self._serve(ear)
            except (psycopg.Error, DatabaseError, InterfaceError, OSError) as failure:
                log.warning("digest.database_away", extra={"error": type(failure).__name__})
                connection.close()
                time.sleep(RECONNECT_AFTER_S)

    def _serve(self, ear: psycopg.Connection) -> None:
        while not self._stopping.is_set():
            close_old_connections()
            while digest_batch() and not self._stopping.is_set():
                pass
            for _ in ear.notifies(timeout=LOOK_EVERY_S, stop_after=1):
                pass
