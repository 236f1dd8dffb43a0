"""Keeps the digest lane going: woken by each stored batch, looking by itself now and then."""

import logging
import threading
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from troth.ingest.digest import digest_batch

LOOK_EVERY_S = 1.0
RECONNECT_AFTER_S = 0.5
# A host that vanished has to be noticed, or we would listen for ever to nobody.
NOTICE: dict[str, Any] = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
AWAY = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)

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
                with psycopg.connect(self._address, autocommit=True, connect_timeout=3, **NOTICE) as ear:
                    ear.execute("LISTEN digest")
                    self._serve(ear)
            except (*AWAY, OSError) as away:
                log.warning("digest.database_away", extra={"error": type(away).__name__})
            except Exception:
                # Deliveries wait in the database: nothing is lost, and a later look may go better.
                log.exception("digest.lane_broke")
            connection.close()
            self._stopping.wait(RECONNECT_AFTER_S)

    def _serve(self, ear: psycopg.Connection) -> None:
        while not self._stopping.is_set():
            close_old_connections()
            while digest_batch() and not self._stopping.is_set():
                pass
            for _ in ear.notifies(timeout=LOOK_EVERY_S, stop_after=1):
                pass
