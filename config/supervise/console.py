"""A Python console inside the product, or any management command. This is what `bin/console` becomes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from config.home import CHECKOUT, home
from config.supervise.database import prepare_embedded
from config.supervise.postgres import Postgres
from config.supervise.restored import refuse_unfinished
from config.trouble import Trouble


def main(arguments: list[str]) -> int:
    """Run `django <arguments>`, or its shell, with the database at hand. Returns its exit code."""
    told = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(CHECKOUT)}
    told.setdefault("TROTH_ENV", "development")
    refuse_unfinished(home())
    with database_at_hand():
        command = [sys.executable, "-P", "-m", "django", *(arguments or ["shell"])]
        return subprocess.run(command, env=told, check=False).returncode


@contextmanager
def database_at_hand() -> Iterator[None]:
    """Use the database that runs already, or start ours for as long as it is needed."""
    server = Postgres(home())
    if os.environ.get("DATABASE_URL") or server.is_running_elsewhere():
        yield
        return
    server.start()
    try:
        prepare_embedded(server)
        yield
    finally:
        server.stop()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Trouble as trouble:
        sys.exit(str(trouble))
