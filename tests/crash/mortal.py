"""A running product whose every part can be killed, its database server too."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import psycopg

from config.supervise.throwaway import Cluster
from tests import postgres
from tests.live import Live

PARTS = ("web", "worker", "postgres")


class Mortal(Live):
    """See `mortal`."""

    def __init__(self, name: str, *, cluster: Cluster, environment: dict[str, str]) -> None:
        super().__init__(name, environment=environment)
        self.cluster = cluster

    def kill_part(self, part: str) -> None:
        """Kill a part with SIGKILL, with all of its processes."""
        if part == "postgres":
            self.cluster.server.kill()
        else:
            self.kill(part)

    def start_part(self, part: str) -> None:
        """Start a part again. From the main thread only."""
        if part == "postgres":
            self.cluster.server.start()
        else:
            self.start(part)

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """Look into the database as its superuser, past all walls."""
        name = self.environment["APP_DATABASE_URL"].partition("?")[0].rpartition("/")[2]
        with psycopg.connect(self.cluster.server.superuser_address(name), autocommit=True) as connection:
            yield connection


@contextmanager
def mortal(name: str, *, environment: dict[str, str] | None = None) -> Iterator[Mortal]:
    """Run the product on a server of its own, which writes to the disk as in production."""
    with Cluster(durable=True) as cluster:
        about = {"TROTH_HOME": str(cluster.home), "TROTH_TEST_SUPERUSER": cluster.server.superuser_address()}
        with mock.patch.dict(os.environ, {**about, "TROTH_ENV": "test"}):
            postgres._migrate(cluster.environment(postgres.TEMPLATE))
            live = Mortal(name, cluster=cluster, environment=environment or {})
        with live:
            yield live
