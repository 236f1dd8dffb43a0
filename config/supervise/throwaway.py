"""A database server for tests and trials: made in a temporary folder in well under a second, gone afterwards."""

import atexit
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from config.supervise.addresses import Addresses
from config.supervise.database import prepare_embedded
from config.supervise.postgres import Postgres


class Cluster:
    """One throwaway server with as many databases as wanted, each with the roles of the product.

    Start it from the main thread, which has to live as long as the server.
    """

    def __init__(self, *, durable: bool = False, settings: dict[str, str] | None = None) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="troth-"))
        self.server = Postgres(self.home, durable=durable, settings=settings)
        atexit.register(self.remove)  # a test run that breaks off removes it too

    def __enter__(self) -> Self:
        try:
            self.server.start()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def database(self, name: str, *, template: str | None = None) -> Addresses:
        """Make a database with all roles, as a copy of another one if a template is named (nobody may use it then)."""
        return prepare_embedded(self.server, database=name, template=template)

    def environment(self, name: str, *, template: str | None = None) -> dict[str, str]:
        """Make a database and return the environment variables that lead the product to it."""
        made = self.database(name, template=template)
        return {
            "TROTH_HOME": str(self.home),
            "DATABASE_URL": made.owner,
            "APP_DATABASE_URL": made.app,
            "DOOR_DATABASE_URL": made.door,
            "LISTEN_DATABASE_URL": made.listen,
        }

    def remove(self) -> None:
        """Stop the server and delete everything."""
        atexit.unregister(self.remove)
        self.server.kill()
        shutil.rmtree(self.home, ignore_errors=True)
