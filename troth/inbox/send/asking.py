"""Asks the database from the event loop: in threads, and patiently while it is away."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

import psycopg
from django.db import InterfaceError, OperationalError

RETRY_S = 0.5
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class Asking:
    """Asks questions that block, each in one of a few threads."""

    def __init__(self, threads: Executor) -> None:
        self._threads = threads

    async def once(self, question: Callable[[], Answer]) -> Answer:
        """Return the answer. Raises: whatever the question does, one of AWAY where the database cannot be reached."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, question)

    async def patiently(self, question: Callable[[], Answer]) -> Answer:
        """Return the answer, as long as it takes for the database to be there."""
        while True:
            try:
                return await self.once(question)
            except AWAY as failure:
                log.warning("send.database_away", extra={"error": type(failure).__name__})
            await asyncio.sleep(RETRY_S)
